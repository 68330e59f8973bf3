"""What an act is decided on: contacts that still hold, facts that were established, repairs, and the day it is."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from threading import Thread

import pytest
from django.db import connection, connections
from tests.service.played import (
    AUTHORITY,
    DECISION,
    ENTER,
    LAW,
    START,
    act,
    deliver,
    forced,
    listed,
    notified,
    proposed,
    registered,
    violation,
)

from probity import ledger
from probity.errors import CharterError, ProcedureError
from probity.ledger import Act, Draft
from probity.procedures import store
from probity.service import acts, dispatch, wiring
from probity.service.fsck import fsck
from probity.service.oversight import read
from probity.service.ticks import let_time_pass
from probity.service.wiring import today

EXPIRED = date(2025, 3, 21)
REPAIR = {"decision_number": "R1", "reasons": "paid"}
ARREARS = {"decision_number": "C1", "amount": 5_000_000}


@pytest.fixture
def who(database: str) -> str:
    """An organisation in the register, with a decision of the tax authority that meets the criterion."""
    name = registered()
    violation(name)
    return name


def stated(draft: Draft) -> str:
    return str(acts.state([draft], LAW, source="test", generated=True)["statements"][0])


def test_a_contact_that_has_ended_is_not_served(who: str) -> None:
    for n, ends in enumerate((START - timedelta(days=1), START), 1):
        said = {"role": "compliance office", "means": "post" if n == 1 else "in-person"}
        stated(Draft(who, "register.contact", "registry", f"c{n}", date(2018, 1, n), ends, said))
    case = store.case(notified(who), LAW)
    assert case.notified is not None
    assert [(each.name, each.means) for each in case.notified.contacts] == [
        ("organisation", "portal"),
        ("contact-1", "in-person"),
    ]


def test_what_was_established_with_documents_holds_until_the_decision(database: str) -> None:
    """No record says it; the proposal did, and the decision rests on it without saying it again."""
    who = registered()
    stated(Draft(who, "customs.arrears", "zj-customs", "a", date(2024, 1, 15), attributes=ARREARS))
    by, other = ({"agency": "zj-customs", "officer": each} for each in ("1", "2"))
    number = act(START, "find", list="cn-customs-dishonest", subject=who, authority="zj-customs",
                 criterion="arrears", facts="duties unpaid", by=by).case  # fmt: skip
    said = {"by": by, "facts": "duties unpaid", "reasons": "it has the means", "documents": ["accounts of 2023"]}
    with pytest.raises(ProcedureError):
        act(START, "propose", number, **said)
    act(START, "propose", number, **said, established=["able-to-pay"])
    act(START, "notify", number, by=by)
    act(START, "prove-delivery", number, by=by, contact="organisation", means="portal",
        received=START.isoformat(), proof="receipt 1")  # fmt: skip
    ends = store.kept_case(number).window_ends
    assert ends is not None
    receipt = act(ends + timedelta(days=1), "enter", number, by=other, facts="f", reasons="r", term="1y")
    assert receipt.phase == "listed"


def test_a_correction_cannot_part_an_entry_from_its_case(who: str) -> None:
    listed(who)
    (entry,) = (each for each in ledger.statements([who]) if each.item == "list.serious-violation")
    without = {**entry.attributes, "case": None}
    said = Draft(
        who, entry.item, AUTHORITY, entry.reference, entry.valid_from, DECISION, without, Act.CORRECT, entry.id
    )
    with pytest.raises(CharterError, match="procedure"):
        acts.state([said], LAW, source="test", generated=True)
    with pytest.raises(CharterError, match="procedure"):
        acts.correct(entry.id, LAW, reason="by hand", attributes={"case": None})


def test_a_repaired_entry_stays_over_since_its_repair(who: str) -> None:
    """The term that runs out later does not bring back the days after the repair (charter 6)."""
    number = listed(who)
    (entry,) = store.entries_of([who], DECISION)
    repaired = DECISION + timedelta(days=100)
    stated(Draft(who, "repair.granted", "registry", "r", repaired, attributes=REPAIR, target=entry.record))
    assert store.entries_of([who], repaired) == []
    assert [each.in_force for each in read.entries(repaired)] == [False]
    assert let_time_pass(LAW, EXPIRED) == {"expiry": 1}
    assert store.kept_case(number).phase == "ended"
    assert store.entries_of([who], repaired) == []
    assert len(store.entries_of([who], repaired - timedelta(days=1))) == 1


def test_an_entry_is_over_on_the_day_of_its_removal(who: str) -> None:
    number = listed(who)
    gone = DECISION + timedelta(days=10)
    stated(
        Draft(who, "register.organisation", "registry", f"{who} 2016-01-01 2", gone,
              attributes={"name": "测湖县公司0", "status": "deregistered"})
    )  # fmt: skip
    assert let_time_pass(LAW, gone) == {"dissolution": 1}
    assert store.entries_of([who], gone) == []
    assert [each.in_force for each in read.entries(gone)] == [False]
    assert [each.in_force for each in read.entries(gone - timedelta(days=1))] == [True]
    assert [each.case_number for each in store.entries_of([who], gone - timedelta(days=1))] == [number]


def test_a_case_that_cannot_have_happened_keeps_nobody_elses_documents_back(who: str, tmp_path: Path) -> None:
    sound = registered(1)
    violation(sound)
    mine, others = notified(who), notified(sound)
    forced(who, mine)
    done = dispatch.dispatch(LAW, tmp_path)
    assert (done.files, done.unsound) == (1, (mine,))
    (written,) = (tmp_path / dispatch.MADE_UP).iterdir()
    assert written.name.startswith(others.replace("/", "_"))
    assert dispatch.dispatch(LAW, tmp_path).files == 0
    deliver(others)
    act(DECISION, "enter", others, **ENTER)
    again = dispatch.dispatch(LAW, tmp_path)
    assert (again.files, again.unsound) == (1, (mine,))


def test_a_case_that_cannot_have_happened_keeps_nobody_elses_time_from_passing(who: str) -> None:
    sound = registered(1)
    violation(sound)
    mine, others = listed(who), listed(sound)
    forced(who, mine)
    assert let_time_pass(LAW, EXPIRED) == {"expiry": 1, "unsound": 1}
    assert store.kept_case(others).phase == "ended"
    assert store.kept_case(mine).phase == "listed"
    assert any(mine in fault for fault in fsck(LAW).faults)


def test_a_fixed_day_moves_only_the_cases_of_made_up_organisations(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A demo of old data plays on its day; what is real has today, whatever day is fixed for its scheme."""
    who = registered(generated=False)
    violation(who, today().replace(day=1), generated=False)
    number = proposed(who, None)
    fixed = today() - timedelta(days=400)
    monkeypatch.setattr(wiring, "_open", [wiring.House(Path(), LAW, {"cn-uscc": fixed})])
    with pytest.raises(CharterError, match="today is"):
        act(fixed, "withdraw", number, by={"agency": AUTHORITY, "officer": "0417"}, reasons="r")
    gone = Draft(who, "register.organisation", "registry", "gone", today(),
                 attributes={"name": "测湖县公司0", "status": "deregistered"})  # fmt: skip
    acts.state([gone], LAW, source="test")
    assert let_time_pass(LAW, today()) == {"dissolved": 1}
    assert store.kept_case(number).closed_on == today()


def test_a_case_that_is_looked_at_too_early_waits(who: str) -> None:
    """While holidays are not announced, a case is looked at on the earliest day that is possible."""
    number = proposed(who)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procedures_case SET tick_on = %s", [START])
    assert let_time_pass(LAW, START) == {}
    assert store.kept_case(number).phase == "proposed"


def test_two_who_dispatch_at_once_take_turns(who: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes second waits, and finds nothing left to write."""
    number = notified(who)
    found: list[int] = []

    def second() -> None:
        found.append(dispatch.dispatch(LAW, tmp_path).files)
        connections.close_all()

    other = Thread(target=second)
    write = dispatch._write

    def slowly(path: Path, whole: bytes) -> None:
        other.start()
        other.join(0.5)
        assert other.is_alive()
        write(path, whole)

    monkeypatch.setattr(dispatch, "_write", slowly)
    assert dispatch.dispatch(LAW, tmp_path).files == 1
    other.join(60)
    assert found == [0]
    assert number
