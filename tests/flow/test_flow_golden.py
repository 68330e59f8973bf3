"""What the public and an operator read of one establishment and one enterprise, word for word.

A change that is meant is written down with ``PROBITY_RENEW_GOLDEN=1 pytest tests/flow/test_flow_golden.py``; the
difference is then read, and committed with its reason.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.flow.world import DINER, World, public_json, without_moments

from probity import ledger

GOLDEN = Path(__file__).with_name("golden")
RENEW = "PROBITY_RENEW_GOLDEN"


def compare(name: str, found: dict[str, Any]) -> None:
    path = GOLDEN / f"{name}.json"
    text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get(RENEW):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"{path.name} differs; if that is meant, set {RENEW}=1"


@pytest.mark.parametrize("which", ["establishment", "enterprise"])
def test_the_public_json_and_the_explanation_are_as_they_were(world: World, which: str) -> None:
    subject = DINER if which == "establishment" else ledger.statement(world.penalty().id).subject
    compare(f"{which}-page", public_json(world.page(subject)))
    compare(f"{which}-explanation", without_moments(world.grade(subject).as_json()))
