"""The file as a fold: what was true on a day, as far as was known at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probity.canon import canonical
from probity.clock import AsOf
from probity.dossier import Dossier, as_json, fold
from probity.errors import NotFoundError
from probity.ledger import Act, Position, Statement, Value
from probity.rulebook import OrganisationKind, Status, load

LAW = load(Path(__file__).parents[2] / "rulebooks")
SUBJECT = "us-sf-business:19"
START = datetime(2020, 1, 1, tzinfo=UTC)
PENALTY = {"severity": "general"}


class Book:
    """A ledger in memory: every statement is known one day after the one before."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self._number = count(1)

    def state(
        self,
        item: str,
        on: str,
        *,
        to: str | None = None,
        attributes: Mapping[str, Value] | None = None,
        act: Act = Act.STATE,
        target: str | None = None,
        subject: str = SUBJECT,
    ) -> str:
        number = next(self._number)
        id_ = f"{number:064x}"
        self.statements.append(
            Statement(
                id=id_,
                act=act,
                subject=subject,
                item=item,
                issuer="registry",
                reference=str(number),
                valid_from=date.fromisoformat(on),
                valid_to=date.fromisoformat(to) if to else None,
                attributes=attributes or {},
                target=target,
                batch="ab" * 32,
                row=number,
                position=number,
                recorded_at=START + timedelta(days=number),
                generated=False,
            )
        )
        return id_

    def file(self, on: str = "2022-01-01", upto: int | None = None) -> Dossier:
        known = [each for each in self.statements if upto is None or each.position <= upto]
        position = Position(len(known), START + timedelta(days=len(known)))
        mine = [each for each in known if each.subject == SUBJECT]
        others = [each for each in known if each.subject != SUBJECT]
        as_of = AsOf(date.fromisoformat(on), position.known_at)
        return fold(SUBJECT, mine, as_of=as_of, position=position, law=LAW, others=others)

    def statuses(self, on: str = "2022-01-01", item: str = "penalty.administrative") -> list[Status]:
        return [record.status for record in self.file(on).records if record.item == item]


@pytest.fixture
def book() -> Book:
    book = Book()
    book.state("register.organisation", "2015-01-01", attributes={"name": "NRGIZE CAFE"})
    return book


def test_nobody_has_a_file_before_being_registered(book: Book) -> None:
    assert book.file("2015-01-01").name == "NRGIZE CAFE"
    with pytest.raises(NotFoundError, match="2014-12-31"):
        book.file("2014-12-31")


def test_a_new_name_leaves_the_old_one_in_the_file(book: Book) -> None:
    book.state("register.organisation", "2021-01-01", attributes={"name": "NEW CAFE"})
    assert [each.name for each in book.file().names] == ["NEW CAFE", "NRGIZE CAFE"]
    assert book.file("2020-12-31").name == "NRGIZE CAFE"
    assert book.file(upto=1).name == "NRGIZE CAFE"


def test_the_kind_comes_from_the_registration_or_from_the_scheme(book: Book) -> None:
    assert book.file().kind is OrganisationKind.ENTERPRISE
    book.state("register.organisation", "2021-01-01", attributes={"name": "X", "kind": "unincorporated"})
    assert book.file().kind is OrganisationKind.UNINCORPORATED


def test_what_is_not_yet_true_is_not_in_the_file(book: Book) -> None:
    book.state("penalty.administrative", "2021-03-01", attributes=PENALTY)
    assert book.statuses("2021-02-28") == []
    assert book.statuses("2021-03-01") == [Status.ACTIVE]


def test_a_correction_speaks_from_when_it_is_known_and_keeps_the_address(book: Book) -> None:
    first = book.state("penalty.administrative", "2021-03-01", attributes=PENALTY)
    fix = book.state(
        "penalty.administrative", "2021-04-01", attributes={"severity": "minor"}, act=Act.CORRECT, target=first
    )
    again = book.state(
        "penalty.administrative", "2021-04-02", attributes={"severity": "serious"}, act=Act.CORRECT, target=fix
    )
    record = book.file().records[0]
    assert (record.id, record.statement, record.corrections) == (first, again, (fix, again))
    assert record.valid_from == date(2021, 4, 2)
    assert book.file(upto=2).records[0].attributes == PENALTY


def test_a_withdrawal_takes_a_record_back_even_when_it_was_corrected(book: Book) -> None:
    first = book.state("penalty.administrative", "2021-03-01", attributes=PENALTY)
    fix = book.state("penalty.administrative", "2021-03-01", attributes=PENALTY, act=Act.CORRECT, target=first)
    book.state("penalty.administrative", "2021-05-01", act=Act.WITHDRAW, target=fix)
    assert book.statuses() == [Status.WITHDRAWN]


def test_a_contest_shows_until_it_is_settled(book: Book) -> None:
    penalty = book.state("penalty.administrative", "2021-03-01", attributes=PENALTY)
    book.state("objection.lodged", "2021-04-01", target=penalty)
    book.state("objection.closed", "2021-06-01", target=penalty)
    assert book.statuses("2021-03-31") == [Status.ACTIVE]
    assert book.statuses("2021-04-01") == [Status.CONTESTED]
    assert book.statuses("2021-06-01") == [Status.ACTIVE]


def test_a_withdrawn_objection_contests_nothing(book: Book) -> None:
    penalty = book.state("penalty.administrative", "2021-03-01", attributes=PENALTY)
    objection = book.state("objection.lodged", "2021-04-01", target=penalty)
    book.state("objection.lodged", "2021-04-01", act=Act.WITHDRAW, target=objection)
    assert book.statuses() == [Status.ACTIVE]


def test_repair_outlasts_a_contest_and_reaches_a_corrected_record(book: Book) -> None:
    penalty = book.state("penalty.administrative", "2021-03-01", attributes=PENALTY)
    fix = book.state("penalty.administrative", "2021-03-01", attributes=PENALTY, act=Act.CORRECT, target=penalty)
    book.state("objection.lodged", "2021-04-01", target=penalty)
    book.state("repair.granted", "2021-09-01", target=fix)
    assert book.statuses("2021-08-31") == [Status.CONTESTED]
    assert book.statuses("2021-09-01") == [Status.REPAIRED]


def test_the_term_is_the_one_of_the_severity(book: Book) -> None:
    book.state("penalty.administrative", "2026-05-01", attributes={"severity": "general"})
    record = book.file("2026-06-01").records[0]
    assert record.expires == LAW.display_until(LAW.item("penalty.administrative"), record.valid_from, PENALTY)
    assert record.expires is not None
    assert not record.past_term(record.expires)
    assert record.past_term(record.expires + timedelta(days=1))


def test_relations_show_from_both_sides_with_the_names_of_that_day(book: Book) -> None:
    other = "us-sf-business:24"
    book.state("register.organisation", "2015-01-01", attributes={"name": "PARENT"}, subject=other)
    book.state("register.relation", "2016-01-01", attributes={"relation": "parent", "related": other})
    book.state(
        "register.relation", "2017-01-01", attributes={"relation": "branch", "related": SUBJECT}, subject=other
    )
    book.state("register.organisation", "2021-06-01", attributes={"name": "LATER NAME"}, subject=other)
    found = [(each.relation, each.name, each.inverse) for each in book.file("2020-01-01").relations]
    assert found == [("branch", "PARENT", True), ("parent", "PARENT", False)]
    assert {each.name for each in book.file().relations} == {"LATER NAME"}


events = st.lists(
    st.tuples(
        st.sampled_from(["penalty", "correct", "withdraw", "contest", "settle", "repair", "register"]),
        st.integers(0, 6),
        st.dates(date(2019, 1, 1), date(2022, 1, 1)),
    ),
    max_size=12,
)


@given(events, st.dates(date(2019, 1, 1), date(2022, 1, 1)), st.integers(0, 12))
def test_what_comes_later_never_changes_an_earlier_answer(
    said: list[tuple[str, int, date]], day: date, cut: int
) -> None:
    book = Book()
    book.state("register.organisation", "2015-01-01", attributes={"name": "A"})
    answers = []
    for what, which, on in said:
        _say(book, what, which, on.isoformat())
        answers.append(canonical(as_json(book.file(day.isoformat(), upto=len(book.statements)))))
    for n, answer in enumerate(answers):
        assert canonical(as_json(book.file(day.isoformat(), upto=n + 2))) == answer


def _say(book: Book, what: str, which: int, on: str) -> None:
    earlier = [each.id for each in book.statements if each.item == "penalty.administrative"]
    target = earlier[which % len(earlier)] if earlier else None
    if what == "register":
        book.state("register.organisation", on, attributes={"name": f"A {on}"})
    elif what == "penalty" or target is None:
        book.state("penalty.administrative", on, attributes=PENALTY)
    elif what in ("correct", "withdraw"):
        book.state("penalty.administrative", on, attributes=PENALTY, act=Act(what), target=target)
    else:
        item = {"contest": "objection.lodged", "settle": "objection.closed", "repair": "repair.granted"}[what]
        book.state(item, on, target=target)
