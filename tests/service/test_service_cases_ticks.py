"""What time brings about by itself: lapses, openings, expiry, dissolution; killed in the middle it goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest
from django.db import connection
from tests.service.played import (
    DECISION,
    LAW,
    PROPOSER,
    START,
    act,
    deliver,
    found,
    listed,
    notified,
    opened,
    proposed,
    registered,
    violation,
)

from probity import dossier, ledger
from probity.errors import ProcedureError
from probity.procedures import store
from probity.service import ticks
from probity.service.fsck import fsck
from probity.service.nightly import nightly
from probity.service.ticks import let_time_pass
from probity.service.wiring import today

EXPIRED = date(2025, 3, 21)
FAR = date(2026, 1, 1)

KILLED = """
import sys
import django

django.setup()
from datetime import date
from probity.rulebook import load
from probity.service import ticks
from probity.service.wiring import rulebooks

ticks.AT_ONCE = 2


def told(done, total):
    print(done, total, flush=True)
    sys.stdin.readline()


ticks.let_time_pass(load(rulebooks()), date(2025, 3, 21), told)
"""


def organisation(number: int = 0) -> str:
    who = registered(number)
    violation(who)
    return who


@pytest.fixture
def who(database: str) -> str:
    return organisation()


def test_an_entry_ends_with_its_term(who: str) -> None:
    number = listed(who)
    assert let_time_pass(LAW, EXPIRED - timedelta(days=1)) == {}
    assert let_time_pass(LAW, EXPIRED) == {"expiry": 1}
    assert let_time_pass(LAW, EXPIRED) == {}
    kept = store.kept_case(number)
    assert (kept.phase, kept.outcome, kept.closed_on, kept.tick_on) == ("ended", "expiry", EXPIRED, None)
    assert store.entries_of([who], EXPIRED) == []
    assert len(store.entries_of([who], EXPIRED - timedelta(days=1))) == 1
    assert fsck(LAW).faults == ()


def test_what_an_authority_lets_pass_lapses_and_never_lists(who: str) -> None:
    waiting = [proposed(who), notified(organisation(1)), opened(organisation(2)), found(organisation(3))]
    assert let_time_pass(LAW, START + timedelta(days=7)) == {}
    assert let_time_pass(LAW, FAR) == {"lapsed": 2}
    assert [store.kept_case(each).outcome for each in waiting] == ["lapsed", None, "lapsed", None]
    assert not any(store.kept_case(each).entered for each in waiting)
    assert fsck(LAW).faults == ()


def test_a_window_opens_when_the_announcement_has_stood_its_time(who: str) -> None:
    number = notified(who)
    act(START, "report-undelivered", number, by=PROPOSER, contact="organisation", means="post", why="moved away")
    act(START, "announce", number, by=PROPOSER, where="the gazette")
    day = store.kept_case(number).tick_on
    assert day is not None
    assert let_time_pass(LAW, day - timedelta(days=1)) == {}
    done = let_time_pass(LAW, day + timedelta(days=1))
    assert done == {"opened": 1}
    kept = store.kept_case(number)
    assert kept.phase == "open"
    assert kept.window_ends is not None
    assert kept.window_ends > day


def test_nothing_outlives_the_organisation_and_nothing_passes_to_its_successor(who: str) -> None:
    entered, pending, successor = listed(who), proposed(organisation(1)), registered(2)
    gone = DECISION + timedelta(days=30)
    for number in (0, 1):
        registered(number, on=gone.isoformat(), status="deregistered")
    assert store.kept_case(entered).tick_on == gone
    assert let_time_pass(LAW, gone) == {"dissolution": 1, "dissolved": 1}
    assert [store.kept_case(each).outcome for each in (entered, pending)] == ["dissolved", "dissolved"]
    assert store.entries_of([who, successor], gone) == []
    assert len(store.entries_of([who], gone - timedelta(days=1))) == 1
    record = next(r for r in dossier.open_file(who, LAW, true_on=gone).records if r.item.startswith("list."))
    assert record.valid_to == gone - timedelta(days=1)
    assert fsck(LAW).faults == ()


def test_many_cases_at_once_and_some_at_a_time(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticks, "AT_ONCE", 2)
    numbers = [listed(organisation(n)) for n in range(3)] + [proposed(organisation(n)) for n in range(3, 6)]
    told: list[tuple[int, int]] = []
    before = ledger.count()
    assert let_time_pass(LAW, EXPIRED, lambda *so_far: told.append(so_far)) == {"expiry": 3, "lapsed": 3}
    assert told == [(2, 6), (4, 6), (6, 6)]
    assert ledger.count() == before + 6
    assert [store.kept_case(each).outcome for each in numbers] == ["expiry"] * 3 + ["lapsed"] * 3
    assert fsck(LAW).faults == ()


def test_statements_of_one_kind_are_one_batch_however_many_cases(database: str) -> None:
    numbers = [proposed(organisation(1)), *(listed(organisation(n)) for n in (2, 3)), proposed(organisation(4))]
    before = ledger.head().number
    assert let_time_pass(LAW, EXPIRED) == {"expiry": 2, "lapsed": 2}
    said = [each for block in ledger.stream(after=before) for each in block]
    assert len({each.batch for each in said}) == len({each.item for each in said}) == 2
    assert sorted(str(each.attributes["case"]) for each in said) == sorted(numbers)


def test_killed_in_the_middle_it_goes_on_and_does_nothing_twice(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [listed(organisation(n)) for n in range(5)]
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED],
        env={**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "probity.service.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline().split() == ["2", "5"]
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()
    ended = [number for number in numbers if store.kept_case(number).phase == "ended"]
    assert len(ended) == 2
    assert let_time_pass(LAW, EXPIRED) == {"expiry": 3}
    mine = [each for block in ledger.stream() for each in block if each.item == "listing.ended"]
    assert sorted(str(each.attributes["case"]) for each in mine) == sorted(numbers)
    assert fsck(LAW).faults == ()


def test_the_nightly_run_lets_time_pass(database: str) -> None:
    numbers = [listed(organisation(n)) for n in range(2)]
    night = nightly(LAW)
    assert night.cases == {"expiry": 2}
    assert nightly(LAW).cases == {}
    assert [store.kept_case(each).closed_on for each in numbers] == [today()] * 2
    assert fsck(LAW).faults == ()


def test_another_law_derives_cases_anew(who: str) -> None:
    """Holidays of a year are announced; whoever waited for them learns the day."""
    number = opened(who)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procedures_progress SET law = %s", [b"\0" * 32])
        cursor.execute("UPDATE procedures_case SET window_ends = NULL, tick_on = NULL")
    assert fsck(LAW).faults == ()
    nightly(LAW)
    assert list(store.refresh(LAW)) == []
    assert store.kept_case(number).window_ends is not None
    assert fsck(LAW).faults == ()


def test_the_same_statements_are_two_only_if_said_twice(who: str) -> None:
    """Delivery after the window opened is refused: nothing is served twice."""
    number = notified(who)
    deliver(number)
    with pytest.raises(ProcedureError):
        deliver(number)
