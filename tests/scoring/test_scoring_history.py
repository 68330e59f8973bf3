"""The history of a grade: on every day what the file gave as known then, and what it gives as known now."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from probity.clock import AsOf
from probity.dossier import fold
from probity.errors import NotFoundError, NotRegisteredError
from probity.identity import compose
from probity.ledger import Act, Position, Statement, Value
from probity.rulebook import load
from probity.scoring import NoGrade, evaluate, facts
from probity.scoring.outlook import Gap, Graded, History, Lateness, history, needed

LAW = load(Path(__file__).parents[2] / "rulebooks")
CARD = "cn-zhejiang-2020/enterprise"
LIVES = "us-sf-food/lives"
SUBJECT = f"cn-uscc:{compose('9', '1', '330106', '00000001')}"
CAFE = "us-sf-business:19"
START = date(2022, 1, 1)
LAST = START + timedelta(days=120)
quick = settings(deadline=None, suppress_health_check=list(HealthCheck))


class Book:
    """A ledger in memory; each statement is recorded at noon of a day, in the order of those days."""

    def __init__(self, subject: str = SUBJECT) -> None:
        self.subject = subject
        self.statements: list[Statement] = []

    def state(
        self,
        item: str,
        on: date,
        known: date,
        attributes: Mapping[str, Value] | None = None,
        *,
        act: Act = Act.STATE,
        target: str | None = None,
        to: date | None = None,
    ) -> str:
        number = len(self.statements) + 1
        self.statements.append(
            Statement(
                id=f"{number:064x}",
                act=act,
                subject=self.subject,
                item=item,
                issuer="registry",
                reference=str(number),
                valid_from=on,
                valid_to=to,
                attributes=attributes or {},
                target=target,
                batch="ab" * 32,
                row=number,
                position=number,
                recorded_at=datetime.combine(known, time(12), UTC),
                generated=False,
            )
        )
        return f"{number:064x}"


def direct(book: Book, day: date, known: date, heard: Mapping[str, datetime], card: str = CARD) -> Graded:
    """What the card says of the file on ``day`` with what was known at the end of ``known``."""
    moment = datetime.combine(known, time.max, UTC)
    stated = [each for each in book.statements if each.recorded_at <= moment]
    try:
        ours = LAW.card(card, day)
    except NotFoundError:
        return Graded(None, None, Gap.NOT_IN_FORCE)
    try:
        file = fold(book.subject, stated, as_of=AsOf(day, moment), position=Position(1, moment), law=LAW)
    except NotRegisteredError:
        return Graded(None, None, Gap.NOT_REGISTERED)
    found = evaluate(ours, facts(file), day, {item for item, at in heard.items() if at <= moment})
    return Graded(found.total, found.grade, found.no_grade)


def told(found: History, day: date) -> tuple[Graded, Graded]:
    """Both grades of a day, which are those of the last point on or before it."""
    point = next(each for each in reversed(found.points) if each.day <= day)
    return point.then, point.now


KINDS = st.sampled_from(
    ("penalty", "penalty", "red", "arrears", "correct", "withdraw", "repair", "object", "settle")
)
MOVES = st.lists(st.tuples(KINDS, st.integers(-200, 120), st.integers(0, 15), st.integers(0, 9)), max_size=9)
SAID = {
    "penalty": (
        "penalty.administrative",
        ({"severity": "serious"}, {"severity": "general"}, {"severity": "minor"}),
    ),
    "red": ("list.red", ({},)),
    "arrears": ("tax.arrears", ({"amount": 5_000_000}, {"amount": 1})),
    "repair": ("repair.granted", ({},)),
    "object": ("objection.lodged", ({},)),
    "settle": ("objection.closed", ({},)),
}


def written(moves: Sequence[tuple[str, int, int, int]]) -> Book:
    """A book in which things happen, become known in order, and are put right."""
    book = Book()
    known = START + timedelta(days=5)
    book.state("register.organisation", START - timedelta(days=100), known, {"name": "x"})
    records: list[tuple[str, str, date]] = []
    for kind, on, wait, pick in moves:
        known += timedelta(days=wait)
        day = START + timedelta(days=on)
        if kind in ("penalty", "red", "arrears"):
            item, choices = SAID[kind]
            end = day + timedelta(days=30) if pick % 3 == 0 else None
            records.append((book.state(item, day, known, choices[pick % len(choices)], to=end), item, day))
        elif records:
            id_, item, first = records[pick % len(records)]
            if kind == "correct":
                said = SAID[{"p": "penalty", "l": "red", "t": "arrears"}[item[0]]][1]
                new = book.state(item, first, known, said[(pick + 1) % len(said)], act=Act.CORRECT, target=id_)
                records[pick % len(records)] = (new, item, first)
            elif kind == "withdraw":
                book.state(item, first, known, act=Act.WITHDRAW, target=id_)
            else:
                book.state(SAID[kind][0], max(day, first), known, target=id_)
    return book


HEARD = st.dictionaries(st.sampled_from(sorted(needed(LAW, CARD))), st.integers(0, 100), max_size=3)


@settings(quick, max_examples=30)
@given(MOVES, HEARD)
def test_every_day_is_what_the_file_gives(moves: list[tuple[str, int, int, int]], heard: dict[str, int]) -> None:
    book = written(moves)
    delivered = {item: datetime.combine(START, time(8), UTC) for item in needed(LAW, CARD)}
    delivered |= {item: datetime.combine(START + timedelta(days=n), time(8), UTC) for item, n in heard.items()}
    found = history(SUBJECT, book.statements, delivered, LAW, CARD, first=START, last=LAST)
    assert found.complete
    for n in range(0, 121, 3):
        day = START + timedelta(days=n)
        meant = direct(book, day, day, delivered), direct(book, day, date(2030, 1, 1), delivered)
        assert told(found, day) == meant
        assert meant[0] == meant[1] or any(
            point.later or point.delivered_later for point in found.points if point.day <= day
        )
    for before, after in zip(found.points, found.points[1:], strict=False):
        assert before.day < after.day
        assert (before.then, before.now) != (after.then, after.now)


def everything(day: date, card: str = CARD) -> dict[str, datetime]:
    return {item: datetime.combine(day, time(0), UTC) for item in needed(LAW, card)}


def test_a_late_record_a_correction_and_a_repair_are_named() -> None:
    book = Book()
    book.state("register.organisation", date(2020, 1, 1), date(2021, 1, 1), {"name": "x"})
    penalty = book.state("penalty.administrative", date(2022, 1, 10), date(2022, 2, 1), {"severity": "serious"})
    book.state(
        "penalty.administrative",
        date(2022, 1, 10),
        date(2022, 3, 1),
        {"severity": "general"},
        act=Act.CORRECT,
        target=penalty,
    )
    book.state("repair.granted", date(2022, 4, 1), date(2022, 4, 10), target=penalty)
    found = history(
        SUBJECT, book.statements, everything(date(2021, 1, 1)), LAW, CARD, first=START, last=date(2022, 5, 1)
    )
    grades = [(point.day.isoformat(), point.then.grade, point.now.grade) for point in found.points]
    assert grades == [
        ("2022-01-01", "B", "B"),
        ("2022-01-10", "B", "C"),
        ("2022-02-01", "D", "C"),
        ("2022-03-01", "C", "C"),
        ("2022-04-01", "C", "B"),
        ("2022-04-10", "B", "B"),
    ]
    assert [[each.kind for each in point.later] for point in found.points] == [
        [],
        [Lateness.RECORD, Lateness.CORRECTION],
        [Lateness.CORRECTION],
        [],
        [Lateness.REPAIR],
        [],
    ]
    assert {each.record for point in found.points for each in point.later} == {penalty}


def test_days_without_a_card_or_a_file_are_gaps() -> None:
    book = Book()
    book.state("register.organisation", date(2021, 1, 1), date(2021, 6, 1), {"name": "x"})
    found = history(
        SUBJECT,
        book.statements,
        everything(date(2019, 1, 1)),
        LAW,
        CARD,
        first=date(2020, 8, 1),
        last=date(2024, 1, 1),
    )
    said = [(point.day.isoformat(), point.then.why or point.then.grade, point.now.why or point.now.grade)
            for point in found.points]  # fmt: skip
    assert said == [
        ("2020-08-01", Gap.NOT_IN_FORCE, Gap.NOT_IN_FORCE),
        ("2020-08-04", Gap.NOT_REGISTERED, Gap.NOT_REGISTERED),
        ("2021-01-01", Gap.NOT_REGISTERED, "B"),
        ("2021-06-01", "B", "B"),
        ("2023-12-05", Gap.NOT_IN_FORCE, Gap.NOT_IN_FORCE),
    ]


def test_a_card_that_judges_occasions_has_none_before_the_first() -> None:
    book = Book(CAFE)
    book.state("register.organisation", date(2015, 1, 1), date(2015, 1, 1), {"name": "x"})
    for day in (date(2022, 2, 1), date(2022, 8, 1)):
        book.state("food.inspection", day, day, {"type": "routine"})
        book.state("food.violation", day, day, {"severity": "high" if day.month == 2 else "low"})
    found = history(
        CAFE, book.statements, everything(START, LIVES), LAW, LIVES, first=START, last=date(2022, 12, 1)
    )
    assert [(point.day.isoformat(), point.now.total, point.now.why) for point in found.points] == [
        ("2022-01-01", None, NoGrade.NO_OCCASION),
        ("2022-02-01", 93_000, None),
        ("2022-08-01", 98_000, None),
    ]
    assert all(point.then == point.now for point in found.points)


def test_another_kind_of_organisation_is_a_gap_and_an_unknown_card_an_error() -> None:
    book = Book(CAFE)
    book.state("register.organisation", date(2015, 1, 1), date(2015, 1, 1), {"name": "x"})
    found = history(CAFE, book.statements, {}, LAW, CARD, first=START, last=LAST)
    assert [point.now.why for point in found.points] == [Gap.OTHER_KIND]
    with pytest.raises(NotFoundError):
        history(CAFE, book.statements, {}, LAW, "nowhere/none", first=START, last=LAST)


def test_a_history_that_would_take_too_long_begins_later() -> None:
    book = Book()
    book.state("register.organisation", date(2020, 1, 1), date(2020, 1, 1), {"name": "x"})
    for n in range(120):
        day = date(2021, 1, 1) + timedelta(days=n)
        book.state("penalty.administrative", day, day, {"severity": "minor"})
    known = everything(date(2020, 1, 1))
    found = history(SUBJECT, book.statements, known, LAW, CARD, first=date(2021, 1, 1), last=date(2021, 6, 1))
    assert not found.complete
    assert found.first == found.points[0].day > date(2021, 1, 1)
    for point in found.points:
        assert point.then == direct(book, point.day, point.day, known)
    irrelevant = Book()
    irrelevant.statements = [book.statements[0]]
    for n in range(600):
        day = date(2021, 1, 1) + timedelta(days=n)
        irrelevant.state("annual-report.filed", day, day)
    assert history(
        SUBJECT, irrelevant.statements, known, LAW, CARD, first=date(2021, 1, 1), last=date(2022, 9, 1)
    ).complete


def test_what_changes_too_often_is_told_in_fewer_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["probity.scoring.outlook.history"], "POINTS", 8)
    book = Book()
    book.state("register.organisation", date(2020, 1, 1), date(2020, 1, 1), {"name": "x"})
    book.state("crime.conviction", date(2020, 9, 1), date(2020, 9, 1), {"matter": "financing"})
    book.state("list.red", date(2021, 3, 1), date(2021, 3, 1), to=date(2021, 6, 1))
    known = everything(date(2020, 1, 1))
    first, last = date(2020, 9, 1), date(2023, 12, 1)
    found = history(SUBJECT, book.statements, known, LAW, CARD, first=first, last=last)
    assert not found.complete
    assert len(found.points) == 8
    for point in found.points:
        assert point.now == direct(book, point.day, date(2030, 1, 1), known)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    graded = {day: direct(book, day, date(2030, 1, 1), known).grade for day in days}
    turns = {day for day in days[1:] if graded[day] != graded[day - timedelta(days=1)]}
    assert turns
    assert turns <= {point.day for point in found.points}
