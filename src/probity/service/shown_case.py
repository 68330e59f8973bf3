"""A case as an officer sees it: what happened by which rule, what is due, what can be done next and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date

from probity.canon import Plain
from probity.clock import Calendar, NotAnnounced
from probity.errors import NotFoundError
from probity.procedures import Deadline, KeptCase, calendar_of, rule_of, store
from probity.procedures.listing import BRINGS, TRANSITIONS, Listing, Phase, acts, due_now
from probity.rulebook import Law, ListRule
from probity.service.documents import text_of


@dataclass(frozen=True, slots=True)
class Happened:
    """An event: the day, what it was, the agency (None: software, or the organisation), and its rule."""

    on: date
    what: str
    by: str | None
    document: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class Possible:
    """An act that fits where the case stands, and who may take it. The procedure asks more when it is taken."""

    act: str
    by: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything that is shown of a case."""

    kept: KeptCase
    timeline: tuple[Happened, ...]
    due: tuple[Deadline, ...]
    next: tuple[Possible, ...]


def case_page(number: str, law: Law) -> CasePage:
    """The case of that number, replayed from the ledger. Raises NotFoundError."""
    kept, case = store.kept_case(number), store.case(number, law)
    rule = rule_of(case, law)
    calendar: Calendar = calendar_of(rule, law)
    timeline = tuple(
        Happened(
            on=event.on,
            what=_name(type(event)),
            by=event.by.agency if event.by else ("the organisation" if isinstance(event, acts.Replied) else None),
            document=getattr(event, "document", None),
            rule=_rule(event, rule),
        )
        for event in case.events
    )
    return CasePage(kept, timeline, due_now(case, rule, calendar), tuple(_possible(case)))


def case_document(number: str, doc: str, language: str, law: Law) -> str:
    """The text of a document that the case issued: by its whole number, or by what follows that of the case."""
    case = store.case(number, law)
    whole = doc if doc.startswith(f"{number}-") else f"{number}-{doc}"
    issued = [found for event in case.events if (found := getattr(event, "document", None))]
    if whole not in issued:
        raise NotFoundError(
            f"the case has issued no document {doc!r}",
            where=number,
            remedy=f"It has issued: {', '.join(issued) or 'none'}.",
        )
    return text_of(case, whole, law, language)


# -- rules -------------------------------------------------------------------------------------------------

_RULES: dict[type[acts.Event], str] = {
    acts.Found: "R4.3, charter 3",
    acts.Warned: "R4.20",
    acts.Consented: "R4.5",
    acts.Refused: "R4.5",
    acts.Notified: "R4.6, F1",
    acts.Delivered: "F1, charter 4",
    acts.Undelivered: "F1",
    acts.Announced: "F1",
    acts.Opened: "R4.7, charter 4",
    acts.Replied: "R4.6",
    acts.Admitted: "R4.7",
    acts.Heard: "R8.8",
    acts.Dismissed: "charter 3",
    acts.Withdrawn: "charter 3",
    acts.Dissolved: "charter 5",
    acts.Assigned: "charter 3, F24",
    acts.Recused: "charter 3, F24",
    acts.Suspended: "charter 4",
    acts.Resumed: "charter 4",
    acts.RemovalProposed: "R4.6, F29",
}


def _rule(event: acts.Event, rule: ListRule) -> str:
    """The provision by which it happened."""
    match event:
        case acts.Entered(basis=basis):
            return basis
        case acts.Lapsed(rule=of):
            return of
        case acts.Ended():
            return rule.leaving.basis if rule.leaving else rule.basis
        case acts.Proposed():
            return rule.basis
    return _RULES[type(event)]


# -- next --------------------------------------------------------------------------------------------------


def _possible(case: Listing) -> Iterator[Possible]:
    for command, (event, *_) in BRINGS.items():
        if case.phase in TRANSITIONS[event] and command is not acts.Tick and _makes_sense(case, command):
            yield Possible(_name(command), _who(case, command))


def _makes_sense(case: Listing, command: type[acts.Command]) -> bool:
    """Whether it is about anything, as the case stands."""
    say, agrees = case.say, case.proposed.consent_from if case.proposed else None
    if command in (acts.Consent, acts.Refuse):
        return agrees is not None and case.consented is None
    if command is acts.Notify:
        return agrees is None or case.consented is not None
    if command is acts.AdmitLate:
        return say is not None and say.undecided is not None
    if command is acts.Hear:
        return say is not None and say.hearing_asked and say.heard is None
    if command in (acts.Suspend, acts.Resume):
        return case.paused is (command is acts.Resume)
    if command is acts.Propose:
        return not case.found.near
    return True


def _who(case: Listing, command: type[acts.Command]) -> str:
    if command is acts.Reply:
        return "the organisation"
    if command in (acts.Consent, acts.Refuse) and case.proposed is not None:
        return str(case.proposed.consent_from)
    if command in (acts.Enter, acts.Hear, acts.AdmitLate) or (
        command is acts.Dismiss or (command is acts.Remove and case.phase is Phase.REMOVAL_OPEN)
    ):
        return f"{case.authority}, an officer other than the one who proposed"
    return case.authority


def _name(kind: type) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in kind.__name__).lstrip("-")


# -- for machines ------------------------------------------------------------------------------------------


def plain(kept: KeptCase) -> dict[str, Plain]:
    """A case as it is kept, for machines."""
    values = {field.name: getattr(kept, field.name) for field in fields(kept)}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def due_as_json(due: Deadline) -> dict[str, Plain]:
    """A deadline for machines: ``due`` is null while the clock stands still or a year is not announced, and
    ``earliest`` is then the first day that it can be."""
    return {
        "what": due.what,
        "whose": due.whose,
        "due": due.due.isoformat() if isinstance(due.due, date) else None,
        "earliest": due.due.earliest.isoformat() if isinstance(due.due, NotAnnounced) else None,
        "stands_still": due.due is None,
        "rule": due.rule,
        "closes": due.closes,
    }


def as_json(page: CasePage) -> dict[str, Plain]:
    """The whole page for machines."""
    return {
        **plain(page.kept),
        "timeline": [
            {
                "on": each.on.isoformat(),
                "what": each.what,
                "by": each.by,
                "document": each.document,
                "rule": each.rule,
            }
            for each in page.timeline
        ],
        "due": [due_as_json(each) for each in page.due],
        "next": [{"act": each.act, "by": each.by} for each in page.next],
    }
