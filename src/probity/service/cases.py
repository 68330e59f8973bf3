"""Cases in daily use: one act after the other, each decided under the ledger's lock on what the file says then.

Whoever acts hands in a command document; what follows from it is decided by :mod:`probity.procedures.listing` and
stated here, all of it or nothing. Two officers at once take turns, and the second meets what the first did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from probity import dossier, ledger
from probity.errors import InputError, NotRegisteredError, ProcedureError
from probity.ledger import REGISTER, Draft, Statement
from probity.procedures import (
    Contact,
    Deadline,
    Means,
    NotItsOrganisations,
    Verdict,
    calendar_of,
    concerned,
    dissolved_on,
    evaluate,
    require,
    rule_of,
    store,
)
from probity.procedures.listing import (
    Circumstances,
    Listing,
    acts,
    begin,
    cases_of,
    command_of,
    decide,
    drafts,
    due_now,
    evolve,
    find,
)
from probity.rulebook import Law, ListRule, Status
from probity.service import acts as statements
from probity.service.subjects import subject_of
from probity.service.wiring import day_of_act

CONTACT = "register.contact"
"""The item under which an organisation registers where documents reach it."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an act brought about: the case as it stands now, the ids of the statements, the numbers of the
    documents that were issued, and what is due next."""

    case: str
    phase: str
    position: int
    statements: tuple[str, ...]
    documents: tuple[str, ...]
    due: tuple[Deadline, ...]


def act(document: Mapping[str, object], law: Law, *, source: str, on: date | None = None) -> Receipt:
    """Carry out a command document, in one transaction, and give its receipt.

    ``on`` is the day on which it is done: only a case about a made-up organisation can be played on another day
    than today. ``seen`` in the document, where it is there, is the position of the case that the officer has
    looked at: if the case has moved since, nothing is done. Raises InputError (the document), NotFoundError,
    ProcedureError (the act is not allowed as things stand), CharterError.
    """
    said = dict(document)
    seen = _seen(said.pop("seen", None))
    command = command_of(said)
    with ledger.writing():
        if isinstance(command, acts.Find):
            new = _New(*(_named(said, name) for name in ("list", "subject", "authority")))
            return _found(command, new, law, source, on)
        return _next(_named(said, "case"), command, law, source, on, seen)


@dataclass(frozen=True, slots=True)
class _New:
    """What a case will be about."""

    list: str
    subject: str
    authority: str


def _found(command: acts.Find, new: _New, law: Law, source: str, on: date | None) -> Receipt:
    new = replace(new, subject=subject_of(new.subject, law))  # a person's code is refused as such (charter 1)
    generated = dossier.is_generated(new.subject)
    day = day_of_act(new.subject, generated, on)
    rule = law.list(new.list, day)
    require(rule.concerns([new.subject.partition(":")[0]]), NotItsOrganisations(new.list, rule.schemes))
    dossier.open_file(new.subject, law, true_on=day)  # whoever is not in the register has no case
    now = circumstances(new.subject, rule, law, day)
    event = find(command, new.authority, now)
    case = begin(store.number_for(event.authority, new.list, day.year), new.list, new.subject, event)
    said = drafts(case, event, rule=rule, entry=None)
    return _receipt(case, (), said, rule, law, source, generated)


def _next(number: str, command: acts.Command, law: Law, source: str, on: date | None, seen: int | None) -> Receipt:
    row = store.kept_case(number)
    if seen is not None and row.position != seen:
        raise ProcedureError(
            f"case {number} has moved on since it was looked at (position {row.position}, not {seen})",
            rule="charter 3",
            remedy="Look at it again (probity case show), then act.",
        )
    case = store.case(number, law)
    rule = rule_of(case, law)
    day = day_of_act(case.subject, row.generated, on)
    established = command.established if isinstance(command, acts.Propose) else ()
    if case.proposed is not None:
        established = case.proposed.established
    now = circumstances(case.subject, rule, law, day, case=case, established=established)
    events = decide(case, command, now)
    moved, said = stated(case, events, rule, entry_of(case))
    return _receipt(moved, events, said, rule, law, source, row.generated)


def _receipt(
    case: Listing,
    events: Sequence[acts.Event],
    said: Sequence[Draft],
    rule: ListRule,
    law: Law,
    source: str,
    generated: bool,
) -> Receipt:
    receipt = statements.record(said, law, source=source, generated=generated)
    return Receipt(
        case=case.number,
        phase=case.phase,
        position=store.kept_case(case.number).position,
        statements=tuple(receipt["statements"]),
        documents=tuple(document for each in events if (document := getattr(each, "document", None))),
        due=due_now(case, rule, calendar_of(rule, law)),
    )


def stated(
    case: Listing, events: Sequence[acts.Event], rule: ListRule, entry: Statement | None
) -> tuple[Listing, tuple[Draft, ...]]:
    """The case after ``events``, and the drafts that state them; ``entry`` is what speaks now of its entry."""
    said: list[Draft] = []
    for event in events:
        case = evolve(case, event)
        said += drafts(case, event, rule=rule, entry=entry)
    return case, tuple(said)


def entry_of(case: Listing, of: Sequence[Statement] | None = None) -> Statement | None:
    """The statement that speaks now of the entry of a case (among those of its organisation); None before it."""
    if case.entered is None:
        return None
    mine = ledger.statements([case.subject]) if of is None else of
    steps = set(acts.ITEMS.values())
    return next(
        (each for each in reversed(mine) if each.attributes.get("case") == case.number and each.item not in steps),
        None,
    )


# -- the circumstances -------------------------------------------------------------------------------------


def circumstances(
    subject: str,
    rule: ListRule,
    law: Law,
    day: date,
    *,
    case: Listing | None = None,
    established: Sequence[str] = (),
) -> Circumstances:
    """Everything that the procedure must know of an organisation on ``day``, as it stands in the ledger."""
    calendar = calendar_of(rule, law)
    mine = ledger.statements([subject])
    records = dossier.records_of(mine, law, day)
    others = tuple(
        each
        for each in cases_of(mine, law)
        if each.list == rule.list and (case is None or each.number != case.number)
    )
    return Circumstances(
        today=day,
        rule=rule,
        law=law,
        calendar=calendar,
        verdicts=verdicts(subject, rule, records, law, day, established),
        others=others,
        contacts=contacts(subject, records, law, day),
        dissolved_on=dissolved_on(records, law),
    )


def verdicts(
    subject: str,
    rule: ListRule,
    records: Sequence[dossier.Record],
    law: Law,
    day: date,
    established: Sequence[str] = (),
) -> Mapping[str, Verdict]:
    """How each criterion of a list stands in the file, with what has delivered, and the lists that it is on."""
    asked = {item for criterion in rule.criteria for each in criterion.requires.records() for item in each.items}
    delivered = ledger.delivered(ledger.head(), asked | concerned(law).lists)
    held = {(each.list, each.kind) for each in store.entries_of([subject], day)}
    return evaluate(
        rule, records, law, day, delivered=delivered, held=sorted(held), established=tuple(established)
    )


def contacts(subject: str, records: Sequence[dossier.Record], law: Law, day: date) -> tuple[Contact, ...]:
    """Whom documents for an organisation reach (F1): itself, its registered contacts, the parent of a branch."""
    found = [Contact("organisation", subject, Means.PORTAL)]
    registered = [each for each in reversed(records) if each.item == CONTACT and each.status == Status.ACTIVE]
    for number, record in enumerate((each for each in registered if not each.ended(day)), 1):
        means = Means(str(record.attributes.get("means") or Means.POST.value))
        found.append(Contact(f"contact-{number}", subject, means))
    try:
        relations = dossier.open_file(subject, law, true_on=day).relations
    except NotRegisteredError:
        relations = ()
    above = {each.subject for each in relations if each.relation == ("branch" if each.inverse else "parent")}
    for number, parent in enumerate(sorted(above), 1):
        found.append(Contact("parent" if number == 1 else f"parent-{number}", parent, Means.PORTAL))
    return tuple(found)


# -- what was handed in ------------------------------------------------------------------------------------


def _named(said: Mapping[str, object], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value or value == REGISTER:
        raise InputError(
            f"the command does not say {name}",
            where=name,
            remedy="A finding names list, subject, authority and criterion; everything else names its case.",
        )
    return value


def _seen(value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise InputError("seen is the position of the case, a whole number", where="seen", remedy="Leave it out.")
