"""Gates in a run over everyone: closed while the record stands, each of its own card where cards share one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.scoring import conformance, drawn_cases
from tests.scoring import small_snapshot as small
from tests.scoring.bulk_runs import DAY, ONE

from probity.dossier import GENERATED
from probity.rulebook import Band, Gate, OrganisationKind, Scorecard, Status
from probity.scoring import Fact, evaluate
from probity.scoring.bulk import Asked, run_cards

LAW = drawn_cases.LAW


def gated(name: str, item: str) -> Scorecard:
    """A card that takes nothing off, and on which a record of ``item`` in force leaves a B at most."""
    bands = [{"grade": grade, "name": {"en": grade}, "from": start} for grade, start in (("A", 0), ("B", -1))]
    gate = {"name": {"en": "gate"}, "reads": [item], "at_most": "B"}
    said = {"bands": tuple(map(Band.model_validate, bands)), "gates": (Gate.model_validate(gate),)}
    return drawn_cases.card(reads=["order"]).model_copy(update={"card": name, **said})


def fact(item: str, *, over: bool) -> Fact:
    day, until = DAY - timedelta(days=10), DAY - timedelta(days=1) if over else DAY
    return Fact(item, item, day, until, LAW.display_until(LAW.item(item, day), day, {}), Status.ACTIVE, {})


def grades(tmp_path: Path, cards: list[Scorecard], files: list[list[Fact]]) -> list[list[str]]:
    organisations = [small.Organisation(OrganisationKind.ENTERPRISE, "here", facts) for facts in files]
    opened = small.make(tmp_path / "snapshot", LAW, organisations)
    asked = Asked(tuple(card.card for card in cards), DAY)
    run_cards(cards, asked, opened, tmp_path / "out", LAW, ONE)
    return [[row["grade"] for row in conformance.rows(tmp_path / "out", "grades", card.card)] for card in cards]


def test_a_gate_is_closed_only_while_its_record_stands(tmp_path: Path) -> None:
    files = [[], [fact("fine", over=True)], [fact("fine", over=False)]]
    card = gated("plain", "fine")
    assert [evaluate(card, facts, DAY).grade for facts in files] == ["A", "A", "B"]
    assert grades(tmp_path, [card], files) == [["A", "A", "B"]]


def test_cards_that_share_a_pass_have_their_own_gates(tmp_path: Path) -> None:
    cards = [gated("one", "fine"), gated("two", "visit")]
    files = [[fact("fine", over=False)], [fact("visit", over=False)], []]
    assert grades(tmp_path, cards, files) == [["B", "A", "A"], ["A", "B", "A"]]


def test_only_results_of_the_made_up_say_that_they_are(tmp_path: Path) -> None:
    real = small.Organisation(OrganisationKind.ENTERPRISE, "here")
    made_up = small.Organisation(OrganisationKind.SOCIAL_ORGANISATION, "here", generated=True)
    opened = small.make(tmp_path / "snapshot", LAW, [real, made_up])
    notices = []
    for kind in (OrganisationKind.ENTERPRISE, OrganisationKind.SOCIAL_ORGANISATION):
        card = gated("plain", "fine").model_copy(update={"subjects": (kind,)})
        asked = Asked((card.card,), DAY)
        notices.append(run_cards([card], asked, opened, tmp_path / kind, LAW, ONE).notice)
    assert notices == [None, GENERATED]
