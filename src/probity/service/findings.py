"""What software notices: organisations whose records may meet a criterion of a list. It only drafts (charter 3).

A finding says what was seen and nothing more. Somebody has to look, and to propose; until then nothing follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from probity import dossier, ledger
from probity.errors import InputError, ProcedureError
from probity.procedures import Verdict, calendar_of, store
from probity.procedures.listing import acts, find
from probity.rulebook import Criterion, Law, ListRule
from probity.service.cases import Receipt, act, circumstances, verdicts
from probity.service.wiring import days

Told = Callable[[int, int], None]
"""Is told how many organisations were looked at, of how many."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A criterion that the records of an organisation meet (``state``: met), would meet if a person established
    what no record says (possible), or come near to (near)."""

    subject: str
    list: str
    authority: str
    criterion: str
    state: str
    evidence: tuple[str, ...]
    missing: tuple[str, ...]
    facts: str

    def document(self) -> dict[str, object]:
        """The command that keeps it as a case."""
        return {
            "act": "find",
            "list": self.list,
            "subject": self.subject,
            "authority": self.authority,
            "criterion": self.criterion,
            "facts": self.facts,
        }


def findings(
    list_: str, law: Law, *, authority: str | None = None, on: date | None = None, told: Told | None = None
) -> Iterator[Finding]:
    """Look through the organisations of which there are records that a criterion of the list asks for.

    Left out is whoever is on the list, is the subject of an open case about it, or was decided on for the same
    records. ``authority`` conducts the cases (None: the first that the list names), ``on`` is the day that is
    meant (None: today, or the one to which a scheme is fixed). Raises NotFoundError.
    """
    rule = law.list(list_, on or days().today)
    calendar_of(rule, law)
    noticed = [criterion for criterion in rule.criteria if criterion.requires.records()]
    if not noticed:
        raise InputError(
            f"no record says whether a criterion of {list_} is met: a person establishes all of them",
            where=list_,
            remedy="Find such a case by hand (probity case act, with act: find).",
        )
    items = {item for criterion in noticed for each in criterion.requires.records() for item in each.items}
    done, total = 0, store.count_subjects(sorted(items))
    for some in store.subjects_with(sorted(items)):
        yield from _among(some, rule, noticed, law, authority or rule.authorities[0], on)
        done += len(some)
        if told:
            told(done, total)


def keep(finding: Finding, law: Law) -> Receipt:
    """Keep a finding as a case: a draft on the desk of its authority."""
    return act(finding.document(), law, source="noticed by software")


def _among(
    some: list[str], rule: ListRule, noticed: list[Criterion], law: Law, authority: str, on: date | None
) -> Iterator[Finding]:
    for subject, mine in ledger.by_subject(some).items():
        day = on or days().of(subject)
        records = dossier.records_of(mine, law, day)
        said = verdicts(subject, rule, records, law, day)
        for criterion in noticed:
            verdict = said[criterion.criterion]
            if (state := _state(verdict)) and _new(subject, verdict, rule, law, day, authority):
                yield Finding(
                    subject=subject,
                    list=rule.list,
                    authority=authority,
                    criterion=verdict.criterion,
                    state=state,
                    evidence=verdict.records,
                    missing=verdict.missing,
                    facts="; ".join(verdict.why),
                )
                break


def _state(verdict: Verdict) -> str | None:
    if not verdict.records:
        return None
    if verdict.met:
        return "met"
    return "possible" if verdict.possible else "near" if verdict.near else None


def _new(subject: str, verdict: Verdict, rule: ListRule, law: Law, day: date, authority: str) -> bool:
    """Whether a case could begin with it."""
    if any(entry.list == rule.list for entry in store.entries_of([subject], day)):
        return False
    try:
        find(
            acts.Find(criterion=verdict.criterion, facts="; ".join(verdict.why)),
            authority,
            circumstances(subject, rule, law, day),
        )
    except ProcedureError:
        return False
    return True
