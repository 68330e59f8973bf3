"""A run over a snapshot that is not whole, or that cannot be asked for: a clear error, and never a grade."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from tests.scoring import conformance, drawn_cases
from tests.scoring import shipped_cases as shipped
from tests.scoring import small_snapshot as small
from tests.scoring.bulk_runs import ASKED, CARDS, DAY, HARM, LAW, ONE, QUICK, Made, again, flipped
from tests.scoring.conformance import contents

from probity.errors import NotFoundError, QuestionError, RulebookError, SnapshotError
from probity.rulebook import OrganisationKind, Period, Status
from probity.scoring import Fact, evaluate
from probity.scoring.bulk import Asked, run_bulk, run_cards
from probity.scoring.engines import Done
from probity.scoring.snapshot import Snapshot, layout
from probity.scoring.snapshot.manifest import NAME
from probity.scoring.snapshot.rows import Kinds

ENTERPRISE = OrganisationKind.ENTERPRISE


def rewritten(folder: Path, **said: object) -> None:
    """The manifest with something else in it, as if that had been written."""
    manifest = Snapshot.open(folder).manifest
    manifest.model_copy(update=said).write(folder)


# -- the snapshot --------------------------------------------------------------------------------------

EARLIER = replace(QUICK, known_at=small.START)
"""What is read besides, to know what was known before the snapshot was made."""

READ = [
    *((table, QUICK) for table in ("records", "marks", "organisations", "batches")),
    *((table, EARLIER) for table in ("origins", "registrations")),
]


def of(made: Made, table: str) -> Path:
    if table == "batches":
        return made.folder / made.manifest.batches.name
    return made.folder / made.manifest.parts[-1].files[table].name


@pytest.mark.parametrize("table", ["names", "origins", "registrations"])
@pytest.mark.parametrize("harm", ["cut short", "missing"])
def test_half_a_snapshot_gives_no_grade_even_where_that_half_is_not_read(
    copy: Made, table: str, harm: str
) -> None:
    parts = [part.files[table] for part in copy.manifest.parts if table in part.files]
    HARM[harm](copy.folder / parts[-1].name)
    with pytest.raises(SnapshotError, match="is not there with"):
        run_bulk(QUICK, copy.folder, copy.out, LAW, ONE)
    assert not copy.out.exists()


@pytest.mark.parametrize("harm", HARM)
@pytest.mark.parametrize(("table", "asked"), READ)
def test_a_harmed_file_gives_no_grade(copy: Made, table: str, asked: Asked, harm: str) -> None:
    path = of(copy, table)
    HARM[harm](path)
    with pytest.raises(SnapshotError) as raised:
        run_bulk(asked, copy.folder, copy.out, LAW, ONE)
    assert raised.value.where == str(path)
    assert "probity snapshot" in raised.value.remedy
    assert not (copy.out / "manifest.json").exists()


def test_mended_it_goes_on_from_where_it_was(copy: Made, made: Made) -> None:
    path = of(copy, "records")
    content = path.read_bytes()
    flipped(path, 100)
    with pytest.raises(SnapshotError):
        again(copy)
    before = {each.name: each.stat().st_mtime_ns for each in copy.out.glob("*.parquet")}
    assert before
    path.write_bytes(content)
    assert again(copy).hash == made.hash
    assert before.items() <= {each.name: each.stat().st_mtime_ns for each in copy.out.glob("*.parquet")}.items()
    assert contents(copy.out) == contents(made.out)


def test_without_a_manifest_there_is_no_snapshot(copy: Made) -> None:
    (copy.folder / NAME).unlink()
    with pytest.raises(SnapshotError, match="no whole snapshot"):
        again(copy)
    with pytest.raises(SnapshotError, match="no whole snapshot"):
        run_bulk(ASKED, copy.folder / "nowhere", copy.out, LAW, ONE)
    assert not copy.out.exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [('"version":1', '"version":2'), ('"format":"probity-snapshot"', '"format":"another"'), ("{", ""), ("}", "")],
)
def test_a_manifest_of_another_version_or_none_at_all_is_refused(copy: Made, old: str, new: str) -> None:
    path = copy.folder / NAME
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(SnapshotError) as raised:
        again(copy)
    assert raised.value.where == str(path)


def test_every_byte_of_the_manifest_counts(copy: Made) -> None:
    path = copy.folder / NAME
    content = path.read_bytes()
    for at in range(0, len(content) - 1, 199):
        flipped(path, at)
        with pytest.raises(SnapshotError):
            Snapshot.open(copy.folder)
        path.write_bytes(content)
    shorter = json.loads(content)
    shorter["parts"].pop()
    path.write_text(json.dumps(shorter))
    with pytest.raises(SnapshotError, match="altered"):
        Snapshot.open(copy.folder)


def test_parts_taken_out_or_named_elsewhere_are_refused(copy: Made) -> None:
    parts = copy.manifest.parts
    file = parts[0].files["records"]
    elsewhere = replaced(parts[0], "records", file.model_copy(update={"name": f"../{file.name}"}))
    twice = replaced(parts[0], "records", parts[1].files["records"])
    unknown = parts[0].model_copy(update={"files": {**parts[0].files, "opinions": file}})
    nobody = parts[0].model_copy(update={"files": {"records": file}})
    for faulty in (parts[1:], (parts[0], *parts[2:]), *((each, *parts[1:]) for each in (elsewhere, twice))):
        with pytest.raises(SnapshotError, match="manifest"):
            harmed(copy, parts=faulty)
    for faulty in (unknown, nobody):
        with pytest.raises(SnapshotError, match="manifest"):
            harmed(copy, parts=(faulty, *parts[1:]))


def replaced(part, table: str, file):
    return part.model_copy(update={"files": {**part.files, table: file}})


def harmed(copy: Made, **said: object) -> None:
    """Run with that in the manifest, which is whole again afterwards."""
    content = (copy.folder / NAME).read_bytes()
    try:
        rewritten(copy.folder, **said)
        again(copy)
    finally:
        (copy.folder / NAME).write_bytes(content)


def test_a_snapshot_made_anew_meanwhile_is_not_mixed_with_the_old_one(copy: Made) -> None:
    class Meanwhile:
        name = "meanwhile"

        def run(self, work, parts) -> Iterator[Done]:
            rewritten(copy.folder, rulebook_hash="another")
            yield work(parts[0])

    with pytest.raises(SnapshotError, match="meanwhile"):
        run_bulk(ASKED, copy.folder, copy.out, LAW, Meanwhile())


def test_what_a_card_reads_must_be_held(copy: Made) -> None:
    plan = dict(copy.manifest.plan)
    item = "penalty.administrative"
    for lacking in (
        {name: held for name, held in plan.items() if name != item},
        {**plan, item: plan[item].model_copy(update={"texts": ()})},
    ):
        with pytest.raises(SnapshotError, match=item) as raised:
            harmed(copy, plan=lacking)
        assert "Make the snapshot anew" in raised.value.remedy


# -- the question --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        (replace(ASKED, cards=("cn-zhejiang-2020/enterprize",)), NotFoundError, "no rulebook has a scorecard"),
        (replace(ASKED, as_of=date(2019, 1, 1)), NotFoundError, "not in force on 2019-01-01"),
        (replace(ASKED, as_of=date(1, 1, 1)), NotFoundError, "not in force on 0001-01-01"),
        (replace(ASKED, known_at=small.START + timedelta(days=999)), QuestionError, "not at 2022-09-26"),
    ],
)
def test_a_question_that_cannot_be_answered(made: Made, tmp_path: Path, asked, error, says: str) -> None:
    with pytest.raises(error, match=says) as raised:
        run_bulk(asked, made.folder, tmp_path / "out", LAW, ONE)
    assert raised.value.remedy
    assert not (tmp_path / "out").exists()


def test_before_anything_was_known_nobody_is_graded(made: Made, tmp_path: Path) -> None:
    answer = run_bulk(
        replace(ASKED, known_at=small.START - timedelta(days=1)), made.folder, tmp_path / "out", LAW, ONE
    )
    assert [result.organisations for result in answer.results] == [0] * len(CARDS)
    assert not any(known for result in answer.results for known in result.known.values())


def test_before_everything_happened_all_are_as_new(tmp_path: Path) -> None:
    facts = [Fact("1", "fine", DAY, None, None, Status.ACTIVE, {"amount": 5})]
    law, card = drawn_cases.LAW, drawn_cases.card(reads=["fine"])
    opened = small.make(tmp_path / "s", law, [small.Organisation(ENTERPRISE, "here", facts)])
    for day in (date(1, 1, 1), date(1969, 12, 31), DAY - timedelta(days=1)):
        run_cards([card], Asked(("plain",), day, explained=True), opened, tmp_path / str(day), law, ONE)
        (row,) = conformance.rows(tmp_path / str(day), "grades", "plain")
        assert (row["total"], row["grade"]) == (0, "A")
        assert conformance.rows(tmp_path / str(day), "points", "plain") == []


# -- what is too large ---------------------------------------------------------------------------------


def asked_of(card, tmp_path: Path, *organisations):
    opened = small.make(tmp_path / "s", drawn_cases.LAW, organisations)
    return run_cards([card], Asked((card.card,), DAY), opened, tmp_path / "out", drawn_cases.LAW, ONE)


def numbers(many: int) -> dict:
    return {"of": "amount", "steps": [{"from": n, "points": n} for n in range(many)]}


def test_a_card_whose_tables_would_not_fit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [{"attribute": "severity", "is": [str(n) for n in range(600)]}]
    outcomes = drawn_cases.card(reads=[{"item": "fine", "where": texts}], consumes=numbers(600))
    with pytest.raises(RulebookError, match="kinds of record apart"):
        asked_of(outcomes, tmp_path)
    plain = drawn_cases.card(reads=["fine"])
    lines = tuple(
        plain.indicators[0].model_copy(update={"indicator": f"i{years}", "window": Period(number=years, unit="y")})
        for years in range(1900, 2020)
    )
    long = plain.model_copy(update={"groups": (plain.groups[0].model_copy(update={"indicators": lines}),)})
    with pytest.raises(RulebookError, match="ageing tables"):
        asked_of(long, tmp_path)
    facts = [Fact("1", "fine", DAY, None, None, Status.ACTIVE, {"severity": "minor"})]
    monkeypatch.setattr("probity.scoring.bulk.bind.CODES_MOST", 100)
    with pytest.raises(RulebookError, match="kinds of record of this snapshot apart") as raised:
        asked_of(
            drawn_cases.card(reads=["fine"], consumes=numbers(101)),
            tmp_path,
            small.Organisation(ENTERPRISE, "here", facts),
        )
    assert raised.value.remedy
    assert not (tmp_path / "out").exists()


def test_results_of_two_cards_never_share_a_file(tmp_path: Path) -> None:
    opened = small.make(tmp_path / "s", drawn_cases.LAW, [small.Organisation(ENTERPRISE, "here")])
    cards = [drawn_cases.card(reads=["fine"]).model_copy(update={"card": name}) for name in ("a/b.c", "a.b/c")]
    with pytest.raises(QuestionError, match="files of one name"):
        run_cards(cards, Asked(("a/b.c", "a.b/c"), DAY), opened, tmp_path / "out", drawn_cases.LAW, ONE)


def test_an_organisation_with_a_million_records(tmp_path: Path) -> None:
    """A thousand records, each of them a thousand times: so many times the points of one thousand."""
    law, chance, times_over = drawn_cases.LAW, random.Random(4), 1000
    consumes = {"of": "amount", "linear": {"per": 1, "points": "0.001"}}
    own = {"ageing": {"linear": "1y"}, "treatment": {"contested": "50%"}, "window": "6m", "weight": 10**9}
    card = drawn_cases.card(reads=["fine", "visit"], consumes=consumes, **own)
    facts = [
        replaced_fact(law, n, chance.choice(("fine", "visit", "order")), chance.randrange(400), chance)
        for n in range(1000)
    ]
    folder, kinds = tmp_path / "s", Kinds(small.reading(law))
    folder.mkdir()
    rest = [small.Organisation(ENTERPRISE, "here", facts[:n]) for n in (3, 0, 5)]
    said = small.columns(
        [rest[0], small.Organisation(ENTERPRISE, "here", facts), *rest[1:]], 0, law, kinds, ["here"]
    )
    records = said["records"]
    at = np.concatenate([np.arange(3), np.tile(np.arange(3, 1003), times_over), np.arange(1003, 1008)])
    types = {field.name: field.type for schema in layout.TABLES.values() for field in schema}
    said["records"] = {name: pa.array(column, types[name]).take(pa.array(at)) for name, column in records.items()}
    said["organisations"] = {**said["organisations"], "records": [3, 1000 * times_over, 0, 5]}
    part = small.write_part(folder, 0, 4, said)
    opened = small.finish(folder, law, kinds, [part], sorted(kinds.reading.plan), 4, min(f.day for f in facts))
    run_cards([card], Asked(("plain",), DAY, explained=True), opened, tmp_path / "out", law, ONE)
    whole = evaluate(card, facts, DAY)
    expected = [
        evaluate(card, facts[:3], DAY).total,
        whole.total * times_over,
        0,
        evaluate(card, facts[:5], DAY).total,
    ]
    assert [row["total"] for row in conformance.rows(tmp_path / "out", "grades", "plain")] == expected
    lines = conformance.rows(tmp_path / "out", "points", "plain")
    assert lines[1]["records"] == len(whole.lines[0].contributions) * times_over
    assert lines[1]["reasons"] == conformance.agreement.reasons(whole.lines[0], facts, DAY)
    assert lines[1]["points"] == whole.lines[0].points * times_over < 0


def replaced_fact(law, n: int, item: str, age: int, chance) -> Fact:
    day = DAY - timedelta(days=age)
    status = chance.choice(shipped.STATUSES)
    said = {"amount": chance.randrange(10**6)} if item != "order" else {}
    return Fact(str(n), item, day, None, law.display_until(law.item(item, day), day, said), status, said)
