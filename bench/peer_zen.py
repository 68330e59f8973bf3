"""The rules of a card in zen-engine, one organisation after the other: ``python peer_zen.py FOLDER``.

A script for an environment that has zen-engine, and nothing of this project. The card is one expression node, each
indicator an expression over the organisation's records. It prints the best times of three, from decoded input to
totals, and leaves the totals (milli-points) in the folder: ``seconds`` as its documentation shows it (a decision
that is created once), ``compiled_seconds`` with the decision compiled beforehand, the faster of single calls and
of one call for all.

In its favour: terms, objections, repairs and withdrawals come evaluated as one status, and items and values as
numbers.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import zen

WHOLE = 1_000_000


def main() -> None:
    """Measure, and write the totals."""
    folder = Path(sys.argv[1])
    card = json.loads((folder / "card.json").read_text("utf-8"))
    with np.load(folder / "sample.npz") as file:
        inputs = contexts(dict(file), int(sys.argv[2]))
    written = json.dumps(decision(card))
    created = zen.ZenEngine().create_decision(written)
    content = zen.ZenDecisionContent(written)
    compiled = zen.ZenEngine({"loader": lambda _: content})
    single, totals = best(lambda: [created.evaluate(each) for each in inputs])
    one_by_one, again = best(lambda: [compiled.evaluate("card", each) for each in inputs])
    together, _ = best(lambda: compiled.evaluate_batch([{"key": "card", "context": each} for each in inputs]))
    assert (totals == again).all()
    np.save(folder / "zen.npy", totals)
    seconds = {"seconds": single, "compiled_seconds": min(one_by_one, together)}
    print(json.dumps({**seconds, "organisations": len(totals)}))


def best(way: Callable[[], list[Any]]) -> tuple[float, Any]:
    """The seconds of the fastest of three, and the totals."""
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        answers = way()
        seconds.append(time.perf_counter() - began)
    return min(seconds), np.array([round(_result(answer)["total"]) for answer in answers])


def _result(answer: dict[str, Any]) -> dict[str, Any]:
    """What one evaluation says; of a batch it lies one level deeper."""
    found: dict[str, Any] = answer.get("data", answer)["result"]
    return found


def contexts(sample: dict[str, Any], organisations: int) -> list[dict[str, Any]]:
    """The records of the first organisations, as plain input."""
    names = [name for name in sample if name not in ("owner", "organisations")]
    found: list[dict[str, Any]] = [{"records": []} for _ in range(organisations)]
    last = int(np.searchsorted(sample["owner"], organisations))
    rows = zip(*(sample[name][:last].tolist() for name in names), strict=True)
    for owner, row in zip(sample["owner"][:last].tolist(), rows, strict=True):
        found[owner]["records"].append(dict(zip(names, row, strict=True)))
    return found


def decision(card: dict[str, Any]) -> dict[str, Any]:
    """The card as a decision of three nodes: input, expressions, output."""
    expressions = [_expression(_name(each), _indicator(each)) for each in card["indicators"]]
    points = " + ".join([str(card["base"]), *(f"$.{_name(each)}" for each in card["indicators"])])
    held = f"max([{card['lowest']}, min([{card['highest']}, {points}])])"
    nearest = card["nearest"]
    rounded = f"floor((2 * ({held}) + {nearest}) / {2 * nearest}) * {nearest}"
    expressions.append(_expression("total", f"max([{card['lowest']}, min([{card['highest']}, {rounded}])])"))
    content = {"expressions": expressions}
    return {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in"},
            {"id": "card", "type": "expressionNode", "name": "card", "content": content},
            {"id": "out", "type": "outputNode", "name": "out"},
        ],
        "edges": [
            {"id": "1", "type": "edge", "sourceId": "in", "targetId": "card"},
            {"id": "2", "type": "edge", "sourceId": "card", "targetId": "out"},
        ],
    }


def _expression(key: str, value: str) -> dict[str, str]:
    return {"id": key, "key": key, "value": value}


def _name(indicator: dict[str, Any]) -> str:
    return str(indicator["name"]).replace("-", "_")


def _indicator(rule: dict[str, Any]) -> str:
    """The points of an indicator, signed and capped."""
    records = f"filter(records, {_counts(rule)})"
    consumes = rule["consumes"]
    if rule["measure"] == "presence":
        points = f"(len({records}) > 0 ? {consumes['each']} : 0)"
    elif rule["measure"] == "worst":
        points = f"max(flatten([[0], map({records}, {_consumed(consumes)})]))"
    elif rule["measure"] == "sum":
        points = _of_sum(consumes, f"sum(map({records}, #.amount))")
    else:
        points = f"sum(map({records}, floor(({_consumed(consumes)}) * {_factor(rule)} / {WHOLE})))"
    return f"{rule['sign']} * min([{rule['weight']}, {points}])"


def _counts(rule: dict[str, Any]) -> str:
    """Whether the indicator counts a record."""
    reads = []
    for each in rule["reads"]:
        tests = [f"#.item == {each['item']}"]
        tests += [f"#.{attribute} in {values}" for attribute, values in each["where"].items()]
        reads.append(" and ".join(tests))
    tests = [" or ".join(f"({each})" for each in reads) if len(reads) > 1 else reads[0]]
    kept = [status for status, share in enumerate(rule["share"]) if share]
    tests += ["#.age >= 0", f"#.status in {kept}"]
    if rule["window"] is not None:
        tests.append(f"#.age < {rule['window']}")
    if rule["in_force"]:
        tests.append("#.left >= 0")
    return " and ".join(tests)


def _consumed(consumes: dict[str, Any]) -> str:
    """What a record consumes."""
    if "each" in consumes:
        return str(consumes["each"])
    said = " : ".join(f"#.{consumes['of']} == {value} ? {points}" for value, points in consumes["table"].items())
    return f"({said} : 0)"


def _of_sum(consumes: dict[str, Any], total: str) -> str:
    if "linear" in consumes:
        return f"floor({total} / {consumes['linear']['per']}) * {consumes['linear']['points']}"
    steps = " : ".join(f"{total} >= {start} ? {points}" for start, points in reversed(consumes["steps"]))
    return f"({steps} : 0)"


def _factor(rule: dict[str, Any]) -> str:
    """The millionths that a record keeps at its age."""
    if rule["linear"]:
        return f"floor({WHOLE} * max([{rule['linear']} - #.age, 0]) / {rule['linear']})"
    if rule["half_life"]:
        return f"floor({WHOLE} * 2 ^ (-(#.age) / {rule['half_life']}))"
    return str(WHOLE)


if __name__ == "__main__":
    main()
