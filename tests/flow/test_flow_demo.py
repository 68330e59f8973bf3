"""The whole demo: all of San Francisco, a small province, the comparison with the official scores, twice."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from probity.rulebook import load
from probity.service import House
from probity.service.demo import DAYS, Fault, prepare
from probity.service.fsck import fsck
from probity.service.wiring import rulebooks

LAW = load(rulebooks())


@pytest.mark.usefixtures("database")
def test_the_official_scores_are_reproduced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBITY_HOME", str(tmp_path))
    house = House(tmp_path, LAW, DAYS)
    stages: list[str] = []
    figures = prepare(house, lambda what, done, total: stages.append(what), organisations=200).as_json()
    official = figures["official"]
    assert (figures["businesses"], figures["inspections"], figures["violations"]) == (6_399, 14_232, 38_994)
    assert figures["organisations"] == 6_399 + 200
    assert official["compared"] == 14_232
    assert official["exact"] / official["compared"] >= 0.983
    differences = official["differences"]
    assert len(differences) == official["compared"] - official["exact"]
    assert sum(official["by_difference"].values()) == sum(official["by_fault"].values()) == len(differences)
    for each in differences:
        assert each["official"] != each["computed"]
        assert each["fault"] in set(Fault)
    assert sum(figures["grades"]["us-sf-food/lives"].values()) == 6_399
    assert "grades by us-sf-food/lives" in stages
    # Again: nothing is left to do, and nothing changes.
    begun = datetime.now(UTC)
    again = prepare(house, lambda what, done, total: None, organisations=200).as_json()
    assert (datetime.now(UTC) - begun).total_seconds() < 5
    assert {**again, "seconds": None} == {**figures, "seconds": None}
    assert fsck(LAW).faults == ()
