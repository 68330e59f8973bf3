"""One organisation among many: from a statement to its new grade committed, and what would lift a grade.

``python -m bench.single --organisations 20000 --json``. A statement is taken as an officer makes it: admitted,
hashed, written, sealed, the register and the organisation's grades following, all in one transaction on disk.
After each of them one row is committed and nothing else done: the floor of this disk and machine. A counterfactual
is timed from the question to the answer, the file read from the database included.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
from django.db import connection, transaction

from bench.cards import CARD
from bench.harness import Figures, main, own_house
from bench.mix import RECIPES
from bench.page import percentile, write
from bench.peak import peak
from probity import dossier, ledger
from probity.identity import compose
from probity.ledger import Draft, Value
from probity.rulebook import Item, Law, Scorecard
from probity.scoring import facts
from probity.scoring import store as scoring
from probity.scoring.outlook import counterfactual
from probity.service import acts
from probity.service.wiring import days

DAY = date(2023, 6, 30)
STATEMENTS = 3_000
WARM = 1_000
"""Statements before any is measured: a house in which officers have worked has thousands of small batches."""
RECORDS = 5
"""Records of an organisation on average."""


def measure(organisations: int) -> Figures:
    """The figures of one run in a house of its own."""
    with own_house(fixed_days={"cn-uscc": DAY}) as (opened, _):
        law, chance = opened.law, np.random.default_rng(11)
        subjects = fill(organisations, law, chance)
        scoring.catch_up(law, days())
        asked = [subjects[n] for n in chance.integers(0, organisations, WARM + STATEMENTS)]
        for number, subject in enumerate(asked[:WARM]):
            milliseconds_to_grade(subject, law, number)
        settle()
        both = [
            (milliseconds_to_grade(subject, law, number), milliseconds_to_commit(number))
            for number, subject in enumerate(asked[WARM:], WARM)
        ]
        stated, bare = zip(*both, strict=True)
        assert not list(scoring.kept_differences(law, days()))
        card = law.card(CARD, DAY)
        lifted = [milliseconds_to_lift(subject, card, law) for subject in asked[WARM:]]
        return {
            "organisations": organisations,
            "statements": ledger.count(),
            "statement_to_grade_p50_ms": percentile(stated, 50),
            "statement_to_grade_p99_ms": percentile(stated, 99),
            "bare_commit_p50_ms": percentile(bare, 50),
            "bare_commit_p99_ms": percentile(bare, 99),
            "counterfactual_p50_ms": percentile(lifted, 50),
            "counterfactual_p99_ms": percentile(lifted, 99),
            "counterfactual_worst_ms": round(max(lifted), 2),
            "peak_rss_mb": peak(),
        }


def milliseconds_to_grade(subject: str, law: Law, number: int) -> float:
    """The time that one penalty takes until it and the grade that it leads to are committed."""
    day = DAY - timedelta(days=1 + number % 300)
    penalty = Draft(
        subject=subject,
        item="penalty.administrative",
        issuer="zj-amr",
        reference=f"single {number}",
        valid_from=day,
        attributes={
            "decision_number": f"浙市监罚处〔{day.year}〕{number}号",
            "conduct": "产品质量",
            "ground": "产品质量法第四十九条",
            "severity": ("minor", "general", "serious")[number % 3],
        },
    )
    began = time.perf_counter()
    acts.state([penalty], law, source="bench", generated=True)
    taken = (time.perf_counter() - began) * 1000
    kept = scoring.kept(subject, law, days())
    assert kept is not None
    assert any(grade.card == CARD and grade.grade for grade in kept.grades)
    return taken


def settle() -> None:
    """Leave the tables as autovacuum does within minutes of a large file, and make one for bare commits."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (n integer)")
        cursor.execute("VACUUM ANALYZE")


def milliseconds_to_commit(number: int) -> float:
    """The time that a transaction of one row takes."""
    began = time.perf_counter()
    with transaction.atomic(durable=True):
        ledger.prepared("INSERT INTO bare VALUES (%s)", [number])
    return (time.perf_counter() - began) * 1000


def milliseconds_to_lift(subject: str, card: Scorecard, law: Law) -> float:
    """The time that it takes to say what would lift an organisation's grade: for every better grade."""
    began = time.perf_counter()
    file = dossier.open_file(subject, law, true_on=DAY)
    known = ledger.delivered(file.position, card.feeds)
    found = counterfactual(card, facts(file), DAY, known, every_grade=True)
    taken = (time.perf_counter() - began) * 1000
    assert found.evaluation.grade
    return taken


def fill(organisations: int, law: Law, chance: np.random.Generator) -> list[str]:
    """A register of so many, and their records, in the mix of a generated nation; returns the subjects."""
    subjects = [f"cn-uscc:{compose('9', '1', '999999', f'{n:08d}')}" for n in range(organisations)]
    named: Iterator[tuple[str, dict[str, Value]]] = (
        (subject, {"name": f"测试第{n}有限公司"}) for n, subject in enumerate(subjects)
    )
    write("register.organisation", "registry", named, law)
    whole = sum(recipe.share for recipe in RECIPES)
    for recipe in RECIPES:
        item = law.item(recipe.item, DAY)
        issuer = next(agency.agency for agency in law.agencies if agency.may_state(item.item))
        count = max(1, round(organisations * RECORDS * recipe.share / whole))
        amounts = np.exp(chance.standard_normal(count) * recipe.spread) * max(recipe.median, 1)
        owners = np.minimum(organisations * chance.random(count) ** 2, organisations - 1).astype(int).tolist()
        rows = ((subjects[owner], said(item, n, int(amounts[n]))) for n, owner in enumerate(owners))
        write(item.item, issuer, rows, law)
    return subjects


def said(item: Item, number: int, amount: int) -> dict[str, Value]:
    """Attributes of a record: every choice in turn, one amount, some text."""
    values: dict[str, Value] = {}
    for attribute in item.attributes:
        if attribute.choices:
            values[attribute.attribute] = attribute.choices[number % len(attribute.choices)].value
        elif attribute.type in ("integer", "amount"):
            values[attribute.attribute] = amount
        elif attribute.type == "text" and attribute.required:
            values[attribute.attribute] = "测试"
    return values


if __name__ == "__main__":
    main(measure, "organisations", 20_000, __doc__)
