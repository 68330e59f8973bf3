"""Events as statements and back, and commands as they are written in a file.

An event's agency is the issuer (the register, where software noted it or the organisation spoke), its day is
``valid_from``, its officer an attribute that is never shown, and its other fields are attributes by their names.
The decision to list is stated under the list's own record, so that it is the entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError

from probity.errors import InputError, LedgerError
from probity.ledger import Act, Draft, Statement, Value
from probity.procedures.listing import acts
from probity.procedures.listing.acts import ITEMS, Command, Event, Ground
from probity.procedures.listing.case import Listing, begin, evolve
from probity.procedures.model import Contact, Officer
from probity.rulebook import Law, ListRule

REGISTRY = "registry"
"""Who states what software noted and what the organisation said."""

ENTRY_FIELDS = MappingProxyType({"document": "decision_number", "reasons": "reason", "basis": "legal_basis"})
"""The fields of a decision to list that bear another name in the record; ``until`` is its ``valid_to``."""

EVENTS = MappingProxyType({item: kind for kind, item in ITEMS.items()})
"""The event of each item."""

_OF_THE_STATEMENT = ("on", "by")


# -- events ------------------------------------------------------------------------------------------------


def drafts(case: Listing, event: Event, *, rule: ListRule, entry: Statement | None = None) -> tuple[Draft, ...]:
    """What is stated when ``event`` happens; ``case`` is the case after it, ``rule`` its list.

    ``entry`` is the statement that speaks for the entry now, needed when it ends: by performance or revocation it
    ends with the day before, at dissolution too; by correction or court it is withdrawn; by expiry nothing more is
    said, for the entry bears its own end. Raises LedgerError where it is needed and missing.
    """
    officer = {"officer": event.by.id} if event.by else {}
    said: dict[str, Value] = {"case": case.number, "list": case.list, **officer, **_attributes(event)}
    draft = Draft(
        subject=case.subject,
        item=rule.record if isinstance(event, acts.Entered) else ITEMS[type(event)],
        issuer=event.by.agency if event.by else REGISTRY,
        reference=f"{case.number}#{len(case.events)}",
        valid_from=event.on,
        valid_to=event.until if isinstance(event, acts.Entered) else None,
        attributes={name: value for name, value in said.items() if value is not None},
    )
    if isinstance(event, acts.Ended) and event.ground is not Ground.EXPIRY:
        return (draft, _ends(case, event, entry))
    return (draft,)


def _ends(case: Listing, event: acts.Ended, entry: Statement | None) -> Draft:
    if entry is None:
        raise LedgerError(
            "its entry is not at hand", where=case.number, remedy="Give the statement that speaks for the entry."
        )
    withdrawn = event.ground in (Ground.CORRECTION, Ground.COURT)
    last = max(entry.valid_from, event.on - timedelta(days=1))
    return Draft(
        subject=entry.subject,
        item=entry.item,
        issuer=entry.issuer,
        reference=entry.reference,
        valid_from=entry.valid_from,
        valid_to=None if withdrawn else min(last, entry.valid_to or last),
        attributes={} if withdrawn else entry.attributes,
        act=Act.WITHDRAW if withdrawn else Act.CORRECT,
        target=entry.id,
    )


def _attributes(event: Event) -> dict[str, Value]:
    names = ENTRY_FIELDS if isinstance(event, acts.Entered) else {}
    left = (*_OF_THE_STATEMENT, "until") if isinstance(event, acts.Entered) else _OF_THE_STATEMENT
    return {
        names.get(field.name, field.name): _value(getattr(event, field.name))
        for field in fields(event)
        if field.name not in left
    }


def _value(value: object) -> Value:
    if isinstance(value, tuple):
        return "\n".join(map(str, value)) or None
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int) else str(value)


def event_of(statement: Statement, not_before: date | None = None) -> Event:
    """The event that a statement states; on the day when it was done, and never before the one ``not_before``.

    What was put on record more than a day after the day that it bears counts from the day of the record: nothing
    gets shorter by back-dating (charter 4). Raises LedgerError for what no event says.
    """
    kind = EVENTS.get(statement.item, acts.Entered)
    names = ENTRY_FIELDS if kind is acts.Entered else {}
    said = statement.attributes
    given: dict[str, object] = {
        name: _read(said.get(names.get(name, name)), shape)
        for name, shape in _shape(kind.__name__).items()
        if name not in _OF_THE_STATEMENT
    }
    if kind is acts.Entered:
        given["until"] = statement.valid_to
    officer = said.get("officer")
    by = Officer(statement.issuer, officer) if isinstance(officer, str) else None
    day = _day(statement)
    on = max(day, not_before) if not_before else day
    try:
        event: Event = _adapter(kind.__name__).validate_python({**given, "on": on, "by": by})
    except ValidationError as error:
        raise LedgerError(
            f"{statement.item} does not say what it must: {_faults(error)}",
            where=statement.reference,
            remedy="Nobody but the procedure states such a thing; run probity fsck.",
        ) from error
    return event


def _day(statement: Statement) -> date:
    recorded = statement.recorded_at.astimezone(UTC).date()
    late = recorded - statement.valid_from > timedelta(days=1)
    return recorded if late and not statement.generated else statement.valid_from


def _read(value: Value, shape: Any) -> object:
    if get_args(shape)[1:] != (Ellipsis,):
        return value
    lines = value.split("\n") if isinstance(value, str) else []
    return tuple(Contact.read(line) for line in lines) if get_args(shape)[0] is Contact else tuple(lines)


def cases_of(statements: Sequence[Statement], law: Law) -> tuple[Listing, ...]:
    """The cases that the statements about one organisation make, in the order in which they began.

    Entries without a case (imported ones), corrections and withdrawals belong to none. Raises LedgerError where
    events cannot follow one another.
    """
    records = {rule.record for rule in law.lists}
    cases: dict[str, Listing] = {}
    for each in sorted(statements, key=lambda statement: statement.position):
        number = each.attributes.get("case")
        steps = each.item in EVENTS or each.item in records
        if not steps or each.act is not Act.STATE or not isinstance(number, str):
            continue
        case = cases.get(number)
        event = event_of(each, case.last if case else None)
        if case is not None:
            cases[number] = evolve(case, event)
        elif isinstance(event, acts.Found):
            cases[number] = begin(number, str(each.attributes.get("list")), each.subject, event)
        else:
            raise LedgerError(
                f"case {number} begins with {each.item}",
                where=each.reference,
                remedy="A case begins with a finding; run probity fsck.",
            )
    return tuple(cases.values())


# -- commands ----------------------------------------------------------------------------------------------


def _name(kind: type[Command]) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in kind.__name__)[1:]


COMMANDS: Mapping[str, type[Command]] = MappingProxyType({_name(kind): kind for kind in get_args(Command)})
"""The commands by the names under which they are written: ``prove-delivery``."""

_ADDRESSED = {"find": {"list", "subject", "authority"}}


def command_of(document: Mapping[str, object]) -> Command:
    """The command that a document says: ``act``, the case (for ``find``: list, subject, authority), ``by``
    (agency and officer), and the fields of the act. Raises InputError, naming the field, for anything else.
    """
    act = document.get("act")
    kind = COMMANDS.get(act) if isinstance(act, str) else None
    if kind is None:
        raise InputError(
            f"{act!r} is no act of a listing", where="act", remedy=f"Write one of {', '.join(COMMANDS)}."
        )
    address = {"act", *_ADDRESSED.get(_name(kind), {"case"})}
    known = [field.name for field in fields(kind)]
    unknown = sorted(set(document) - address - set(known))
    if unknown:
        raise InputError(
            f"{act} has no field {unknown[0]!r}",
            where=f"{act}.{unknown[0]}",
            remedy=f"It has: {', '.join(known) or 'none'}; besides {', '.join(sorted(address))}.",
        )
    given = {name: document[name] for name in known if document.get(name) is not None}
    if "by" in given:
        given["by"] = _officer(given["by"], str(act))
    try:
        command: Command = _adapter(kind.__name__).validate_python(given)
    except ValidationError as error:
        raise InputError(
            f"{act} cannot be read: {_faults(error)}", where=str(act), remedy="Write every field as its kind asks."
        ) from error
    return command


def _officer(said: object, act: str) -> Officer:
    if isinstance(said, Mapping) and set(said) == {"agency", "officer"}:
        agency, officer = said["agency"], said["officer"]
        if isinstance(agency, str) and isinstance(officer, str) and agency.strip() and officer.strip():
            return Officer(agency.strip(), officer.strip())
    raise InputError(
        f"{said!r} names no officer",
        where=f"{act}.by",
        remedy='Write by: {agency: ..., officer: "..."}, the mark of the officer in quotes.',
    )


# -- both --------------------------------------------------------------------------------------------------


@cache
def _adapter(act: str) -> TypeAdapter[Any]:
    return TypeAdapter(getattr(acts, act))


@cache
def _shape(act: str) -> Mapping[str, Any]:
    return get_type_hints(getattr(acts, act))


def _faults(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, each['loc'])) or 'it'}: {each['msg']}" for each in error.errors())
