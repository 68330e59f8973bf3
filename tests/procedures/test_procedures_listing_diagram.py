"""The page about the listing procedure shows the machine as it is.

A change that is meant is drawn anew with ``PROBITY_RENEW_GOLDEN=1 pytest tests/procedures``.
"""

from __future__ import annotations

import os
from typing import get_args

from tests.procedures.playing import ROOT

from probity.procedures.diagram import NAMES, WHOSE, acts_table, diagram, renewed
from probity.procedures.listing import BRINGS, TRANSITIONS, Phase, acts
from probity.rulebook import load

PAGE = ROOT / "docs" / "procedures" / "listing.md"


def test_the_page_is_current() -> None:
    page = PAGE.read_text("utf-8")
    drawn = renewed(page, load(ROOT / "rulebooks"))
    if os.environ.get("PROBITY_RENEW_GOLDEN"):
        PAGE.write_text(drawn, "utf-8")
        page = drawn
    assert page == drawn, "docs/procedures/listing.md is not current; set PROBITY_RENEW_GOLDEN=1"


def test_the_page_shows_all_three_parts() -> None:
    page = PAGE.read_text("utf-8")
    assert all(f"<!-- {part} -->\n" in page for part in ("diagram", "acts", "deadlines"))
    assert diagram() in page
    assert acts_table() in page


def test_every_act_has_one_whose_it_is_and_every_phase_a_name() -> None:
    assert set(BRINGS) == set(WHOSE) == set(get_args(acts.Command))
    assert set(NAMES) == set(Phase)


def test_every_event_comes_about_and_every_arrow_is_drawn() -> None:
    assert {event for events in BRINGS.values() for event in events} == set(TRANSITIONS)
    assert set(TRANSITIONS) == {*acts.ITEMS, acts.Entered}
    drawn = diagram()
    for moves in TRANSITIONS.values():
        for before, after in moves.items():
            if before is not after:
                assert f"--> {after.value.replace('-', '_')}:" in drawn


def test_an_entry_has_one_door() -> None:
    into = [(event, before) for event, moves in TRANSITIONS.items() for before, after in moves.items()
            if after is Phase.LISTED and before is not Phase.LISTED]  # fmt: skip
    back = {Phase.REMOVAL_NOTIFIED, Phase.REMOVAL_OPEN}
    assert [each for each in into if each[1] not in back] == [(acts.Entered, Phase.OPEN)]
