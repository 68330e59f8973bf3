"""Kept grades are those of today, or are seen to be due: after statements, files, days and other laws alike."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.scoring.deliveries import deliver_everything

from probity import dossier, ledger
from probity.canon import digest
from probity.errors import NotFoundError, ProbityError
from probity.identity import compose
from probity.ledger import Draft
from probity.rulebook import Law, load
from probity.scoring import Days, applies, evaluate_with_inputs, facts, sources
from probity.scoring import store as scoring
from probity.scoring.store import current
from probity.service import acts
from probity.service.fsck import fsck

LAW = load(Path(__file__).parents[2] / "rulebooks")
START = date(2023, 9, 1)
"""Three months before the versions of two cards change and a third ends."""
NUMBERS = count(1)
RESULTS = tuple[tuple[str, date, int | None, str | None], ...]


def other_law(base: int) -> Law:
    """The law, where every card begins with so many points more."""
    cards = tuple(card.model_copy(update={"base": card.base + base * 1000}) for card in LAW.cards)
    return replace(LAW, cards=cards, hash=digest(str(base).encode()))


LAWS = (LAW, other_law(-30))


@dataclass
class Town:
    """Three organisations, and whatever is done to them. ``law`` and ``days`` are those of the moment."""

    monkeypatch: pytest.MonkeyPatch
    law: Law = LAW
    days: Days = field(default_factory=lambda: Days(START))
    subjects: list[str] = field(default_factory=list)
    stated: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.monkeypatch.setattr(acts, "today", lambda: self.days.today)
        self.monkeypatch.setattr(acts, "days", lambda: self.days)
        self.subjects = [f"cn-uscc:{compose('9', '1', '339906', f'{next(NUMBERS):08d}')}" for _ in range(3)]
        for subject in self.subjects:
            self.state(subject, "register.organisation", 2000, {"name": subject})

    def draft(self, subject: str, item: str, age: int, said: dict[str, Any], target: str | None = None) -> Draft:
        day = self.days.today - timedelta(days=age)
        issuer = next(each.agency for each in self.law.agencies if each.may_state(item))
        return Draft(subject, item, issuer, f"{item} {next(NUMBERS)}", day, None, said, target=target)

    def state(
        self, subject: str, item: str, age: int, said: dict[str, Any], target: str | None = None
    ) -> list[str]:
        receipt = acts.state([self.draft(subject, item, age, said, target)], self.law, source="test")
        self.stated += receipt["statements"]
        return list(receipt["statements"])

    def take_in(self, subjects: list[str], item: str, age: int, said: dict[str, Any]) -> None:
        """As a file is: nobody is graded with it."""
        drafts = [self.draft(subject, item, age, said) for subject in subjects]
        with ledger.receive(
            digest(str(next(NUMBERS)).encode()),
            item=item,
            issuer=drafts[0].issuer,
            source="file",
            rulebook=self.law.hash,
            generated=False,
        ) as writer:
            self.stated += writer.append(drafts)
            dossier.follow(writer.first, self.law, generated=False)
            writer.finish({"rows": len(drafts)})

    def about(self, n: int, item: str, age: int, said: dict[str, Any]) -> None:
        target = ledger.statement(self.stated[n % len(self.stated)])
        self.state(target.subject, item, age, said, target.id)

    def night(self) -> scoring.Caught:
        return scoring.catch_up(self.law, self.days)

    def full(self, subject: str) -> RESULTS:
        """Everything from the beginning, card by card, by the meaning of each."""
        day = self.days.of(subject)
        try:
            file = dossier.open_file(subject, self.law, true_on=day)
        except NotFoundError:
            return ()
        known = ledger.delivered(file.position, sources(self.law.cards))
        found = []
        for card in self.law.cards:
            if card.in_force.covers(day) and applies(card, file.kind, file.scheme):
                args = (card, self.law, facts(file), day, known, file.kind, file.scheme)
                result = evaluate_with_inputs(*args).evaluation
                found.append((card.card, card.in_force.from_, result.total, result.grade))
        return tuple(sorted(found))

    def kept(self, subject: str) -> RESULTS | None:
        found = scoring.kept(subject, self.law, self.days)
        return found and tuple((each.card, each.version, each.total, each.grade) for each in found.grades)

    def check(self, *, all_hold: bool) -> None:
        for subject in self.subjects:
            kept = self.kept(subject)
            assert kept is not None or not all_hold, subject
            assert kept is None or kept == self.full(subject), subject


@pytest.fixture
def town(database: str, monkeypatch: pytest.MonkeyPatch) -> Town:
    """With grades that are kept from the beginning."""
    deliver_everything(LAW)
    made = Town(monkeypatch)
    made.night()
    return made


PENALTY = {"severity": "general", "decision_number": "1", "conduct": "c", "ground": "g"}
HONOUR = {"level": "province", "honour": "h", "document": "d"}


# -- with the statement --------------------------------------------------------------------------------


def test_statement_and_grade_are_there_together(town: Town) -> None:
    first, other, _ = town.subjects
    before, untouched = town.kept(first), town.kept(other)
    town.state(first, "penalty.administrative", 30, PENALTY)
    assert town.kept(first) == town.full(first) != before
    assert town.kept(other) == untouched
    assert town.night().organisations == 0


def test_a_statement_that_is_not_taken_changes_no_grade(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    first = town.subjects[0]
    before = town.kept(first)

    def fails(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr("probity.ledger.store.append.Writer.finish", fails)
        town.state(first, "penalty.administrative", 30, PENALTY)
    assert town.kept(first) == before == town.full(first)


def test_corrections_withdrawals_objections_and_repairs_are_followed(town: Town) -> None:
    first = town.subjects[0]
    seen = {town.kept(first)}
    (penalty,) = town.state(first, "penalty.administrative", 30, PENALTY)
    seen.add(town.kept(first))
    acts.correct(penalty, LAW, reason="r", attributes={"severity": "serious"})
    seen.add(town.kept(first))
    town.state(first, "repair.granted", 0, {"reasons": "paid"}, penalty)
    town.check(all_hold=True)
    acts.withdraw(penalty, LAW, reason="r")
    town.check(all_hold=True)
    assert len(seen) == 3


def test_another_kind_brings_other_cards_and_a_closed_file_none(town: Town) -> None:
    first = town.subjects[0]
    town.state(first, "register.organisation", 10, {"name": "x", "kind": "social-organisation"})
    assert town.kept(first) == ()
    town.state(first, "register.organisation", 5, {"name": "x", "kind": "enterprise"})
    assert town.kept(first) == town.full(first) != ()
    for registration in [id_ for id_ in town.stated if ledger.statement(id_).subject == first]:
        acts.withdraw(registration, LAW, reason="r")
    assert town.kept(first) == ()


def test_more_than_a_few_organisations_at_once_are_due_instead(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("probity.scoring.store.keeping.MOST_WITH_A_STATEMENT", 1)
    drafts = [town.draft(subject, "honour.award", 30, HONOUR) for subject in town.subjects]
    acts.state(drafts, LAW, source="test")
    assert [town.kept(subject) for subject in town.subjects] == [None, None, None]
    assert town.night().reasons == ((scoring.Reason.STATED, 3),)
    town.check(all_hold=True)


# -- due and found -------------------------------------------------------------------------------------


def test_after_a_file_only_those_of_whom_it_speaks_are_due(town: Town) -> None:
    first, other, _ = town.subjects
    town.take_in([first], "penalty.administrative", 30, PENALTY)
    assert town.kept(first) is None
    assert town.kept(other) == town.full(other)
    caught = town.night()
    assert (caught.organisations, caught.reasons) == (1, ((scoring.Reason.STATED, 1),))
    assert caught.changed >= 1
    town.check(all_hold=True)


def test_a_statement_after_a_file_does_not_hide_what_the_file_left_due(town: Town) -> None:
    first, other, _ = town.subjects
    town.take_in([first, other], "honour.award", 30, HONOUR)
    town.state(other, "penalty.administrative", 30, PENALTY)
    assert town.kept(other) == town.full(other)
    assert town.kept(first) is None
    assert town.night().organisations == 1
    town.check(all_hold=True)


def test_those_whom_a_file_registers_are_graded(town: Town) -> None:
    new = f"cn-uscc:{compose('9', '1', '339906', '99999999')}"
    town.take_in([new], "register.organisation", 30, {"name": "new"})
    assert town.kept(new) is None
    assert town.night().organisations == 1
    assert town.kept(new) == town.full(new) != ()


def test_time_alone_is_found_on_its_day_and_not_before(town: Town) -> None:
    first = town.subjects[0]
    town.state(first, "penalty.administrative", 0, PENALTY)  # shown for a year
    kept = scoring.kept(first, LAW, town.days)
    assert kept is not None
    assert kept.changes_on == date(2023, 12, 5)  # other versions of cards
    town.days = Days(date(2023, 12, 4))
    assert town.night().organisations == 0
    town.check(all_hold=True)
    town.days = Days(date(2023, 12, 5))
    assert town.kept(first) is None
    assert town.night().reasons == ((scoring.Reason.TIME, 3),)
    town.check(all_hold=True)


def test_a_record_of_a_later_day_counts_from_that_day_on(town: Town) -> None:
    first, other, _ = town.subjects
    town.take_in([first], "penalty.administrative", -10, PENALTY)
    new = f"cn-uscc:{compose('9', '1', '339906', '88888888')}"
    town.take_in([new], "register.organisation", -10, {"name": "new"})
    town.night()
    assert town.kept(new) == ()
    assert town.kept(first) == town.full(first) == town.kept(other)
    town.days = Days(START + timedelta(days=10))
    assert town.night().reasons == ((scoring.Reason.TIME, 2),)
    assert town.kept(new) == town.full(new) != ()
    assert town.kept(first) == town.full(first) != town.kept(other)


def test_where_the_day_is_fixed_it_never_comes(town: Town) -> None:
    fixed = replace(town.days, fixed={"cn-uscc": START})
    town.days = fixed
    assert town.night().reasons == ((scoring.Reason.BASIS, 3),)
    town.days = replace(fixed, today=date(2025, 1, 1))
    assert town.night().organisations == 0
    town.check(all_hold=True)


def test_another_law_grades_everyone_anew_once(town: Town) -> None:
    town.law = LAWS[1]
    assert [town.kept(subject) for subject in town.subjects] == [None, None, None]
    assert town.night().reasons == ((scoring.Reason.BASIS, 3),)
    assert town.night().organisations == 0
    town.check(all_hold=True)


def test_a_first_delivery_is_no_reason_until_enough_is_known(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Town(monkeypatch)
    made.night()
    assert all(total is None for _, _, total, _ in made.kept(made.subjects[0]) or ())
    made.take_in([made.subjects[0]], "honour.award", 30, HONOUR)
    assert made.night().reasons == ((scoring.Reason.STATED, 1),)
    deliver_everything(LAW)
    assert made.kept(made.subjects[1]) is None
    assert made.night().reasons == ((scoring.Reason.BASIS, 3),)
    made.check(all_hold=True)


def test_everyone_is_graded_only_where_that_is_asked(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Town(monkeypatch)
    for law in LAWS:
        made.law = law
        made.take_in(made.subjects[:1], "honour.award", 30, HONOUR)
        assert scoring.catch_up(law, made.days, everyone=False).organisations == 0
        assert made.night().organisations == 3
        made.take_in(made.subjects[:1], "honour.award", 30, HONOUR)
        assert scoring.catch_up(law, made.days, everyone=False).organisations == 1
        made.check(all_hold=True)


def test_whoever_knows_more_of_the_ledger_stays(town: Town) -> None:
    """A nightly run that read before a statement and writes after it changes nothing."""
    first = town.subjects[0]
    asked = current.ask(LAW, town.days)
    late = current.grade_anew([(dossier.ordinal_of(first), first)], asked)
    town.state(first, "penalty.administrative", 30, PENALTY)
    current.write(late, asked)
    assert town.kept(first) == town.full(first)


# -- always --------------------------------------------------------------------------------------------

SAID = {
    "penalty.administrative": [{**PENALTY, "severity": each} for each in ("minor", "general", "serious")],
    "honour.award": [{**HONOUR, "level": each} for each in ("county", "province")],
}
places = st.integers(0, 2)
records = st.sampled_from(sorted(SAID)).flatmap(
    lambda item: st.tuples(st.just(item), st.integers(0, 400), st.sampled_from(SAID[item]))
)
steps = st.one_of(
    st.tuples(st.just("state"), places, records),
    st.tuples(st.just("state"), places, records),
    st.tuples(st.just("file"), st.lists(places, min_size=1, max_size=2, unique=True), records),
    st.tuples(st.just("correct"), st.integers(0, 20), st.integers(1, 300)),
    st.tuples(st.just("withdraw"), st.integers(0, 20)),
    st.tuples(st.just("object"), st.integers(0, 20), st.integers(0, 20)),
    st.tuples(st.just("repair"), st.integers(0, 20), st.integers(0, 20)),
    st.tuples(st.just("kind"), places, st.sampled_from(("enterprise", "social-organisation"))),
    st.tuples(st.just("days"), st.integers(1, 120)),
    st.tuples(st.just("law"), st.sampled_from(LAWS)),
    st.tuples(st.just("night")),
)


def do(town: Town, step: tuple[Any, ...]) -> None:
    match step:
        case ("state", place, (item, age, said)):
            town.state(town.subjects[place], item, age, said)
        case ("file", several, (item, age, said)):
            town.take_in([town.subjects[place] for place in several], item, age, said)
        case ("correct", n, age):
            day = town.days.today - timedelta(days=age)
            acts.correct(town.stated[n % len(town.stated)], town.law, reason="r", valid_from=day)
        case ("withdraw", n):
            acts.withdraw(town.stated[n % len(town.stated)], town.law, reason="r")
        case ("object", n, age):
            town.about(n, "objection.lodged", age, {"ground": "error"})
        case ("repair", n, age):
            town.about(n, "repair.granted", age, {"reasons": "paid"})
        case ("kind", place, kind):
            town.state(town.subjects[place], "register.organisation", 1, {"name": "x", "kind": kind})
        case ("days", n):
            town.days = Days(town.days.today + timedelta(days=n))
        case ("law", law):
            town.law = law
        case _:
            town.night()


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(steps, min_size=4, max_size=14))
def test_what_is_kept_is_what_full_grading_gives_always(town: Town, taken: list[tuple[Any, ...]]) -> None:
    of = Town(town.monkeypatch)
    of.night()
    of.check(all_hold=True)
    for step in taken:
        with suppress(ProbityError):  # withdrawn twice, corrected beyond its item: the house refuses it
            do(of, step)
        of.check(all_hold=step == ("night",))
    of.night()
    of.check(all_hold=True)
    assert of.night().organisations == 0


# -- checked -------------------------------------------------------------------------------------------


def test_fsck_finds_kept_grades_that_were_tampered_with(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("probity.service.fsck.days", lambda: town.days)
    assert fsck(LAW).faults == ()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE scoring_kept_grade SET total = total + 1000 WHERE organisation = 0")
        cursor.execute("UPDATE scoring_kept SET changes_on = NULL, as_of = %s WHERE organisation = 1", [START])
        cursor.execute("DELETE FROM scoring_kept WHERE organisation = 2")
    faults = fsck(LAW).faults
    assert [fault.split("(")[0].strip() for fault in faults] == [
        f"the kept grades of {town.subjects[0]}",
        f"the kept grades of {town.subjects[2]} are due, and nothing would find them",
    ]
    town.days = Days(date(2023, 12, 5))
    assert any(town.subjects[1] in fault and "not those made anew" in fault for fault in fsck(LAW).faults)


def test_a_batch_known_now_is_known_for_ever(town: Town) -> None:
    """The place in the ledger is kept with the grade: the same question gives the same answer later."""
    first = town.subjects[0]
    town.state(first, "penalty.administrative", 30, PENALTY)
    kept = scoring.kept(first, LAW, town.days)
    assert kept is not None
    assert kept.position == ledger.head().number
    assert ledger.head().known_at <= datetime.now(UTC)
