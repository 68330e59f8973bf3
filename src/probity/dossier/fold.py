"""The file as a fold of statements: pure, so the same statements and the same question give the same file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from probity.clock import AsOf
from probity.dossier.kind import kind_of
from probity.dossier.model import Dossier, Name, Record, Relation
from probity.errors import NotRegisteredError
from probity.ledger import Act, Position, Statement, Value
from probity.rulebook import Effect, Law, Status


@dataclass(slots=True)
class Chain:
    """A record and what was said of it later. ``speaks`` is the statement that is valid now."""

    first: Statement
    speaks: Statement
    corrections: list[str] = field(default_factory=list)
    withdrawn: bool = False


def chains(statements: Iterable[Statement]) -> dict[str, Chain]:
    """Records by the id of their first statement, with corrections and withdrawals applied.

    ``statements`` are in the order of the ledger. A correction or withdrawal of something that is not among
    them is passed over; the ledger does not let one in.
    """
    found: dict[str, Chain] = {}
    root: dict[str, str] = {}
    for each in statements:
        if each.act is Act.STATE:
            root[each.id] = each.id
            found[each.id] = Chain(each, each)
            continue
        first = root.get(each.target or "")
        if first is None:
            continue
        root[each.id] = first
        chain = found[first]
        if each.act is Act.WITHDRAW:
            chain.withdrawn = True
        else:
            chain.corrections.append(each.id)
            chain.speaks = each
    return found


def fold(
    subject: str,
    statements: Sequence[Statement],
    *,
    as_of: AsOf,
    position: Position,
    law: Law,
    others: Sequence[Statement] = (),
) -> Dossier:
    """The file of ``subject`` as true on ``as_of.true_on``, from what was stated up to ``position``.

    ``others`` are statements about organisations related to this one: their registrations (for names) and
    the relations that they stated. Raises NotRegisteredError if nobody had registered the organisation by then.
    """
    found = chains(statements)
    now = [chain for chain in found.values() if chain.speaks.valid_from <= as_of.true_on]
    registered = _registrations(now, law)
    if not registered:
        raise NotRegisteredError(
            f"{subject} is not in the register as true on {as_of.true_on}, "
            f"as known at {as_of.known_at.isoformat(timespec='seconds')}",
            remedy="Search by name, or ask for a later day.",
        )
    newest = registered[0].speaks
    return Dossier(
        subject=subject,
        as_of=as_of,
        position=position,
        kind=kind_of(subject, newest.attributes, law),
        names=_names(registered),
        identifiers=_identifiers(subject, newest, law),
        register=dict(newest.attributes),
        relations=_relations(subject, now, others, as_of.true_on, law),
        records=_records(found, now, law),
        generated=any(each.generated for each in statements),
    )


def records_of(statements: Sequence[Statement], law: Law, true_on: date) -> tuple[Record, ...]:
    """The records among some statements about one organisation, whether it is registered or not; the newest first.

    Contests, settlements and repairs count where they are among the statements.
    """
    found = chains(statements)
    return _records(found, [chain for chain in found.values() if chain.speaks.valid_from <= true_on], law)


def _records(found: Mapping[str, Chain], now: Sequence[Chain], law: Law) -> tuple[Record, ...]:
    root = {id_: first for first, chain in found.items() for id_ in (first, *chain.corrections)}
    marks = _marks(now, root, law)
    records = (_record(chain, marks.get(chain.first.id, Mark()), root, law) for chain in now)
    return tuple(
        sorted(records, key=lambda record: (record.valid_from, record.recorded_at, record.row), reverse=True)
    )


@dataclass(slots=True)
class Mark:
    """What other statements say of a record."""

    contested_since: date | None = None
    repaired_on: date | None = None


def _effect(chain: Chain, law: Law) -> Effect:
    return law.item(chain.speaks.item, chain.speaks.valid_from).effect


def _marks(now: Sequence[Chain], root: Mapping[str, str], law: Law) -> dict[str, Mark]:
    """Contests, settlements and repairs, by the record that they concern, in the order of their days."""
    marks: dict[str, Mark] = {}
    for chain in sorted(now, key=lambda chain: (chain.speaks.valid_from, chain.first.position)):
        effect, said = _effect(chain, law), chain.speaks
        first = root.get(chain.first.target or "")  # a corrected objection is still about what it was about
        if chain.withdrawn or first is None:
            continue
        mark = marks.setdefault(first, Mark())
        if effect is Effect.CONTESTS and mark.contested_since is None:
            mark.contested_since = said.valid_from
        elif effect is Effect.SETTLES:
            mark.contested_since = None
        elif effect is Effect.REPAIRS:
            mark.repaired_on = said.valid_from
    return marks


def _record(chain: Chain, mark: Mark, root: Mapping[str, str], law: Law) -> Record:
    said = chain.speaks
    item = law.item(said.item, said.valid_from)
    if chain.withdrawn:
        status = Status.WITHDRAWN
    elif mark.repaired_on:
        status = Status.REPAIRED
    elif mark.contested_since:
        status = Status.CONTESTED
    else:
        status = Status.ACTIVE
    return Record(
        id=chain.first.id,
        statement=said.id,
        item=said.item,
        issuer=said.issuer,
        reference=said.reference,
        valid_from=said.valid_from,
        valid_to=said.valid_to,
        attributes=dict(said.attributes),
        status=status,
        expires=law.display_until(item, said.valid_from, dict(said.attributes)),
        contested_since=mark.contested_since,
        repaired_on=mark.repaired_on,
        recorded_at=chain.first.recorded_at,
        corrections=tuple(chain.corrections),
        batch=chain.first.batch,
        row=chain.first.row,
        generated=chain.first.generated,
        about=root.get(chain.first.target or ""),
    )


def _registrations(now: Iterable[Chain], law: Law) -> list[Chain]:
    """What registers the organisation, the newest first."""
    return sorted(
        (chain for chain in now if not chain.withdrawn and _effect(chain, law) is Effect.REGISTERS),
        key=lambda chain: (chain.speaks.valid_from, chain.speaks.position),
        reverse=True,
    )


def _names(registered: Sequence[Chain]) -> tuple[Name, ...]:
    """Every name once, with the first day on which it was borne, the newest first."""
    since: dict[str, date] = {}
    for chain in registered:
        since[str(chain.speaks.attributes.get("name") or "")] = chain.speaks.valid_from
    return tuple(Name(name, day) for name, day in since.items() if name)


def _identifiers(subject: str, registration: Statement, law: Law) -> tuple[str, ...]:
    """The subject key, and every attribute of the registration that bears the name of a scheme."""
    schemes = {scheme.scheme.replace("-", "_"): scheme.scheme for scheme in law.schemes}
    others = (
        f"{schemes[name]}:{value}"
        for name, value in registration.attributes.items()
        if name in schemes and value is not None
    )
    return (subject, *(other for other in others if other != subject))


def _relations(
    subject: str, now: Iterable[Chain], others: Sequence[Statement], day: date, law: Law
) -> tuple[Relation, ...]:
    by_subject: dict[str, list[Statement]] = {}
    for each in others:
        by_subject.setdefault(each.subject, []).append(each)
    names: dict[str, str | None] = {}
    found = [(chain, False) for chain in now if _stands(chain, day) and _effect(chain, law) is Effect.RELATES]
    for other, stated in by_subject.items():
        alive = [chain for chain in chains(stated).values() if chain.speaks.valid_from <= day]
        registered = _registrations(alive, law)
        names[other] = str(registered[0].speaks.attributes.get("name") or "") if registered else None
        found += [
            (chain, True)
            for chain in alive
            if _stands(chain, day)
            and _effect(chain, law) is Effect.RELATES
            and chain.speaks.attributes.get("related") == subject
        ]
    relations = (_relation(chain, inverse, names) for chain, inverse in found)
    return tuple(sorted(relations, key=lambda r: (r.relation, r.inverse, r.name or "", r.subject)))


def _relation(chain: Chain, inverse: bool, names: dict[str, str | None]) -> Relation:
    attributes: dict[str, Value] = dict(chain.speaks.attributes)
    other = chain.speaks.subject if inverse else str(attributes["related"])
    return Relation(
        relation=str(attributes["relation"]),
        subject=other,
        name=names.get(other),
        record=chain.first.id,
        inverse=inverse,
        item=chain.speaks.item,
        since=chain.speaks.valid_from,
    )


def _stands(chain: Chain, day: date) -> bool:
    return not chain.withdrawn and (chain.speaks.valid_to is None or chain.speaks.valid_to >= day)
