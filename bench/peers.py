"""The same card on the same organisations by other engines: OpenFisca-core and zen-engine.

They are installed into an environment of their own under the system's folder for temporary files, and run as
scripts in processes of their own (``peer_openfisca.py``, ``peer_zen.py``); nothing of the project imports them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.cards import WORKPLACE
from probity.rulebook import Indicator, Law, Scorecard, Status
from probity.scoring.reference import reach
from probity.scoring.snapshot.arrays import MISSING
from probity.scoring.snapshot.fold import Files, fold
from probity.scoring.snapshot.read import Snapshot
from probity.scoring.tables import EPOCH, STATUSES

PACKAGES = ("openfisca-core", "zen-engine")
ZEN_ORGANISATIONS = 3_000
"""It takes one organisation after the other, so that more would only take longer."""

Ints = NDArray[np.int64]


def measure(
    snapshot: Snapshot, law: Law, card: Scorecard, as_of: date, totals: Mapping[int, int]
) -> dict[str, float] | str:
    """Seconds that each peer takes for an organisation, on one thread; or why they could not be had.

    ``totals`` are ours, by ordinal, of organisations of the first part. Raises ValueError where a peer comes to
    another total than we do.
    """
    try:
        python = environment()
    except (subprocess.CalledProcessError, OSError) as error:
        said = getattr(error, "stderr", "") or str(error)
        return f"could not be installed: {said.strip().splitlines()[-1]}"
    with tempfile.TemporaryDirectory(prefix="peers-", dir=WORKPLACE) as name:
        folder = Path(name)
        asked = prepare(folder, snapshot, law, card, as_of, np.array(sorted(totals)))
        ours = np.array([totals[organisation] for organisation in asked.tolist()])
        openfisca = _run(python, "openfisca", folder, ours)
        zen = _run(python, "zen", folder, ours, str(min(ZEN_ORGANISATIONS, len(ours))))
    return {
        "openfisca": openfisca["seconds"] / openfisca["organisations"],
        "zen": zen["seconds"] / zen["organisations"],
        "zen_compiled": zen["compiled_seconds"] / zen["organisations"],
    }


def environment() -> Path:
    """The interpreter of an environment that has the peers, made where it is not there yet."""
    folder = WORKPLACE / "peers"
    python = folder / "bin" / "python"
    if not (folder / "whole").exists():
        run = [[sys.executable, "-m", "venv", "--clear", str(folder)]]
        run.append([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES])
        for command in run:
            subprocess.run(command, check=True, capture_output=True, text=True)
        (folder / "whole").touch()
    return python


def _run(python: Path, peer: str, folder: Path, ours: Ints, *more: str) -> dict[str, float]:
    """What the peer measured, once it has come to our totals."""
    script = Path(__file__).parent / f"peer_{peer}.py"
    done = subprocess.run([python, script, folder, *more], check=True, capture_output=True, text=True)
    said: dict[str, float] = json.loads(done.stdout)
    theirs = np.load(folder / f"{peer}.npy")
    differ = np.flatnonzero(theirs != ours[: len(theirs)])
    if len(differ):
        first = int(differ[0])
        raise ValueError(
            f"{peer}: {len(differ)} of {len(theirs)} totals differ from ours, "
            f"the first is {theirs[first]} and not {ours[first]} (organisation {first} of the sample)"
        )
    return said


def prepare(folder: Path, snapshot: Snapshot, law: Law, card: Scorecard, as_of: date, organisations: Ints) -> Ints:
    """Write the card and the records of these organisations of the first part; returns them in order."""
    files = fold(snapshot, 0, as_of, snapshot.position(None))
    codes = Codes(card)
    counts = np.diff(files.offsets)
    mine = np.isin(files.organisation, organisations)
    rows = np.flatnonzero(np.repeat(mine, counts))
    owner = np.repeat(np.cumsum(mine) - 1, np.where(mine, counts, 0))
    table = codes.columns(files, rows, as_of)
    table["status"] = _status(files, rows, law, as_of)
    # OpenFisca knows no organisation without records: such get one that nothing reads.
    empty = np.setdiff1d(np.arange(len(organisations)), owner)
    order = np.argsort(np.concatenate([owner, empty]), kind="stable")
    nothing = np.full(len(empty), -1)
    sample = {name: np.concatenate([column, nothing])[order] for name, column in table.items()}
    sample["owner"] = np.concatenate([owner, empty])[order]
    sample["status"] = np.maximum(sample["status"], 0)
    np.savez(folder / "sample.npz", organisations=np.int64(len(organisations)), **sample)
    (folder / "card.json").write_text(json.dumps(codes.card(as_of)), encoding="utf-8")
    return organisations


def _status(files: Files, rows: Ints, law: Law, as_of: date) -> Ints:
    """How each record stands, its term included."""
    kinds = files.snapshot.manifest.kinds
    key = files.kind[rows].astype(np.int64) << 32 | files.day[rows]
    distinct, back = np.unique(key, return_inverse=True)
    over = np.zeros(len(distinct), np.bool_)
    for n, each in enumerate(distinct.tolist()):
        kind, day = kinds[each >> 32], date.fromordinal((each & 0xFFFFFFFF) + EPOCH)
        ends = law.display_until(law.item(kind.item, day), day, kind.attributes)
        over[n] = ends is not None and ends < as_of
    expired, withdrawn = STATUSES.index(Status.EXPIRED), STATUSES.index(Status.WITHDRAWN)
    status = files.status[rows].astype(np.int64)
    return np.where(over[back] & (status != withdrawn), expired, status)


class Codes:
    """Items and values as the numbers that stand for them in what the peers get."""

    def __init__(self, card: Scorecard) -> None:
        self._card = card
        reads = [read for indicator in card.indicators for read in indicator.reads]
        self.items = sorted({str(read.item) for read in reads})
        texts = {(str(read.item), test.attribute) for read in reads for test in read.where}
        texts |= {(str(r.item), str(i.consumes.of)) for i in card.indicators if i.consumes.table for r in i.reads}
        self.attributes = sorted({attribute for _, attribute in texts})
        self.values: dict[str, int] = {}

    def item(self, name: str) -> int:
        """The number of an item; those that the card does not read share one."""
        return self.items.index(name) if name in self.items else len(self.items)

    def value(self, text: str | None) -> int:
        """The number of a text value, 0 for none."""
        return 0 if text is None else self.values.setdefault(text, len(self.values) + 1)

    def columns(self, files: Files, rows: Ints, as_of: date) -> dict[str, Ints]:
        """What the peers get of each record: ``age`` and ``left`` in days, ``amount`` the number that is read."""
        kinds = files.snapshot.manifest.kinds
        kind, today = files.kind[rows], as_of.toordinal() - EPOCH
        number, until = files.numbers[0], files.until
        assert number is not None
        assert until is not None
        found = {
            "item": np.array([self.item(each.item) for each in kinds])[kind],
            "age": today - files.day[rows].astype(np.int64),
            "left": until[rows].astype(np.int64) - today,
            "amount": np.where(number[rows] == MISSING, 0, number[rows]),
        }
        for attribute in self.attributes:
            values = np.array([self.value(each.attributes.get(attribute)) for each in kinds])
            found[attribute] = values[kind]
        return found

    def card(self, as_of: date) -> dict[str, Any]:
        """The card as plain numbers: milli-points, days, millionths."""
        scale = self._card.scale
        assert scale.round == "half-up"
        assert not self._card.gates
        assert not self._card.occasion
        return {
            "base": self._card.base,
            "lowest": scale.from_,
            "highest": scale.to,
            "nearest": scale.to_nearest,
            "indicators": [self._indicator(indicator, as_of) for indicator in self._card.indicators],
        }

    def _indicator(self, rule: Indicator, as_of: date) -> dict[str, Any]:
        def days(period: Any) -> int | None:
            return reach(period, as_of) if period else None

        shares = [rule.treatment.share(status) for status in STATUSES]
        assert {0, shares[0]} >= set(shares)  # the peers' scripts know no share between
        return {
            "name": rule.indicator,
            "weight": rule.weight,
            "sign": -1 if rule.direction == "deduct" else 1,
            "measure": rule.measure.value,
            "reads": [
                {
                    "item": self.item(str(read.item)),
                    "where": {test.attribute: [self.value(value) for value in test.is_] for test in read.where},
                }
                for read in rule.reads
            ],
            "consumes": self._consumes(rule),
            "window": days(rule.window),
            "linear": days(rule.ageing.linear),
            "half_life": days(rule.ageing.half_life),
            "in_force": rule.counts == "in-force",
            "share": shares,
        }

    def _consumes(self, rule: Indicator) -> dict[str, Any]:
        consumes = rule.consumes
        if consumes.each is not None:
            return {"each": consumes.each}
        if consumes.table:
            table = {str(self.value(value)): points for value, points in consumes.table.items()}
            return {"of": consumes.of, "table": table}
        if consumes.linear:
            return {"linear": {"per": consumes.linear.per, "points": consumes.linear.points}}
        return {"steps": [[step.from_, step.points] for step in consumes.steps]}
