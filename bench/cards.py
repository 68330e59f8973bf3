"""Cards for the benchmarks, made from the Zhejiang card: one in which most records count twice, and nine variants.

They stand in a rulebook of their own in a copy of the rulebooks, so that they are loaded and checked as any card.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

WORKPLACE = Path(tempfile.gettempdir()) / "probity-bench"
"""What the benchmarks keep between runs."""

RULEBOOKS = Path(__file__).parent.parent / "rulebooks"
SOURCE = RULEBOOKS / "cn-zhejiang-2020" / "scorecards" / "enterprise.yaml"

CARD = "cn-zhejiang-2020/enterprise"
DENSE = "bench/dense"
VARIANTS = tuple(f"bench/variant-{n}" for n in range(1, 10))

ALSO = {
    "key-personnel-serious-lists": (
        "annual-report.filed",
        "licence.administrative",
        "inspection.result",
        "registration.alteration",
        "commitment.made",
    ),
    "other-bad-conduct": ("penalty.administrative", "list.abnormal-operation"),
    "commitments-breached": ("inspection.quality-sampling", "judgment.unperformed", "list.red", "tax.non-normal"),
    "false-litigation": ("tax.arrears", "social-insurance.arrears", "honour.award", "volunteering.service"),
}
"""What indicators of the dense card read besides their own."""

_BOOK = {
    "rulebook": "bench",
    "name": {"en": "Cards made to be measured"},
    "jurisdiction": {"en": "None"},
    "uses": ["core", "cn-national"],
    "in_force": {"from": "2020-08-04"},
    "basis": "No law; made from the Zhejiang card by the benchmarks",
    "reference": "bench/cards.py",
}


def rulebooks(folder: Path) -> Path:
    """A copy of the rulebooks with the benchmarks' cards, in ``folder``, made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(RULEBOOKS, folder)
    _write(folder / "bench" / "rulebook.yaml", _BOOK)
    source = yaml.safe_load(SOURCE.read_text("utf-8"))
    _write(folder / "bench" / "scorecards" / "dense.yaml", dense(source))
    for number, name in enumerate(VARIANTS, start=1):
        _write(folder / f"{name.replace('/', '/scorecards/')}.yaml", variant(source, number))
    return folder


def dense(source: dict[str, Any]) -> dict[str, Any]:
    """The card in which every record counts however old, ended or expired it is, and most of them twice."""
    card = _renamed(source, DENSE)
    card["base"] = 0
    for indicator in indicators(card):
        indicator.pop("window", None)
        indicator.update(
            direction="award",  # the law lets nothing adverse count past its term
            counts="occurred",
            treatment={"contested": "count", "repaired": "count", "expired": "count"},
        )
        if indicator.get("measure") == "presence":
            indicator["measure"] = "count"
        indicator["reads"] = [*indicator["reads"], *ALSO.get(indicator["indicator"], ())]
    return card


def variant(source: dict[str, Any], number: int) -> dict[str, Any]:
    """The card with other points, windows, ageing and treatment, all by ``number`` (1 to 9)."""
    card = _renamed(source, VARIANTS[number - 1])
    for indicator in indicators(card):
        indicator["consumes"] = _scaled(indicator["consumes"], number)
        indicator["window"] = f"{number}y"
        indicator["ageing"] = [{"linear": f"{number}y"}, {"half_life": f"{number}y"}, "none"][number % 3]
        indicator["treatment"] = {"contested": f"{100 - 10 * number}%", "repaired": f"{10 * number}%"}
    return card


def indicators(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every indicator below a card or group, as written."""
    yield from part.get("indicators", ())
    for group in part.get("groups", ()):
        yield from indicators(group)


def _renamed(source: dict[str, Any], name: str) -> dict[str, Any]:
    card = deepcopy(source)
    card.update(card=name, basis=_BOOK["basis"], reference=_BOOK["reference"])
    return card


def _scaled(consumes: Any, number: int) -> Any:
    """Less points by as many twentieths, wherever they are written."""
    if isinstance(consumes, int | float):
        return consumes * (20 - number) / 20
    scaled = dict(consumes)
    if "table" in scaled:
        scaled["table"] = {value: _scaled(points, number) for value, points in scaled["table"].items()}
    if "steps" in scaled:
        scaled["steps"] = [{**step, "points": _scaled(step["points"], number)} for step in scaled["steps"]]
    if "linear" in scaled:
        scaled["linear"] = {**scaled["linear"], "points": _scaled(scaled["linear"]["points"], number)}
    return scaled


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
