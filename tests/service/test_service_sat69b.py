"""Mexico's list of article 69-B: reading editions and comparing them. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.service.sat69b_made import Made, code, decided, presumed, ruled, write

from probity.errors import IntakeError
from probity.rulebook import load
from probity.service.sat69b import Comparison, Edition, Stage, Why, compare, law_of, read
from probity.service.sat69b.compare import earliest
from probity.service.wiring import rulebooks

LAW = load(rulebooks())
RULE, CALENDAR = law_of(LAW)
P, R, D, F = Stage.PRESUMED, Stage.REBUTTED, Stage.DEFINITIVE, Stage.FAVOURABLE
REBUTTED = ("500-05-2019-300", date(2019, 6, 3), date(2019, 6, 24))


@pytest.fixture
def edition(tmp_path: Path):
    """An edition of some rows."""

    def made(*rows: Made, **how) -> Edition:
        return read([write(tmp_path / "edition.csv", rows, **how)], CALENDAR)

    return made


@pytest.fixture
def change(edition):
    """What became of the procedures of some rows."""

    def compared(before: list[Made], after: list[Made]) -> Comparison:
        return compare(edition(*before), edition(*after), RULE, CALENDAR)

    return compared


# -- reading ------------------------------------------------------------------------------------------


def test_a_row_is_read_with_every_step(edition) -> None:
    [found] = edition(ruled(decided(presumed(1)))).procedures.values()
    assert (found.code, found.number, found.stage) == (code(1), "500-05-2019-100", F)
    assert found.said["decision_document"] == "500-05-2019-900 of 2019-08-01"
    assert found.day(D, "gazette") == date(2019, 8, 1)
    assert found.day(F, "dated") == date(2020, 2, 3)
    assert not found.enters


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("500-05-2017-7 de fecha 16 junio 2017", "500-05-2017-7 of 2017-06-16"),
        ("500-05-2022-8 de 9 de agosto de 2022", "500-05-2022-8 of 2022-08-09"),
        (" 500-05-2019-1  de fecha  01 de enero de 2019 ?", "500-05-2019-1 of 2019-01-01"),
        (
            "500-05-2021-2 de fecha 2 de marzo de 2021 // 500-05-2019-1 de fecha 1 de enero de 2019",
            "500-05-2019-1 of 2019-01-01 // 500-05-2021-2 of 2021-03-02",
        ),
        ("500-05-2019-1 de fecha 1 de enero de 2019 (pendiente DOF)", "500-05-2019-1 of 2019-01-01"),
    ],
)
def test_documents_are_read_in_all_their_spellings(edition, document: str, expected: str) -> None:
    [found] = edition(decided(presumed(1)).at(D, decision_document=document)).procedures.values()
    assert found.said["decision_document"] == expected


def test_several_days_give_the_first_and_keep_the_others(edition) -> None:
    made = decided(presumed(1)).at(D, decision_page="26/04/2022 - 01-08-19", decision_gazette="20/08/2019")
    [found] = edition(made).procedures.values()
    assert found.day(D, "page") == date(2019, 8, 1)
    assert found.said["decision_again"] == "page 2022-04-26"


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("presumption_gazette", "44029"),
        ("presumption_gazette", "31/02/2019"),
        ("presumption_gazette", ""),
        ("decision_page", "pendiente"),
        ("decision_document", "oficio pendiente"),
        ("decision_document", "500-05-2019-1 de fecha 1 de brumario de 2019"),
        ("presumption_document", ""),
    ],
)
def test_what_cannot_be_read_is_not_guessed(edition, cell: str, written: str) -> None:
    found = edition(presumed(1), decided(presumed(2)).at(D, **{cell: written}))
    assert [each.code for each in found.procedures.values()] == [code(1)]
    [unread] = found.unread
    assert not unread.entry
    assert not written or written in unread.cells.values()


def test_a_decision_without_a_document_is_none(edition) -> None:
    found = edition(presumed(1), presumed(2).at(D))
    assert len(found.procedures) == 1
    assert [each.entry for each in found.unread] == [True]


def test_persons_leave_nothing_behind(edition) -> None:
    person = Made("QXXX8001019A1", "NOMBRE DE UNA PERSONA", P, presumed(1).steps)
    found = edition(presumed(1), person)
    assert found.persons == 1
    assert "PERSONA" not in repr(found)


def test_a_wrong_check_digit_is_reported_and_a_wrong_code_is_not_read(edition) -> None:
    sound = code(1)
    other = sound[:-1] + ("1" if sound[-1] != "1" else "2")
    found = edition(
        Made(other, "UNO, S.A.", P, presumed(1).steps), Made("QXA01", "DOS, S.A.", P, presumed(1).steps)
    )
    assert found.oddities["check digit of the tax number wrong"] == 1
    assert [each.cells["rfc"] for each in found.unread] == ["QXA01"]


def test_a_row_repeated_is_one_and_a_contradicting_one_is_not_read(edition) -> None:
    found = edition(presumed(1), presumed(1), decided(presumed(1)))
    assert [each.stage for each in found.procedures.values()] == [P]
    assert found.oddities["row repeated word for word"] == 1
    assert len(found.unread) == 1


def test_strange_days_are_counted(edition) -> None:
    new_year = presumed(1).at(P, presumption_page="01/01/2019")
    late = presumed(2).at(P, presumption_document="500-05-2018-1 de fecha 3 de diciembre de 2018")
    oddities = edition(new_year, late).oddities
    assert oddities["presumption: on the page on a day off"] == 1
    assert oddities["presumption: on the page before the day of its document"] == 1
    assert oddities["presumption: on the page more than 45 days after its document"] == 1


def test_the_file_of_the_authority_has_lines_above_and_its_own_encoding(edition) -> None:
    found = edition(presumed(1), above=["Información actualizada al 1 de abril de 2019"], encoding="cp1252")
    assert len(found.procedures) == 1


def test_another_file_is_refused_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("RFC,Nombre\nA,B\n", "utf-8")
    with pytest.raises(IntakeError, match="no column"):
        read([path], CALENDAR)
    path.write_text("Nombre\nB\n", "utf-8")
    with pytest.raises(IntakeError, match="no header"):
        read([path], CALENDAR)
    with pytest.raises(IntakeError, match="hold no procedure"):
        read([write(path, [presumed(1).suppressed(1)])], CALENDAR)
    with pytest.raises(IntakeError, match="cannot be read"):
        read([tmp_path / "none.csv"], CALENDAR)


# -- the time to respond ------------------------------------------------------------------------------


def _counted(start: date, number: int) -> date:
    """So many working days after ``start``, counted by hand."""
    free, day = holidays.country_holidays("MX", years=range(2010, 2030)), start
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < 5 and day not in free
    return day


@given(st.dates(date(2014, 1, 1), date(2025, 1, 1)))
def test_fifteen_days_then_thirty(day: date) -> None:
    assert earliest(day, RULE, CALENDAR) == _counted(_counted(day, 15 + 1), 30)


@pytest.mark.parametrize(("days", "lawful"), [(-1, False), (0, True), (1, True)])
def test_at_below_and_above_the_earliest_day(change, days: int, lawful: bool) -> None:
    first = _counted(date(2019, 3, 4), 46) + timedelta(days=days)
    [move] = change([presumed(1)], [decided(presumed(1), page=first)]).moves
    assert move.lawful is lawful
    assert move.why == (() if lawful else (Why.TOO_EARLY,))
    assert (move.held is None) is lawful


def test_whoever_is_new_is_held_to_the_time_too(edition) -> None:
    found = compare(None, edition(decided(presumed(1), page=date(2019, 4, 1))), RULE, CALENDAR)
    assert found.moves[0].why == (Why.TOO_EARLY,)


# -- moves --------------------------------------------------------------------------------------------

ROWS = {P: presumed(1), R: presumed(1).to(R, *REBUTTED), D: decided(presumed(1)), F: ruled(decided(presumed(1)))}


@pytest.mark.parametrize(
    ("before", "after", "why", "held"),
    [
        (ROWS[P], ROWS[P], None, False),
        (ROWS[P], ROWS[R], None, False),
        (ROWS[P], ROWS[D], None, False),
        (ROWS[P], ROWS[F], None, False),
        (ROWS[P], ruled(presumed(1)), None, False),
        (ROWS[D], ROWS[F], None, False),
        (ROWS[D], ROWS[D].at(P), Why.BACK, False),
        (ROWS[D], ROWS[D].to(R, *REBUTTED), Why.REBUTTED_LATE, False),
        (ROWS[R], ROWS[R].at(P), Why.REOPENED, False),
        (ROWS[R], decided(ROWS[R]), Why.AFTER_REBUTTAL, True),
        (ROWS[R], ruled(ROWS[R]), Why.RULED_LATE, False),
        (ROWS[F], ROWS[F].at(P), Why.REOPENED, False),
        (ROWS[F], ROWS[F].at(D), Why.UNDONE, True),
        (ROWS[F], ROWS[F].to(R, *REBUTTED), Why.REBUTTED_LATE, False),
        (ROWS[F], decided(ROWS[F], "500-05-2021-5", date(2021, 5, 3)), Why.OTHER_NUMBER, True),
    ],
)
def test_every_move_is_held_against_the_article(
    change, before: Made, after: Made, why: Why | None, held: bool
) -> None:
    [move] = change([before], [after]).moves
    assert (why in move.why) if why else move.lawful
    assert bool(move.held) is held


def test_a_new_decision_after_a_ruling_is_told_from_the_old_one(change) -> None:
    again = ROWS[F].at(
        D,
        decision_document="500-05-2021-5 de 3 de mayo de 2021 // 500-05-2019-900 de fecha 1 de agosto de 2019",
    )
    assert change([ROWS[F]], [again]).moves[0].why == (Why.ANEW,)
    republished = ROWS[F].at(D, decision_page="03/05/2021 - 01/08/2019")
    assert change([ROWS[F]], [republished]).moves[0].why == (Why.ANEW,)


def test_after_a_ruling_a_new_presumption_makes_a_new_procedure(change) -> None:
    new = decided(presumed(1, "500-05-2020-55", date(2020, 6, 1)), "500-05-2020-99", date(2020, 12, 1))
    assert [(move.name, move.lawful) for move in change([ROWS[F]], [ROWS[F], new]).moves] == [
        ("favourable -> favourable", True),
        ("new -> definitive", True),
    ]


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"decision_document": "500-05-2019-901 de fecha 1 de agosto de 2019"}, Why.OTHER_NUMBER),
        ({"decision_document": "500-05-2019-900 de fecha 2 de agosto de 2019"}, Why.OTHER_DATE),
        ({"decision_gazette": "02/09/2019"}, Why.OTHER_PUBLICATION),
        ({"decision_gazette": "02/09/2020 - 01/08/2019"}, None),
    ],
)
def test_documents_and_days_do_not_change_unseen(change, cells: dict[str, str], why: Why | None) -> None:
    [move] = change([ROWS[D]], [ROWS[D].at(D, **cells)]).moves
    assert move.why == ((why,) if why else ())
    assert move.held is None


def test_a_step_erased_is_seen(change) -> None:
    erased = ROWS[F].at(
        F, decision_document="", decision_page="", decision_gazette="", decision_gazette_document=""
    )
    assert change([ROWS[F]], [erased]).moves[0].why == (Why.ERASED,)


def test_a_decision_on_the_page_is_no_entry_before_the_gazette(edition, change) -> None:
    waiting = presumed(1).to(D, "500-05-2019-900", date(2019, 8, 1))
    [found] = edition(waiting).procedures.values()
    assert found.stage is D
    assert not found.enters
    assert change([waiting], [ROWS[D]]).moves[0].lawful


def test_older_than_the_edition_before(change) -> None:
    later = presumed(2, "500-05-2019-777", date(2019, 7, 1))
    assert change([later], [later, presumed(1)]).moves[1].why == (Why.APPEARED,)
    assert change([presumed(1)], [presumed(1), later]).moves[1].lawful


# -- gone, and blotted out ----------------------------------------------------------------------------


def test_gone_without_an_order(change) -> None:
    found = change([presumed(1), presumed(2)], [presumed(2)])
    assert {(move.name, move.why) for move in found.moves} == {
        ("presumed -> gone", (Why.VANISHED,)),
        ("presumed -> presumed", ()),
    }


def test_blotted_out_by_a_court_is_lawful(change) -> None:
    one, two = decided(presumed(1)), decided(presumed(2, "500-05-2019-101"))
    found = change([one, two], [one.suppressed(7), two])
    assert {(move.name, move.lawful) for move in found.moves} == {
        ("definitive -> suppressed by a court", True),
        ("definitive -> definitive", True),
    }
    assert (found.orders_new, found.orders_matched, found.open) == (1, 1, 0)


def test_what_was_blotted_out_before_explains_nothing_now(change) -> None:
    one, old = presumed(1), presumed(3).suppressed(7)
    found = change([one, presumed(2), old], [presumed(2), old])
    assert [move.why for move in found.moves if move.after is None] == [(Why.VANISHED,)]
    assert found.orders_new == 0
    assert change([presumed(2), old], [presumed(2), old, old]).orders_new == 1  # each explains one


def test_of_two_with_the_same_documents_neither_is_said_to_be_the_one(change) -> None:
    found = change([presumed(1), presumed(2), presumed(3)], [presumed(3), presumed(1).suppressed(7)])
    assert [move.why for move in found.moves if move.after is None] == [(Why.VANISHED,)] * 2
    assert (found.orders_new, found.orders_matched, found.open) == (1, 0, 2)


def test_listed_again_after_an_order_is_held_back(change) -> None:
    one = decided(presumed(1))
    found = change([presumed(2), one.suppressed(7)], [presumed(2), one])
    [move] = [move for move in found.moves if move.before is None]
    assert move.why == (Why.RESTORED,)
    assert move.held
    assert (found.orders_gone, found.restored) == (1, 1)


def test_a_row_that_cannot_be_read_is_not_gone(change) -> None:
    found = change([presumed(1), presumed(2)], [presumed(2), decided(presumed(1)).at(D, decision_page="?44")])
    assert [move.name for move in found.moves] == ["presumed -> presumed"]
    assert found.unread == 1


STATES = st.sampled_from([*ROWS.values()])


@given(st.lists(STATES, min_size=1, max_size=6), st.lists(STATES, min_size=1, max_size=6))
def test_every_procedure_is_counted_once_and_nothing_changes_by_itself(
    tmp_path_factory: pytest.TempPathFactory, before: list[Made], after: list[Made]
) -> None:
    folder = tmp_path_factory.mktemp("editions")
    one, two = (
        read([write(folder / "e.csv", [numbered(made, n) for n, made in enumerate(rows)])], CALENDAR)
        for rows in (before, after)
    )
    found = compare(one, two, RULE, CALENDAR)
    keys = [(move.after or move.before).key for move in found.moves]
    assert sorted(keys) == sorted(one.procedures.keys() | two.procedures.keys())
    assert all(move.lawful for move in compare(one, one, RULE, CALENDAR).moves)


def numbered(made: Made, n: int) -> Made:
    """The same of another organisation."""
    return replace(made, code=code(n))
