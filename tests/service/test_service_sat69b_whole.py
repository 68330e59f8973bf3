"""Editions of the list of article 69-B: nothing is lost, nothing is there twice, whatever stops the import."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from tests.service.sat69b_made import code, decided, presumed, write
from tests.service.sat69b_world import (
    FIRST,
    LAW,
    LISTED,
    PRESUMED,
    SECOND,
    TWICE,
    UNDONE,
    WAITING,
    Take,
    listed,
    of,
    standing,
    taker,
)

from probity import intake, ledger
from probity.cli.main import run
from probity.errors import IntakeError, NotFoundError
from probity.ledger import Act
from probity.service import House, acts
from probity.service.fsck import fsck
from probity.service.sat69b.model import PROCEDURE, Stage


@pytest.fixture
def take(database: str, tmp_path: Path) -> Take:
    """Takes an edition of some rows in."""
    return taker(tmp_path)


# -- nothing is lost, nothing is there twice ----------------------------------------------------------


def test_what_cannot_be_read_is_in_quarantine_once_and_changes_nothing(take) -> None:
    take(FIRST)
    take(SECOND)
    take(SECOND)
    reasons = Counter(row.faults[0].reason.value for row in intake.listed())
    # The two that are blotted out, and the day that is a number.
    assert reasons == {"wrong-identifier": 2, "not-a-date": 1}
    [bad] = [row for row in intake.listed() if row.faults[0].reason == "not-a-date"]
    assert bad.faults[0].value == "43528"
    assert str(standing().of[PROCEDURE][f"{code(PRESUMED)}|500-05-2019-100"].attributes["stage"]) == "presumed"


def test_whatever_cannot_be_read_is_refused_by_the_intake_too(take) -> None:
    bad = [
        presumed(2).at(Stage.PRESUMED, presumption_gazette="44029"),
        presumed(3).at(Stage.PRESUMED, presumption_gazette=""),
        presumed(4).at(Stage.PRESUMED, presumption_document=""),
        presumed(5).at(Stage.PRESUMED, presumption_document="oficio pendiente"),
        presumed(6).at(Stage.PRESUMED, presumption_gazette_document="oficio pendiente"),
        decided(presumed(7)).at(Stage.DEFINITIVE, decision_page="ayer"),
        presumed(8).at(Stage.DEFINITIVE),
        decided(presumed(1)),
    ]
    taken = take([presumed(1), *bad])
    assert [key[:12] for key in standing().of[PROCEDURE]] == [code(1)]
    assert sum(receipt.refused for receipt in taken.receipts) == len(bad)
    assert len(list(intake.listed())) == len(bad)
    assert listed() == set()


def test_a_decision_without_a_document_lists_nobody(take) -> None:
    take(FIRST)
    take([presumed(PRESUMED).at(Stage.DEFINITIVE), *FIRST[1:]])
    assert of(PRESUMED) not in listed()
    [row] = [row for row in intake.listed() if row.mapping == "mx-sat-69b/entries"]
    assert {fault.field for fault in row.faults} == {"decision_document", "decision_gazette"}


def test_the_same_edition_again_changes_nothing(take) -> None:
    take(FIRST)
    taken = take(SECOND)
    assert sum(taken.withdrawn.values()) + sum(taken.corrected.values()) > 5
    count, rows = ledger.count(), len(list(intake.listed()))
    again = take(SECOND)
    assert (ledger.count(), len(list(intake.listed()))) == (count, rows)
    assert sum([*again.withdrawn.values(), *again.corrected.values()]) == 0
    assert not again.receipts
    assert all(move.lawful for move in again.comparison.moves)


def test_an_older_edition_is_refused(take) -> None:
    take(SECOND)
    count = ledger.count()
    with pytest.raises(IntakeError, match="this edition ends on"):
        take(FIRST)
    assert ledger.count() == count


def test_half_a_file_is_refused(take) -> None:
    many = [presumed(n, "500-05-2019-500", date(2019, 7, 1)) for n in range(1, 61)]
    take(many)
    with pytest.raises(IntakeError, match="are gone without an order"):
        take(many[:30])
    take(many[:41])  # nineteen are few
    assert len(standing().of[PROCEDURE]) == 41


def state_of_house() -> tuple[object, ...]:
    """What the house says, without what differs from run to run; and how many statements it took."""
    said = {
        (item, reference): (each.subject, each.valid_from, each.valid_to, tuple(sorted(each.attributes.items())))
        for item, found in standing().of.items()
        for reference, each in found.items()
    }
    acts_ = Counter((each.item, each.reference, each.act) for some in ledger.stream() for each in some)
    rows = sorted((row.mapping, row.line) for row in intake.listed())
    return said, acts_, rows


def test_stopped_at_any_step_and_run_again_it_leaves_one_of_each(
    take, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both editions go in with a stop before every transaction, one after the other; then without."""
    left = Countdown()
    for where, door in ((intake, "take_in"), (acts, "state")):
        monkeypatch.setattr(where, door, left.counting(getattr(where, door)))
    stops = 0
    for rows in (FIRST, SECOND):
        while True:
            left.number = 1
            try:
                take(rows)
                left.number = -1
                take(rows)
                break
            except InterruptedError:
                stops += 1
    assert stops >= 7
    now = state_of_house()
    assert set(now[1].values()) <= {1}
    assert listed() == {of(LISTED), of(WAITING), of(TWICE)}
    assert len(now[2]) == 3
    assert fsck(LAW).faults == ()
    assert all(count == 1 for (_, _, act), count in now[1].items() if act is Act.STATE)


class Countdown:
    """Lets so many calls through and stops at the next; -1 lets all through."""

    number = -1

    def counting(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **named: Any) -> Any:
            if self.number == 0:
                raise InterruptedError
            self.number -= 1
            return call(*args, **named)

        return counted


KILLED = """
    import os, signal, sys
    from pathlib import Path
    import django
    os.environ["DJANGO_SETTINGS_MODULE"] = "probity.service.settings"
    django.setup()
    from probity.ledger import Writer
    from probity.rulebook import load
    from probity.service import sat69b
    from probity.service.database import connect
    from probity.service.wiring import rulebooks

    connect()
    law, left, finish = load(rulebooks()), [int(sys.argv[2])], Writer.finish

    def killed(self, receipt):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return finish(self, receipt)

    Writer.finish = killed
    sat69b.take(sat69b.read([Path(sys.argv[1])], law.calendar("mx")), law, source="69b")
"""


@pytest.mark.parametrize("batches", [0, 3])
def test_killed_in_the_middle_of_a_batch_and_run_again(take, database: str, tmp_path: Path, batches: int) -> None:
    take(FIRST)
    before = ledger.count()
    path = write(tmp_path / "69b.csv", SECOND)
    environment = {**os.environ, "DATABASE_URL": database}
    done = subprocess.run(
        [sys.executable, "-c", dedent(KILLED), str(path), str(batches)], env=environment, check=False, timeout=60
    )
    assert done.returncode == -signal.SIGKILL
    assert (ledger.count() == before) is (batches == 0)
    take(SECOND)
    assert listed() == {of(LISTED), of(WAITING), of(TWICE)}
    assert set(state_of_house()[1].values()) == {1}
    assert fsck(LAW).faults == ()


# -- the commands -------------------------------------------------------------------------------------


def test_the_commands_compare_and_import(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setattr("probity.service.wiring._open", list[House]())
    one, two = write(tmp_path / "one.csv", FIRST), write(tmp_path / "two.csv", SECOND)
    asked = ["mx-sat-69b", "--before", str(one), "--after", str(two)]
    assert run(["lists", "compare", *asked, "--each", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["before"]["stages"] == {"presumed": 2, "rebutted": 0, "definitive": 4, "favourable": 2}
    assert found["comparison"]["not_lawful"] == 1
    assert found["comparison"]["each"][0]["organisation"] == of(UNDONE)
    assert run(["lists", "compare", *asked]) == 0
    assert "not lawful: decided again after a ruling" in capsys.readouterr().out
    assert run(["lists", "import", "mx-sat-69b", str(one), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["taken_in"]["one-entries.csv"] == {"accepted": 3, "refused": {}}
    assert run(["lists", "import", "mx-sat-69b", str(two)]) == 1  # a row is in quarantine
    assert "1 not-a-date" in capsys.readouterr().out
    assert run(["lists", "import", "nowhere", str(two)]) == NotFoundError.exit_code
