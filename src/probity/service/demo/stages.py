"""The demo: real inspections of San Francisco and a generated province, taken in, graded and compared.

Every stage can be run again: files that are in the ledger stay there once, a run that is still true is not
repeated. So the second start has little to do.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from probity import dossier, intake, ledger
from probity.errors import NotFoundError
from probity.ledger import Draft, Statement
from probity.rulebook import Law
from probity.scoring import store as scoring
from probity.service import acts
from probity.service.demo import official, province
from probity.service.wiring import House, home, today

SAN_FRANCISCO = Path(__file__).parent / "data" / "us-sf-food"
SAN_FRANCISCO_DAY = date(2018, 2, 16)
"""The last day with a scored inspection."""
ORGANISATIONS = 20_000
SEED = 2020
DAYS: Mapping[str, date] = {"us-sf-business": SAN_FRANCISCO_DAY, "cn-uscc": province.LAST_DAY}
"""The days that the demo's data speak of; a question that names no day means these."""

CARDS = (("us-sf-food/lives", SAN_FRANCISCO_DAY), ("cn-zhejiang-2020/enterprise", province.LAST_DAY))
CONTESTED = REPAIRED = 12
"""How many generated penalties are shown as contested, and as repaired."""

NOTICE = "San Francisco's inspections are real; the Chinese province is generated data 生成数据"

Told = Callable[[str, int, int], None]
"""Is told what is being done, how much of it, of how much."""


@dataclass
class Figures:
    """What the demo did, in numbers. ``rows``: by kind of San Francisco file, accepted.

    ``refused`` explains each of its rows that were not.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    quarantined: Counter[str] = field(default_factory=Counter)
    refused: list[dict[str, object]] = field(default_factory=list)
    organisations: int = 0
    statements: int = 0
    official: dict[str, object] = field(default_factory=dict)
    grades: dict[str, dict[str, int]] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Times a stage."""
        begun = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - begun, 2)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "notice": NOTICE,
            "organisations": self.organisations,
            "businesses": self.rows["businesses"],
            "inspections": self.rows["inspections"],
            "violations": self.rows["violations"],
            "statements": self.statements,
            "quarantined": dict(sorted(self.quarantined.items())),
            "refused": self.refused,
            "seconds": self.seconds,
            "official": self.official,
            "grades": self.grades,
        }


def prepare(house: House, told: Told, *, organisations: int = ORGANISATIONS) -> Figures:
    """Take everything in, grade it and compare; returns the figures. Raises what intake and scoring raise.

    ``organisations``: how large the generated province is.
    """
    figures = Figures()
    law = house.law
    with figures.stage("san_francisco"):
        for name in ("businesses", "inspections", "violations"):
            receipt = _take(SAN_FRANCISCO / f"{name}.csv", f"us-sf-food/{name}", law, told, generated=False)
            figures.rows[name] = receipt.accepted
            figures.quarantined.update(receipt.quarantined)
            figures.refused += [_refused(row) for row in intake.listed(batch=receipt.number)]
    with figures.stage("province"):
        for made in _province(organisations):
            receipt = _take(made.path, made.mapping, law, told, generated=True)
            figures.quarantined.update(receipt.quarantined)
        _remedies(law)
    with figures.stage("grades"):
        for card, day in CARDS:
            run = _graded(card, day, law, told)
            figures.grades[card] = {grade or "none": n for grade, n in scoring.distribution(run).items()}
    with figures.stage("official"):
        figures.official = _official(law)
    figures.organisations = dossier.count()
    figures.statements = ledger.count()
    return figures


def _take(path: Path, mapping_id: str, law: Law, told: Told, *, generated: bool) -> intake.Receipt:
    return intake.take_in(
        path,
        law.mapping(mapping_id),
        law,
        today=today(),
        generated=generated,
        progress=lambda done, total, rows: told(path.name, done, total),
    )


def _refused(row: intake.Quarantined) -> dict[str, object]:
    fault = row.faults[0]
    return {"file": row.source, "row": row.row, "reason": fault.reason.value, "message": fault.message}


def _province(organisations: int) -> list[province.GeneratedFile]:
    """The generated files, made once and kept; a folder that is not complete is made anew."""
    folder = home() / "demo" / f"province-{SEED}-{organisations}"
    index = folder / "files.json"
    if index.exists():
        listed = json.loads(index.read_text(encoding="utf-8"))
        return [province.GeneratedFile(folder / name, mapping) for name, mapping in listed]
    made = province.generate(folder, organisations, SEED)
    index.write_text(json.dumps([(each.path.name, each.mapping) for each in made]), encoding="utf-8")
    return made


def _remedies(law: Law) -> None:
    """A few objections and repairs, so that contested and repaired records can be seen."""
    if ledger.delivered(ledger.head(), ["repair.granted"]):
        return
    penalties = [each for each in _generated_penalties() if each.valid_from.year >= 2021]
    objections = [_objection(each) for each in penalties[:CONTESTED]]
    repairs = [_repair(each) for each in penalties[CONTESTED : CONTESTED + REPAIRED]]
    for drafts in filter(None, (objections, repairs)):
        acts.state(drafts, law, source="demo", generated=True)


def _generated_penalties() -> list[Statement]:
    wanted = CONTESTED + REPAIRED
    found: list[Statement] = []
    for some in ledger.stream():
        found += [each for each in some if each.item == "penalty.administrative" and each.generated]
        if len(found) > 20 * wanted:
            break
    return found


def _objection(penalty: Statement) -> Draft:
    return Draft(
        subject=penalty.subject,
        item="objection.lodged",
        issuer="registry",
        reference=f"objection {penalty.reference}",
        valid_from=max(penalty.valid_from, date(2023, 5, 8)),
        attributes={"ground": "error", "reply": "The amount is that of another case. 金额系另案所涉。"},
        target=penalty.id,
    )


def _repair(penalty: Statement) -> Draft:
    return Draft(
        subject=penalty.subject,
        item="repair.granted",
        issuer="registry",
        reference=f"repair {penalty.reference}",
        valid_from=max(penalty.valid_from, date(2023, 4, 3)),
        attributes={"reasons": "The fine was paid and the conduct corrected. 罚款已缴,行为已纠正。"},
        target=penalty.id,
    )


def _graded(card: str, day: date, law: Law, told: Told) -> scoring.Run:
    """The latest run, if nothing was stated since but scoring runs and the law is the same; else a new one."""
    try:
        run = scoring.latest(card, law.card(card, day).in_force.from_)
    except NotFoundError:
        run = None
    if run and (run.true_on, run.rulebook_hash) == (day, law.hash) and not _changed_since(run):
        return run
    everyone = dossier.count()
    return scoring.run(card, law, true_on=day, progress=lambda done: told(f"grades by {card}", done, everyone))


def _changed_since(run: scoring.Run) -> bool:
    later = (each for some in ledger.stream(after=run.position.number) for each in some)
    return any(each.item != scoring.ITEM for each in later)


def _official(law: Law) -> dict[str, object]:
    """The comparison, kept beside the data with what it was made of."""
    kept = home() / "demo" / "official.json"
    made_of = {"statements": ledger.count() - len(scoring.runs()), "rulebook": law.hash}
    if kept.exists():
        before = json.loads(kept.read_text(encoding="utf-8"))
        if before["made_of"] == made_of:
            return dict(before["official"])
    compared = official.compare(law, SAN_FRANCISCO / "inspections.csv")
    answer = {
        **compared.as_json(),
        "differences": [each.as_json() for each in compared.differences],
    }
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps({"made_of": made_of, "official": answer}), encoding="utf-8")
    return answer
