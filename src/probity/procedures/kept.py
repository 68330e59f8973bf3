"""Cases and entries as they are kept for looking up: derived from statements and law, so they can be derived anew.

Nothing is decided here. A row says when a step was taken and when time brings something about next; what a case is
stands in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from probity.clock import Calendar
from probity.dossier import Record, records_of
from probity.errors import NotFoundError
from probity.ledger import Statement
from probity.procedures.listing import Listing, acts, cases_of, tick_on, window_ends
from probity.rulebook import Effect, Law, ListKind, ListRule, Status

EVER = date.max


@dataclass(frozen=True, slots=True)
class KeptCase:
    """A case as it stands. Days are those of its steps (None: not yet); ``tick_on`` is the first day on which time
    brings something about, ``position`` the place of its latest statement in the ledger."""

    number: str
    list: str
    subject: str
    authority: str
    criterion: str
    phase: str
    opened: date
    proposed: date | None
    consented: date | None
    notified: date | None
    open_since: date | None
    window_ends: date | None
    replied: date | None
    heard: date | None
    decided: date | None
    closed_on: date | None
    outcome: str | None
    entered: bool
    hearing_asked: bool
    late_reply: bool
    contacts: int
    undelivered: int
    relisting: int
    band: str | None
    tick_on: date | None
    position: int
    generated: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry on a list. ``record`` is its address in the ledger; an imported one has no case, and its notice is
    not proven here. ``begins`` to ``ends`` is its term; from ``ended`` on it was over before that."""

    record: str
    subject: str
    list: str
    kind: ListKind
    item: str
    issuer: str
    case_number: str | None
    imported: bool
    criterion: str | None
    band: str | None
    basis: str
    document: str | None
    notified: date | None
    window_ends: date | None
    begins: date
    ends: date | None
    ended: date | None
    contested_since: date | None
    position: int
    generated: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """An entry with those who proposed and decided it: for the database to compare, and for nobody to see."""

    entry: Entry
    proposer: str | None
    decider: str | None


@dataclass(frozen=True, slots=True)
class Concerned:
    """The items from which cases and entries follow."""

    steps: frozenset[str]
    lists: frozenset[str]
    marks: frozenset[str]
    """Contests, settlements, repairs: of an entry."""
    registers: frozenset[str]
    """An organisation that is no more ends its cases."""

    @property
    def items(self) -> list[str]:
        """All of them."""
        return sorted(self.steps | self.lists | self.marks | self.registers)


@lru_cache(maxsize=8)
def concerned(law: Law) -> Concerned:
    """The items of ``law`` from which cases and entries follow."""

    def having(*effects: Effect) -> frozenset[str]:
        return frozenset(item.item for item in law.items if item.effect in effects)

    marks = having(Effect.CONTESTS, Effect.SETTLES, Effect.REPAIRS)
    lists = frozenset(rule.record for rule in law.lists)
    return Concerned(having(Effect.STEP), lists, marks, having(Effect.REGISTERS))


def kept(stated: Sequence[Statement], law: Law) -> tuple[list[KeptCase], list[Decided]]:
    """The cases and entries that the statements about one organisation make (those of ``concerned`` suffice)."""
    records = records_of(stated, law, EVER)
    listings = {case.number: case for case in cases_of(stated, law)}
    latest: dict[str, Statement] = {}
    made_up: set[str] = set()
    for each in stated:
        number = each.attributes.get("case")
        if isinstance(number, str):
            latest[number] = each
            if each.generated:
                made_up.add(number)
    gone = dissolved_on(records, law)
    cases = [
        _case(case, law, gone, latest[number].position, number in made_up) for number, case in listings.items()
    ]
    places = {each.id: each.position for each in stated}
    lists = concerned(law).lists
    entries = [
        _entry(stated[0].subject, record, listings, law, places[record.statement])
        for record in records
        if record.item in lists and record.status is not Status.WITHDRAWN
    ]
    return cases, entries


# -- cases -------------------------------------------------------------------------------------------------


def rule_of(case: Listing, law: Law) -> ListRule:
    """The law of the list under which a case is conducted: that of the day on which it was opened.

    A choice: who is told at the outset how a case runs can rely on it.
    """
    return law.list(case.list, case.opened)


def calendar_of(rule: ListRule, law: Law) -> Calendar:
    """The calendar by which the periods of a list run. Raises NotFoundError for a list without procedure."""
    if rule.steps is None:
        raise NotFoundError(
            f"nobody can be put on {rule.list} here: {rule.not_given}",
            where=rule.list,
            remedy="Its entries come from elsewhere.",
        )
    return _calendar(rule.steps.calendar, law)


@lru_cache(maxsize=64)
def _calendar(name: str, law: Law) -> Calendar:
    return law.calendar(name)


def dissolved_on(records: Sequence[Record], law: Law) -> date | None:
    """The day that the registration bears by which the organisation is no more; None where it exists. A file may
    give the day of its founding there."""
    registers = concerned(law).registers
    newest = next(
        (each for each in records if each.item in registers and each.status is not Status.WITHDRAWN), None
    )
    if newest is None or newest.attributes.get("status") != "deregistered":
        return None
    return newest.valid_from


def _case(case: Listing, law: Law, gone: date | None, position: int, generated: bool) -> KeptCase:
    rule = rule_of(case, law)
    calendar = calendar_of(rule, law)
    window = window_ends(case, rule, calendar)
    decision = case.entered or (case.closed if isinstance(case.closed, acts.Dismissed) else None)
    return KeptCase(
        number=case.number,
        list=case.list,
        subject=case.subject,
        authority=case.authority,
        criterion=case.found.criterion,
        phase=case.phase,
        opened=case.opened,
        proposed=case.proposed.on if case.proposed else None,
        consented=case.consented.on if case.consented else None,
        notified=case.notified.on if case.notified else None,
        open_since=case.open_since,
        window_ends=window if isinstance(window, date) else None,
        replied=case.replies[0].on if case.replies else None,
        heard=case.heard.on if case.heard else None,
        decided=decision.on if decision else None,
        closed_on=case.closed.on if case.closed else None,
        outcome=_outcome(case),
        entered=case.entered is not None,
        hearing_asked=case.hearing_asked,
        late_reply=case.late_reply is not None,
        contacts=len(case.notified.contacts) if case.notified else 0,
        undelivered=len(case.undelivered),
        relisting=case.notified.relisting if case.notified else 0,
        band=case.proposed.band if case.proposed else None,
        tick_on=tick_on(case, rule, calendar, gone),
        position=position,
        generated=generated,
    )


_CLOSES = {
    acts.Lapsed: "lapsed",
    acts.Dismissed: "dismissed",
    acts.Refused: "refused",
    acts.Withdrawn: "withdrawn",
    acts.Dissolved: "dissolved",
}


def _outcome(case: Listing) -> str | None:
    if isinstance(case.closed, acts.Ended):
        return "dissolved" if case.closed.ground is acts.Ground.DISSOLUTION else case.closed.ground.value
    return _CLOSES[type(case.closed)] if case.closed is not None else None


# -- entries -----------------------------------------------------------------------------------------------


def _entry(subject: str, record: Record, listings: Mapping[str, Listing], law: Law, position: int) -> Decided:
    said = record.attributes
    number = _text(said.get("case"))
    case = listings.get(number or "")
    name, kind = _list(record, law)
    rule = rule_of(case, law) if case else None
    window = window_ends(case, rule, calendar_of(rule, law)) if case and rule else None
    removed = case.closed.on if case and isinstance(case.closed, acts.Ended) else None
    ended = min(filter(None, (removed, record.repaired_on)), default=None)
    entry = Entry(
        record=record.id,
        subject=subject,
        list=name,
        kind=kind,
        item=record.item,
        issuer=record.issuer,
        case_number=number,
        imported=number is None,
        criterion=_text(said.get("criterion")),
        band=_text(said.get("band")),
        basis=_text(said.get("legal_basis")) or law.item(record.item, record.valid_from).basis,
        document=_text(said.get("decision_number")),
        notified=case.notified.on if case and case.notified else None,
        window_ends=window if isinstance(window, date) else None,
        begins=record.valid_from,
        ends=min(filter(None, (record.valid_to, record.expires)), default=None),
        ended=max(ended, record.valid_from) if ended else None,
        contested_since=record.contested_since,
        position=position,
        generated=record.generated,
    )
    proposer = case.proposed.by if case and case.proposed else None
    decider = case.entered.by if case and case.entered else None
    return Decided(entry, str(proposer) if proposer else None, str(decider) if decider else None)


def _list(record: Record, law: Law) -> tuple[str, ListKind]:
    """The list that an entry is on, and its kind. An imported one may call its list by name, or not at all;
    then it is known by what it says, or by its item."""
    of_item = _by_item(law)[record.item]
    said = _text(record.attributes.get("list"))
    for rule in of_item:
        if said in (rule.list, rule.name.en, rule.name.zh):
            return rule.list, rule.kind
    if said is None and len({rule.list for rule in of_item}) == 1:
        return of_item[0].list, of_item[0].kind
    return said or record.item, of_item[0].kind


@lru_cache(maxsize=8)
def _by_item(law: Law) -> Mapping[str, tuple[ListRule, ...]]:
    return {item: tuple(rule for rule in law.lists if rule.record == item) for item in concerned(law).lists}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
