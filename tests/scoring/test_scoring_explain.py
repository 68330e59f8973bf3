"""An explanation says where each point comes from, in two languages."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from probity.canon import canonical
from probity.clock import AsOf
from probity.dossier import Dossier, Record
from probity.ledger import Position
from probity.rulebook import OrganisationKind, Status, load
from probity.scoring import Fact, Ignored, evaluate, explain, facts, shown
from probity.scoring.sentences import IGNORED, NO_GRADE

LAW = load(Path(__file__).parents[2] / "rulebooks")
DAY = date(2021, 6, 30)
CARD = LAW.card("cn-zhejiang-2020/enterprise", DAY)
RECORDS = [
    Fact("p1", "penalty.administrative", date(2021, 1, 15), None, None, Status.ACTIVE, {"severity": "serious"}),
    Fact("p2", "penalty.administrative", date(2021, 2, 15), None, None, Status.CONTESTED, {"severity": "general"}),
    Fact("p3", "penalty.administrative", date(2021, 3, 15), None, None, Status.REPAIRED, {"severity": "general"}),
    Fact("red", "list.red", date(2021, 4, 1), None, None, Status.ACTIVE, {}),
]


def explained(records=RECORDS, delivered=None):
    return explain(evaluate(CARD, records, DAY, delivered), CARD, records, LAW)


def line_of(told, indicator):
    lines = [line for group in told.groups for inner in (group, *group.groups) for line in inner.indicators]
    return next(line for line in lines if line.indicator == indicator)


def test_every_point_is_accounted_for():
    told = explained()
    assert told.base + sum(group.points for group in told.groups) == told.total == 785_000
    assert (told.grade, told.next_band.grade, told.next_band.short_of) == ("C", "B", 15_000)
    assert told.version == CARD.in_force.from_
    assert "785" in told.why.en
    assert "785" in told.why.zh


def test_each_record_names_its_law_and_why_it_counts_or_does_not():
    first, contested, repaired = line_of(explained(), "administrative-penalties").records
    assert (first.points, first.ignored) == (-90_000, None)
    assert (first.basis, first.name) == (LAW.item(first.item).basis, LAW.item(first.item).name)
    assert contested.status is Status.CONTESTED
    assert "contested" in contested.why.en
    assert (repaired.points, repaired.ignored) == (0, Ignored.REPAIRED)
    assert "修复" in repaired.why.zh


def test_what_is_not_known_is_said():
    line = line_of(explained([], delivered=["list.red"]), "administrative-penalties")
    assert not line.known
    assert "未知" in line.why.zh
    told = explained([], delivered=["list.red"])
    assert told.no_grade
    assert told.next_band is None


def test_the_plain_form_is_canonical_and_complete():
    plain = explained().as_json()
    assert canonical(plain) == canonical(explained().as_json())
    assert plain["total"] == 785_000
    assert plain["display"] == "785"


@pytest.mark.parametrize(
    ("milli", "text"), [(0, "0"), (-90_000, "-90"), (12_500, "12.5"), (-1, "-0.001"), (100, "0.1")]
)
def test_points_as_a_person_writes_them(milli, text):
    assert shown(milli) == text


def test_there_is_a_sentence_for_every_reason_in_both_languages():
    assert set(IGNORED) == set(Ignored)
    assert all(text.zh for text in (*IGNORED.values(), *NO_GRADE.values()))


def test_facts_are_the_records_of_a_dossier():
    now = datetime(2021, 7, 1, tzinfo=UTC)
    record = Record(
        id="first", statement="corrected", item="list.red", issuer="court", reference="7",
        valid_from=date(2021, 4, 1), valid_to=date(2022, 4, 1), attributes={"level": "city"},
        status=Status.CONTESTED, expires=date(2022, 3, 31), contested_since=DAY, repaired_on=None,
        recorded_at=now, corrections=("corrected",), batch="b", row=1, generated=False,
    )  # fmt: skip
    dossier = Dossier(
        subject="x:1", as_of=AsOf(DAY, now), position=Position(1, now), kind=OrganisationKind.ENTERPRISE,
        names=(), identifiers=(), register={}, relations=(), records=(record, replace(record, id="second")),
        generated=False,
    )  # fmt: skip
    first, second = facts(dossier)
    assert first == Fact(
        "first",
        "list.red",
        date(2021, 4, 1),
        date(2022, 4, 1),
        date(2022, 3, 31),
        Status.CONTESTED,
        {"level": "city"},
    )
    assert second.record == "second"
