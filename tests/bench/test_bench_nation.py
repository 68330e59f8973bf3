"""The generated nation is a whole snapshot, the same every time, uneven as it should be, and of nobody real."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from bench.chart import Series, lines
from bench.mix import FIRST, LAST, Nation
from bench.nation import generate
from bench.part import sizes

from bench import cards, counted, peers, scoring
from probity.identity import Verdict, check_column
from probity.rulebook import Law, load
from probity.scoring.snapshot import Snapshot
from probity.scoring.snapshot.arrays import plain

ORGANISATIONS, RECORDS, WIDTH = 5_000, 25_000, 2_048


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> Law:
    return load(cards.rulebooks(tmp_path_factory.mktemp("law") / "rulebooks"))


@pytest.fixture(scope="module")
def snapshot(law: Law, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("nation") / "snapshot"
    generate(Nation(ORGANISATIONS, RECORDS, law, width=WIDTH), folder)
    return Snapshot.open(folder)


def whole(snapshot: Snapshot, name: str) -> pa.Table:
    return pa.concat_tables(snapshot.table(part, name) for part in snapshot.parts)


def test_it_is_a_whole_snapshot_of_the_size_that_was_asked_for(snapshot: Snapshot) -> None:
    assert snapshot.verify() == []
    assert len(snapshot.parts) == 3
    organisations = plain(whole(snapshot, "organisations"), "organisation")
    assert organisations.tolist() == list(range(ORGANISATIONS))
    assert whole(snapshot, "records").num_rows == RECORDS
    assert snapshot.manifest.generated


def test_the_same_size_and_seed_give_the_same_bytes_and_another_seed_others(
    snapshot: Snapshot, law: Law, tmp_path: Path
) -> None:
    assert generate(Nation(ORGANISATIONS, RECORDS, law, width=WIDTH), tmp_path / "again") == snapshot.manifest
    other = generate(Nation(ORGANISATIONS, RECORDS, law, seed=7, width=WIDTH), tmp_path / "other")
    assert other.hash != snapshot.manifest.hash


def test_the_codes_are_sound_and_of_no_real_region(snapshot: Snapshot) -> None:
    table = "names" if "names" in snapshot.manifest.parts[0].files else "organisations"
    subjects = whole(snapshot, table)["subject"].combine_chunks()
    codes = pc.utf8_slice_codeunits(subjects, len("cn-uscc:"))
    assert (check_column(codes).verdicts == Verdict.OK).all()
    assert pc.unique(pc.utf8_slice_codeunits(codes, 2, 8)).to_pylist() == ["999999"]
    assert len(pc.unique(codes)) == ORGANISATIONS


def test_records_belong_to_whom_they_are_counted_with_and_lie_in_the_order_of_the_ledger(
    snapshot: Snapshot,
) -> None:
    table = "origins" if "origins" in snapshot.manifest.parts[0].files else "records"
    positions = plain(whole(snapshot, table), "record")
    own = np.repeat(np.arange(ORGANISATIONS), plain(whole(snapshot, "organisations"), "records"))
    assert len(np.unique(positions)) == RECORDS
    assert (positions[1:][own[1:] == own[:-1]] > positions[:-1][own[1:] == own[:-1]]).all()
    assert positions.max() < snapshot.manifest.position


def test_no_record_is_older_than_its_item_and_every_kind_occurs(snapshot: Snapshot, law: Law) -> None:
    records = whole(snapshot, "records")
    kind, day = plain(records, "kind"), plain(records, "day")
    epoch = date(1970, 1, 1).toordinal()
    for number, each in enumerate(snapshot.manifest.kinds):
        own = day[kind == number]
        assert len(own), each
        begins = max(FIRST, law.item(each.item, LAST).in_force.from_)
        assert begins.toordinal() - epoch <= own.min()
        assert own.max() <= LAST.toordinal() - epoch


def test_every_source_has_delivered(snapshot: Snapshot, law: Law) -> None:
    feeds = law.card(cards.CARD, LAST).feeds
    assert snapshot.delivered(snapshot.position(None), feeds) == feeds


def test_sizes_are_uneven_and_add_up() -> None:
    counts = sizes(np.random.default_rng(3), 100_000, 500_000, 3_000, True)
    assert counts.sum() == 500_000
    assert counts.max() == 3_000
    assert np.median(counts) <= 2
    assert 0.3 < (counts == 0).mean() < 0.45
    assert (counts <= 10).mean() > 0.85


@pytest.mark.parametrize("card", [cards.CARD, cards.DENSE, cards.VARIANTS[4]])
def test_the_run_comes_to_what_the_reference_says(snapshot: Snapshot, law: Law, card: str) -> None:
    totals = scoring.totals_of(snapshot.folder, law, card)
    mean = counted.contributions(snapshot, law, law.card(card, LAST), LAST, totals)
    assert mean > (1 if card == cards.DENSE else 0.1)


def test_the_scan_reads_the_columns_of_the_run(snapshot: Snapshot, law: Law) -> None:
    read = scoring.columns_read(lambda: scoring.run(snapshot.folder, law, (cards.CARD,), False))
    assert {"kind", "day", "until", "number_1", "marks"} <= read["records"]
    assert "record" not in read["records"]
    assert scoring.scan(snapshot, read) > 0


def test_a_chart_is_drawn_to_scale() -> None:
    drawn = ET.fromstring(lines("Cost & size", "size", "s", [1, 2, 4], [Series("run", [1.0, 2.0, 4.0])]))
    space = "{http://www.w3.org/2000/svg}"
    line = drawn.find(f"{space}polyline")
    assert line is not None
    (x1, y1), (x2, y2), (x4, y4) = (
        [float(n) for n in point.split(",")] for point in line.get("points", "").split()
    )
    assert x4 - x2 == pytest.approx(2 * (x2 - x1), abs=0.3)
    assert y2 - y4 == pytest.approx(2 * (y1 - y2), abs=0.3)


def test_peers_get_everyone_once_with_all_their_records(snapshot: Snapshot, law: Law, tmp_path: Path) -> None:
    card = law.card(cards.CARD, LAST)
    totals = scoring.totals_of(snapshot.folder, law, cards.CARD)
    asked = np.array([ordinal for ordinal in sorted(totals) if ordinal < WIDTH])
    peers.prepare(tmp_path, snapshot, law, card, LAST, asked)
    sample = dict(np.load(tmp_path / "sample.npz"))
    counts = plain(snapshot.table(0, "organisations"), "records")[asked]
    assert np.bincount(sample["owner"]).tolist() == np.maximum(counts, 1).tolist()
    assert (np.diff(sample["owner"]) >= 0).all()
    said = json.loads((tmp_path / "card.json").read_text())
    assert [each["weight"] for each in said["indicators"]] == [i.weight for i in card.indicators]
    read = {reads["item"] for each in said["indicators"] for reads in each["reads"]}
    assert read < set(sample["item"].tolist())
