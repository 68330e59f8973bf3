"""Detroit's real files through the whole loop: every row taken in or refused with its reason, its own counts
reproduced from the statements, and correction in time told by the card."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from probity import dossier, intake
from probity.intake import Receipt, take_in
from probity.ledger import delivered, head
from probity.rulebook import Law, load
from probity.scoring import evaluate, facts
from probity.service.wiring import rulebooks

DETROIT = Path(__file__).parents[2] / "src/probity/service/demo/data/us-detroit-food"
BOOK = "us-detroit-food"
CLASSES = ("priority", "foundation", "core")
LAST_DAY = date(2019, 5, 31)


@pytest.fixture
def law() -> Law:
    return load(rulebooks())


@pytest.fixture
def receipts(database: str, law: Law) -> dict[str, Receipt]:
    return {
        name: take_in(DETROIT / f"{name}.csv", law.mapping(f"{BOOK}/{name}"), law, today=date(2026, 1, 1))
        for name in ("establishments", "inspections", "violations")
    }


def test_the_real_files_become_grades(receipts: dict[str, Receipt], law: Law) -> None:
    assert {name: (each.rows, each.accepted) for name, each in receipts.items()} == {
        "establishments": (2209, 2209),
        "inspections": (8602, 8602),
        "violations": (28612, 28610),
    }
    reasons = {
        (name, row.row): [(fault.field, fault.reason.value) for fault in row.faults]
        for name, each in receipts.items()
        for row in intake.listed(batch=each.number)
    }
    assert reasons == {("violations", row): [("violation_type", "missing-value")] for row in (6069, 19568)}

    card = law.card(f"{BOOK}/inspection", LAST_DAY)
    position = head()
    known = delivered(position, card.feeds)
    grades: Counter[str | None] = Counter()
    counts: Counter[bool] = Counter()
    given_back = 0
    for _, file in dossier.every_file(law, true_on=LAST_DAY, position=position):
        found = evaluate(card, facts(file), LAST_DAY, known)
        grades[found.grade] += 1
        given_back += found.lines[3].points > 0
        found_on = Counter(r.valid_from for r in file.records if r.item == "us-detroit.violation")
        said_on: Counter[date] = Counter()
        for record in file.records:
            if record.item == "us-detroit.inspection":
                said_on[record.valid_from] += sum(int(record.attributes[name] or 0) for name in CLASSES)
        counts.update(said_on[day] == found_on[day] for day in said_on)
    # The 76 have had no routine inspection. The city's own counts come out on every day of an inspection.
    assert grades == {"Good": 1291, "Adequate": 361, "Needs Improvement": 395, "Poor": 86, None: 76}
    assert counts == {True: 8457}
    assert given_back == 1283
