"""A record from which only grades follow is sent together with them: faster, and no other than one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from threading import Thread

import psycopg
import pytest
from django.db import connection, connections
from tests.service.test_service_acts import ALIBABA, DAY, LAW, file, register, say

from probity import ledger
from probity.errors import LedgerError
from probity.identity import compose
from probity.ledger import Act, Draft
from probity.ledger.store.read import SEAL
from probity.scoring import store as scoring
from probity.service import acts
from probity.service.fsck import fsck
from probity.service.wiring import days


@pytest.fixture(autouse=True)
def registered(database: str) -> None:
    say(register(ALIBABA, "阿里巴巴(中国)有限公司"))


def fined(number: int, subject: str = ALIBABA) -> Draft:
    said = {"decision_number": f"{number}", "conduct": "x", "ground": "x", "severity": "minor"}
    return Draft(subject, "penalty.administrative", "zj-amr", f"{number}", DAY, attributes=said)


@pytest.mark.parametrize("count", [ledger.ONE_BY_ONE, ledger.ONE_BY_ONE + 1])
def test_few_records_and_many_are_stated_and_graded(count: int) -> None:
    acts.state([fined(n) for n in range(count)], LAW, source="test")
    assert len(file().records) == count + 1
    assert scoring.kept(ALIBABA, LAW, days()) is not None
    assert fsck(LAW).faults == ()


def test_a_record_of_somebody_who_is_not_in_the_register_waits_for_that() -> None:
    stranger = f"cn-uscc:{compose('9', '1', '999999', '00000042')}"
    acts.state([fined(1), fined(2, stranger)], LAW, source="test")
    assert [each.reference for each in ledger.statements([stranger])] == ["2"]
    assert scoring.kept(stranger, LAW, days()) is None
    assert scoring.kept(ALIBABA, LAW, days()) is not None


def test_a_stale_correction_is_refused_wherever_it_stands_among_what_is_said() -> None:
    (wrong,) = say(fined(1))
    acts.correct(wrong, LAW, reason="x", attributes={"severity": "serious"})
    stale = replace(fined(1), act=Act.CORRECT, target=wrong)
    before = ledger.count()
    with pytest.raises(LedgerError, match="in the meantime"):
        acts.state([register(ALIBABA, "x", "2023-01-01"), stale], LAW, source="test")
    with pytest.raises(LedgerError, match="in the meantime"):
        acts.state([replace(fined(2), issuer="hz-amr"), stale], LAW, source="test")
    assert ledger.count() == before


def test_no_batch_is_stamped_before_its_lock_is_held(database: str) -> None:
    """Whoever asks what was known holds the lock: what comes to be known has to be later."""
    drafts = [fined(1), replace(fined(2), issuer="hz-amr")]
    writing = Thread(target=lambda: (acts.state(drafts, LAW, source="test"), connections.close_all()))
    with psycopg.connect(database) as asking:
        asking.execute("SELECT pg_advisory_xact_lock_shared(%s)", [SEAL])
        writing.start()
        writing.join(0.5)
        assert writing.is_alive()
        asked = datetime.now(UTC)
    writing.join(60)
    stamped = {each.recorded_at for each in ledger.statements([ALIBABA], items=["penalty.administrative"])}
    assert len(stamped) == 2
    assert min(stamped) > asked


def test_a_record_and_its_grade_take_five_round_trips(tmp_path: Path) -> None:
    for n in range(8):
        say(fined(n))  # until its commands are planned
    with (tmp_path / "traffic").open("w+") as trace:
        said = connection.connection.pgconn
        said.trace(trace.fileno())
        said.set_trace_flags(psycopg.pq.Trace.SUPPRESS_TIMESTAMPS)
        say(fined(9))
        said.untrace()
        directions = [line[0] for line in (tmp_path / "traffic").read_text().splitlines() if line[0] in "FB"]
    assert sum(pair == ("F", "B") for pair in pairwise(directions)) == 5, directions
