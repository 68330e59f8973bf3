"""The rules of a card in OpenFisca-core, over organisations in arrays: ``python peer_openfisca.py FOLDER``.

A script for an environment that has OpenFisca-core, and nothing of this project. Each indicator is a variable of
the organisation, whose formula sums over its records, all organisations at once; nothing loops. It prints the best
time of three, from arrays in memory to totals, and leaves the totals (milli-points) in the folder.

In its favour: terms, objections, repairs and withdrawals come evaluated as one status; "worst" is written as a
choice among the values that the card gives, since OpenFisca's own maximum loops over the largest organisation;
its numbers are of 32 bits, so amounts come in two halves.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import ETERNITY
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

WHOLE = 1_000_000
HALF = 1_000_000_000
AT = "2023-06"

RECORD = build_entity(key="record", plural="records", label="Record", is_person=True)
ORGANISATION = build_entity(
    key="organisation", plural="organisations", label="Organisation", roles=[{"key": "own", "plural": "owned"}]
)


def main() -> None:
    """Measure, and write the totals."""
    folder = Path(sys.argv[1])
    card = json.loads((folder / "card.json").read_text("utf-8"))
    with np.load(folder / "sample.npz") as file:
        sample = dict(file)
    system = TaxBenefitSystem([RECORD, ORGANISATION])
    for name in columns(sample):
        system.add_variable(_input(name))
    for indicator in card["indicators"]:
        system.add_variable(_output(_name(indicator), _formula(indicator)))
    system.add_variable(_output("total", _total(card)))
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        totals = calculated(system, sample)
        seconds.append(time.perf_counter() - began)
    np.save(folder / "openfisca.npy", totals)
    print(json.dumps({"seconds": min(seconds), "organisations": len(totals)}))


def columns(sample: dict[str, Any]) -> dict[str, Any]:
    """What is known of each record, in whole numbers of 32 bits."""
    found = {name: sample[name] for name in sample if name not in ("owner", "organisations", "amount")}
    return {**found, "amount_high": sample["amount"] // HALF, "amount_low": sample["amount"] % HALF}


def calculated(system: TaxBenefitSystem, sample: dict[str, Any]) -> Any:
    """The totals of all organisations."""
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("record", np.arange(len(sample["owner"])))
    organisations = builder.declare_entity("organisation", np.arange(int(sample["organisations"])))
    builder.join_with_persons(organisations, sample["owner"], np.zeros(len(sample["owner"]), np.int64))
    simulation = builder.build(system)
    for name, column in columns(sample).items():
        simulation.set_input(name, AT, column)
    return simulation.calculate("total", AT)


def _input(name: str) -> type[Variable]:
    return _variable(name, RECORD)


def _output(name: str, formula: Any) -> type[Variable]:
    return _variable(name, ORGANISATION, formula=formula)


def _variable(name: str, entity: Any, **more: Any) -> type[Variable]:
    said = {"value_type": int, "entity": entity, "definition_period": ETERNITY, "label": name, **more}
    return type(name, (Variable,), said)


def _name(indicator: dict[str, Any]) -> str:
    return str(indicator["name"]).replace("-", "_")


def _formula(rule: dict[str, Any]) -> Any:
    """The formula of one indicator: its points, signed and capped."""

    def formula(organisation: Any, period: Any) -> Any:
        record = organisation.members
        counts = _counts(rule, record, period)
        if rule["measure"] == "presence":
            points = organisation.any(counts) * rule["consumes"]["each"]
        elif rule["measure"] == "worst":
            consumed = _consumed(rule["consumes"], record, period)
            values = sorted(set(rule["consumes"]["table"].values()), reverse=True)
            points = np.select([organisation.any(counts & (consumed == value)) for value in values], values, 0)
        elif rule["measure"] == "sum":
            points = _of_sum(rule["consumes"], organisation.sum(np.where(counts, _amount(record, period), 0)))
        else:
            aged = _consumed(rule["consumes"], record, period) * _factor(rule, record("age", period)) // WHOLE
            points = organisation.sum(np.where(counts, aged, 0))
        return rule["sign"] * np.minimum(points, rule["weight"])

    return formula


def _counts(rule: dict[str, Any], record: Any, period: Any) -> Any:
    """Which records the indicator counts."""
    item, age = record("item", period), record("age", period)
    counts = (age >= 0) & np.array(rule["share"], np.bool_)[record("status", period)]
    if rule["window"] is not None:
        counts &= age < rule["window"]
    if rule["in_force"]:
        counts &= record("left", period) >= 0
    read = np.zeros(len(item), np.bool_)
    for reads in rule["reads"]:
        own = item == reads["item"]
        for attribute, values in reads["where"].items():
            own &= np.isin(record(attribute, period), values)
        read |= own
    return counts & read


def _amount(record: Any, period: Any) -> Any:
    return record("amount_high", period).astype(np.int64) * HALF + record("amount_low", period)


def _consumed(consumes: dict[str, Any], record: Any, period: Any) -> Any:
    """The milli-points that each record consumes."""
    if "each" in consumes:
        return np.full(len(record("item", period)), consumes["each"], np.int64)
    points = np.zeros(1 + max(int(value) for value in consumes["table"]), np.int64)
    for value, each in consumes["table"].items():
        points[int(value)] = each
    said = record(consumes["of"], period)
    return np.where(said < len(points), points[np.minimum(said, len(points) - 1)], 0)


def _of_sum(consumes: dict[str, Any], total: Any) -> Any:
    """The milli-points that a sum of amounts comes to."""
    if "linear" in consumes:
        return total // consumes["linear"]["per"] * consumes["linear"]["points"]
    starts = [start for start, _ in consumes["steps"]]
    points = np.array([0, *(each for _, each in consumes["steps"])])
    return points[np.searchsorted(starts, total, side="right")]


def _factor(rule: dict[str, Any], age: Any) -> Any:
    """The millionths that records of each age keep."""
    if rule["linear"]:
        return WHOLE * np.maximum(rule["linear"] - age.astype(np.int64), 0) // rule["linear"]
    if rule["half_life"]:
        return np.floor(WHOLE * 2.0 ** (-np.maximum(age, 0) / rule["half_life"])).astype(np.int64)
    return WHOLE


def _total(card: dict[str, Any]) -> Any:
    names = [_name(indicator) for indicator in card["indicators"]]

    def formula(organisation: Any, period: Any) -> Any:
        points = card["base"] + sum(organisation(name, period).astype(np.int64) for name in names)
        held = np.clip(points, card["lowest"], card["highest"])
        nearest = card["nearest"]
        return np.clip((2 * held + nearest) // (2 * nearest) * nearest, card["lowest"], card["highest"])

    return formula


if __name__ == "__main__":
    main()
