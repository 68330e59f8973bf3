"""How many indicators count a record: told by the reference evaluator, which also has to come to our totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from probity.rulebook import Law, OrganisationKind, Scorecard
from probity.scoring import Fact, applies, evaluate
from probity.scoring.snapshot.arrays import MISSING, NO_END
from probity.scoring.snapshot.fold import Files, fold
from probity.scoring.snapshot.read import Snapshot
from probity.scoring.tables import EPOCH, STATUSES

ORGANISATIONS = 4_000


def contributions(snapshot: Snapshot, law: Law, card: Scorecard, as_of: date, totals: Mapping[int, int]) -> float:
    """Contributions of a record to indicators on average, of the first organisations of the snapshot.

    Raises ValueError where ``evaluate`` comes to another total than ``totals`` has, by ordinal.
    """
    files = fold(snapshot, 0, as_of, snapshot.position(None))
    records = counted = 0
    for place in range(min(ORGANISATIONS, len(files.organisation))):
        kind = files.registered[place]
        scheme = snapshot.manifest.schemes[files.scheme[place]]
        own = list(facts(files, place, law))
        records += len(own)
        if kind < 0 or not applies(card, list(OrganisationKind)[kind], scheme):
            continue
        said = evaluate(card, own, as_of)
        if said.total != totals[int(files.organisation[place])]:
            raise ValueError(f"organisation {place}: {totals[place]} is not what evaluate gives, {said.total}")
        counted += sum(each.ignored is None for line in said.lines for each in line.contributions)
    return round(counted / max(records, 1), 2)


def facts(files: Files, place: int, law: Law) -> Iterator[Fact]:
    """The records of the organisation at a place."""
    manifest, (number, *_) = files.snapshot.manifest, files.numbers
    assert files.until is not None
    assert number is not None
    for row in range(int(files.offsets[place]), int(files.offsets[place + 1])):
        kind = manifest.kinds[files.kind[row]]
        day, until = date.fromordinal(int(files.day[row]) + EPOCH), int(files.until[row])
        amount = int(number[row])
        names = manifest.plan[kind.item].numbers[:1] if amount != MISSING else ()
        yield Fact(
            record=str(row),
            item=kind.item,
            day=day,
            until=None if until == NO_END else date.fromordinal(until + EPOCH),
            expires=law.display_until(law.item(kind.item, day), day, kind.attributes),
            status=STATUSES[files.status[row]],
            attributes={**kind.attributes, **dict.fromkeys(names, amount)},
        )
