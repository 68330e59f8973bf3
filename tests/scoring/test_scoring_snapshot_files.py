"""Reading a snapshot: nothing that was altered is ever read, and what cannot be answered is said."""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from probity.canon import canonical, digest
from probity.errors import QuestionError, RulebookError, SnapshotError
from probity.ledger import Position
from probity.rulebook import Law, load
from probity.scoring.snapshot import Snapshot, layout
from probity.scoring.snapshot.arrays import MISSING, NO_END
from probity.scoring.snapshot.fold import OPTIONAL, fold
from probity.scoring.snapshot.manifest import Kind, Manifest, Part, Plan, described
from probity.scoring.snapshot.plan import reading

LAW = load(Path(__file__).parents[2] / "rulebooks")
ROOT = Path(__file__).parents[2]
START = datetime(2024, 1, 1, tzinfo=UTC)
DAY = date(2020, 1, 1)
KINDS = (
    Kind(item="penalty.administrative", attributes={"severity": "minor"}),
    Kind(item="penalty.administrative", attributes={"severity": "serious"}),
)


def row(organisation: int, record: int, known: int, kind: int = 0, marks: int = 0, **more: Any) -> dict[str, Any]:
    said = {"day": DAY, "until": date.max, "number_1": 100, "number_2": MISSING}
    return {
        **said,
        "organisation": organisation,
        "record": record,
        "known": known,
        "kind": kind,
        "marks": marks,
        **more,
    }


def mark(marks: int, act: str, day: date, known: int, superseded: int | None = None) -> dict[str, Any]:
    said = {"marks": marks, "act": layout.ACTS.index(act), "day": day, "first": known, "known": known}
    return {**said, "superseded": superseded}


def registration(organisation: int, known: int) -> dict[str, Any]:
    classes = {"region": "SF", "sector": None, "size": "small", "ownership": None}
    said = {"organisation": organisation, "record": known, "known": known, "superseded": None}
    return {**said, "day": date(2019, 1, 1), "kind": 0, **classes}


def organisation(ordinal: int, records: int) -> dict[str, Any]:
    registered = {"kind": 0, "registered": date(2019, 1, 1), "since": date(2019, 1, 1)}
    return {"organisation": ordinal, "scheme": 0, **registered, "generated": False, "records": records}


def name(ordinal: int) -> dict[str, Any]:
    classes = {"region": "SF", "sector": None, "size": "small", "ownership": None}
    return {"organisation": ordinal, "subject": f"us-sf-business:{ordinal}", **classes}


RECORDS = [row(0, 3, 6, 1, marks=1), row(0, 4, 4, until=DAY + timedelta(9)), row(1, 5, 5)]


PARTS: list[dict[str, list[dict[str, Any]]]] = [
    {
        "records": [{key: each[key] for key in layout.RECORDS.names} for each in RECORDS],
        "origins": [{key: each[key] for key in layout.ORIGINS.names} for each in RECORDS],
        "past": [row(0, 3, 3, 0, marks=1, superseded=6)],
        "marks": [mark(1, "contests", DAY + timedelta(1), 7)],
        "registrations": [registration(0, 1), registration(1, 2)],
        "organisations": [organisation(0, 2), organisation(1, 1)],
        "names": [name(0), name(1)],
    },
    {"registrations": [registration(2, 8)], "organisations": [organisation(2, 0)], "names": [name(2)]},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small snapshot of two parts, written by hand."""
    parts = []
    for number, tables in enumerate(PARTS):
        files = {}
        for name, rows in tables.items():
            path = tmp_path / f"{name}-{number:06d}-{0:016x}.parquet"
            layout.write(pa.Table.from_pylist(rows, schema=layout.TABLES[name]), path)
            files[name] = described(path, len(rows))
        parts.append(Part(first=2 * number, files=files))
    batches = [
        {
            "number": n,
            "recorded_at": START + timedelta(days=n),
            "last_position": n,
            "item": "penalty.administrative" if n > 2 else "register.organisation",
            "delivered": n != 3,
        }
        for n in range(1, 9)
    ]
    layout.write(pa.Table.from_pylist(batches, schema=layout.BATCHES), tmp_path / "batches.parquet")
    Manifest(
        position=8,
        known_at=START + timedelta(days=8),
        span=2,
        rulebook_hash=LAW.hash,
        generated=False,
        first_day=DAY.isoformat(),
        plan={"penalty.administrative": Plan(texts=("severity", "field", "heavier"), numbers=("fine",))},
        kinds=KINDS,
        schemes=("us-sf-business",),
        organisation_kinds=("enterprise",),
        batches=described(tmp_path / "batches.parquet", 8),
        parts=tuple(parts),
    ).write(tmp_path)
    return tmp_path


def test_it_opens_and_is_whole(folder: Path) -> None:
    snapshot = Snapshot.open(folder)
    assert snapshot.verify() == []
    assert [len(snapshot.table(part, "organisations")) for part in snapshot.parts] == [2, 1]
    assert snapshot.table(1, "records").num_rows == 0
    assert snapshot.table(0, "records", ["kind", "day"]).schema.names == ["kind", "day"]
    assert pickle.loads(pickle.dumps(snapshot)).manifest.hash == snapshot.manifest.hash


def test_moments_and_deliveries(folder: Path) -> None:
    snapshot = Snapshot.open(folder)
    assert snapshot.position(None) == Position(8, START + timedelta(days=8))
    assert snapshot.position(START + timedelta(days=4, hours=1)) == Position(4, START + timedelta(days=4, hours=1))
    assert snapshot.position(START).number == 0
    with pytest.raises(QuestionError, match="the snapshot holds what was known at 2024-01-09"):
        snapshot.position(START + timedelta(days=9))
    items = {"penalty.administrative", "honour.award"}
    assert snapshot.delivered(snapshot.position(START + timedelta(days=3)), items) == frozenset()
    assert snapshot.delivered(snapshot.position(None), items) == {"penalty.administrative"}


def test_a_part_as_columns(folder: Path) -> None:
    snapshot = Snapshot.open(folder)
    files = fold(snapshot, 0, date(2024, 1, 1), snapshot.position(None))
    assert files.offsets.tolist() == [0, 2, 3]
    assert files.kind.tolist() == [1, 0, 0]
    assert files.status.tolist() == [1, 0, 0]
    assert files.registered.tolist() == [0, 0]
    assert files.until is not None
    assert files.until.tolist() == [NO_END, 18271, NO_END]
    assert files.subjects().to_pylist() == ["us-sf-business:0", "us-sf-business:1"]
    earlier = fold(snapshot, 0, date(2024, 1, 1), Position(4, START))
    assert (earlier.offsets.tolist(), earlier.kind.tolist(), earlier.status.tolist()) == (
        [0, 2, 2],
        [0, 0],
        [0, 0],
    )
    before = fold(snapshot, 1, date(2018, 12, 31), snapshot.position(None))
    assert (before.registered.tolist(), before.offsets.tolist()) == ([-1], [0, 0])


def test_what_is_not_asked_for_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[str, list[str] | None]] = []
    table = Snapshot.table

    def watched(self: Snapshot, part: int, name: str, columns: list[str] | None = None) -> pa.Table:
        read.append((name, columns))
        return table(self, part, name, columns)

    monkeypatch.setattr(Snapshot, "table", watched)
    snapshot = Snapshot.open(folder)
    files = fold(snapshot, 1, date(2024, 1, 1), snapshot.position(None), columns=())
    assert (files.until, files.numbers, files.record) == (None, (None, None), None)
    assert ("records", ["kind", "day"]) in read
    assert {name for name, _ in read} == {"records", "organisations"}
    for name in OPTIONAL:
        read.clear()
        fold(snapshot, 0, date(2024, 1, 1), snapshot.position(None), columns=[name])
        wanted = ("origins", ["record"]) if name == "record" else ("records", ["kind", "day", "marks", name])
        assert wanted in read


HARMS: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"x"),
    "flipped": lambda path: path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:]),
}


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("name", [*layout.TABLES, "batches"])
def test_nothing_altered_is_read(folder: Path, name: str, harm: str) -> None:
    snapshot = Snapshot.open(folder)
    file = snapshot.manifest.batches if name == "batches" else snapshot.manifest.parts[0].files[name]
    assert file is not None
    HARMS[harm](folder / file.name)
    again = Snapshot.open(folder)
    with pytest.raises(SnapshotError, match=re.escape(file.name)) as said:
        again.batches if name == "batches" else again.table(0, name)
    assert "Make the snapshot anew" in str(said.value)
    assert [fault for fault in again.verify() if file.name in fault]
    if name in ("records", "organisations"):
        with pytest.raises(SnapshotError):
            fold(again, 0, date(2024, 1, 1), Position(8, START), columns=())
    elif name not in ("names", "batches"):
        with pytest.raises(SnapshotError):
            fold(again, 0, date(2024, 1, 1), Position(7, START))


def test_any_flipped_byte_of_any_file_is_noticed(folder: Path) -> None:
    snapshot, chance = Snapshot.open(folder), np.random.default_rng(3)
    for file in snapshot.manifest.files:
        path = folder / file.name
        whole = path.read_bytes()
        for at in chance.integers(0, len(whole), 5).tolist():
            path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :])
            assert any(file.name in fault for fault in snapshot.verify())
        path.write_bytes(whole)
    assert snapshot.verify() == []


def edited(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = folder / "manifest.json"
    said = json.loads(path.read_text())
    del said["sha256"]
    change(said)
    path.write_bytes(canonical({**said, "sha256": digest(canonical(said))}))


def a_wrong_schema(folder: Path) -> None:
    """A file whose hash is right and whose columns are others."""
    snapshot = Snapshot.open(folder)
    path = folder / snapshot.manifest.parts[0].files["records"].name
    layout.write(pa.table({"x": [1, 2, 3]}), path)
    file = described(path, 3).model_dump()
    edited(folder, lambda said: said["parts"][0]["files"].update(records=file))


def not_parquet(folder: Path) -> None:
    path = folder / Snapshot.open(folder).manifest.parts[0].files["records"].name
    path.write_bytes(b"PAR1 and no more")
    file = described(path, 3).model_dump()
    edited(folder, lambda said: said["parts"][0]["files"].update(records=file))


@pytest.mark.parametrize(
    ("harm", "text"),
    [
        (lambda folder: (folder / "manifest.json").unlink(), "no whole snapshot"),
        (lambda folder: (folder / "manifest.json").write_bytes(b"\xff{"), "cannot be read"),
        (lambda folder: (folder / "manifest.json").write_text("[]"), "version 1"),
        (lambda folder: edited(folder, lambda said: said.update(version=2)), "version 1"),
        (lambda folder: edited(folder, lambda said: said.pop("kinds")), "not whole"),
        (lambda folder: edited(folder, lambda said: said.update(colour="red")), "not whole"),
        (lambda folder: edited(folder, lambda said: said["parts"].pop(0)), "not in order"),
        (lambda folder: edited(folder, lambda said: said.update(span=3)), "not in order"),
        (lambda folder: edited(folder, lambda said: said["batches"].update(name="../x")), "outside its folder"),
        (lambda folder: edited(folder, lambda said: said["parts"][1].update(files={})), "a part of nobody"),
        (a_wrong_schema, "other columns"),
        (not_parquet, "as Parquet"),
    ],
)
def test_what_is_no_snapshot_is_refused(folder: Path, harm: Callable[[Path], object], text: str) -> None:
    harm(folder)
    with pytest.raises(SnapshotError, match=text) as said:
        Snapshot.open(folder).table(0, "records")
    assert said.value.where
    assert said.value.remedy


def test_what_is_wrong_within_is_found(folder: Path) -> None:
    edited(folder, lambda said: said.update(position=9))
    assert "batches" in Snapshot.open(folder).verify()[0]
    edited(folder, lambda said: said.update(position=8))
    parts = json.loads((folder / "manifest.json").read_text())["parts"]
    edited(folder, lambda said: said["parts"][1]["files"].update(records=parts[0]["files"]["records"]))
    with pytest.raises(SnapshotError, match="one twice"):
        Snapshot.open(folder)
    edited(folder, lambda said: said["parts"][0]["files"].pop("records"))
    snapshot = Snapshot.open(folder)
    assert any("another part" in fault for fault in snapshot.verify())
    with pytest.raises(SnapshotError, match="as many records"):
        fold(snapshot, 0, date(2024, 1, 1), snapshot.position(None))


# -- what the law has it hold -----------------------------------------------------------------------


def test_the_plan_holds_what_cards_read() -> None:
    found = reading(LAW)
    assert found.plan["penalty.administrative"] == Plan(texts=("severity", "field", "heavier"), numbers=("fine",))
    assert "system.scoring-run" not in found.plan
    assert "register.organisation" not in found.plan
    assert found.registers["register.organisation"][0] == "kind"
    read = {r.item for card in LAW.cards for each in card.indicators for r in each.reads if r.item}
    assert read <= set(found.plan)
    assert reading(LAW).hash == found.hash


def changed(**items: dict[str, Any]) -> Law:
    """The law with some items changed."""
    found = []
    for item in LAW.items:
        update = items.get(item.item.replace(".", "_").replace("-", "_"))
        found.append(item.model_copy(update=update) if update else item)
    return replace(LAW, items=tuple(found))


def test_items_of_other_effects_are_held_where_a_card_reads_them() -> None:
    card = next(card for card in LAW.cards if card.gates or card.indicators)
    indicator = card.indicators[0]
    reads = indicator.reads[0].model_copy(update={"item": "objection.lodged", "card": None, "where": ()})
    other = indicator.model_copy(update={"reads": (reads,)})
    group = card.groups[0].model_copy(update={"indicators": (other,), "groups": ()})
    law = replace(LAW, cards=(card.model_copy(update={"groups": (group,)}),))
    assert "objection.lodged" in reading(law).plan
    assert "objection.lodged" not in reading(replace(LAW, cards=())).plan
    assert reading(law).hash != reading(LAW).hash


def test_more_numbers_than_a_snapshot_holds_are_refused() -> None:
    fine = LAW.item("penalty.administrative").attribute("fine")
    assert fine
    three = tuple(fine.model_copy(update={"attribute": name}) for name in ("first", "second", "third"))
    law = changed(penalty_administrative={"attributes": three})
    assert reading(law).plan["penalty.administrative"].numbers == ("first", "second")
    card = next(c for c in law.cards for i in c.indicators if i.reads[0].item == "penalty.administrative")
    indicator = next(i for i in card.indicators if i.reads[0].item == "penalty.administrative")
    amounts = [
        {"item": "penalty.administrative", "where": [{"attribute": each.attribute, "at_least": 1}]}
        for each in three
    ]
    reads = tuple(type(indicator.reads[0]).model_validate(each) for each in amounts)
    for count, fits in ((2, True), (3, False)):
        other = indicator.model_copy(update={"reads": reads[3 - count :]})
        group = card.groups[0].model_copy(update={"indicators": (other,), "groups": ()})
        asking = replace(law, cards=(card.model_copy(update={"groups": (group,)}),))
        if fits:
            assert reading(asking).plan["penalty.administrative"].numbers == ("second", "third")
        else:
            with pytest.raises(RulebookError, match="cards read 3 numbers"):
                reading(asking)


# -- what the documentation says --------------------------------------------------------------------


def test_the_queries_of_the_documentation_run(folder: Path) -> None:
    text = (ROOT / "docs" / "snapshot.md").read_text(encoding="utf-8")
    queries = re.findall(r"```sql\n(.*?)```", text, re.DOTALL)
    with duckdb.connect() as connection:
        found = [connection.execute(query.replace("FOLDER", str(folder))).fetchall() for query in queries]
    kinds, counted, status, earlier, regions = found
    assert kinds[1] == (1, "penalty.administrative", {"severity": "serious"})
    assert counted == [("penalty.administrative", 0, 2, 2), ("penalty.administrative", 1, 1, 1)]
    assert [(each[0], each[-1]) for each in status] == [(3, "contested"), (4, "active")]
    assert [each[:3] for each in earlier] == [(0, 3, 0), (0, 4, 0)]
    assert regions == [("SF", 3, 3, 2)]


def test_every_column_is_documented() -> None:
    text = (ROOT / "docs" / "snapshot.md").read_text(encoding="utf-8")
    for name, schema in {**layout.TABLES, "batches": layout.BATCHES}.items():
        section = text.split(f"### `{name}")[1].split("\n### ")[0]
        for column in schema.names:
            assert f"| `{column}`" in section, (name, column)
    for field in Manifest.model_fields:
        assert f"`{field}`" in text, field
