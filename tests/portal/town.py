"""A small town of organisations for the pages to show; invented, and stated through the ordinary door."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from secrets import token_hex

import numpy as np
import psycopg
import pytest
from django.db import connections

from probity import ledger
from probity.canon import digest
from probity.identity import compose
from probity.ledger import Draft
from probity.rulebook import Law, load
from probity.scoring import store as scoring
from probity.scoring.preview import (
    Coded,
    Report,
    Results,
    Tally,
    dimensions,
    matrix,
    moves,
    notes,
    outcomes,
    overall,
)
from probity.service import House
from probity.service.acts import correct, record, state
from probity.service.preview import ask, keep, preview
from probity.service.settings import database as described
from probity.service.wiring import rulebooks

TRUE_ON = date(2023, 6, 30)
ENTERPRISE = f"cn-uscc:{compose('9', '1', '330106', '00000001')}"
BRANCH = f"cn-uscc:{compose('9', '1', '330106', '00000002')}"
DAYS = {"cn-uscc": TRUE_ON, "us-sf-business": TRUE_ON}
BUSY = f"cn-uscc:{compose('9', '1', '330106', '00000003')}"
DINER = "us-sf-business:54"
CAFE = "us-sf-business:77"
HOSTILE = """Joe's "Diner" <script>alert(1)</script> & \u202eSons"""
UNDELIVERED = "finance.debt-evasion"
"""The one item of the card that nobody has delivered."""


@dataclass(frozen=True)
class Town:
    """What a test needs to know of it."""

    url: str
    law: Law
    penalty: str


@pytest.fixture(scope="session")
def built(server: str, template: str) -> Iterator[Town]:
    """The town in a database of its own, built once; tests only read it."""
    name = f"probity_town_{token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    url = psycopg.conninfo.make_conninfo(server, dbname=name)
    use(url)
    law = load(rulebooks())
    yield Town(url, law, build(law))
    connections["default"].close()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def town(built: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The town, with Django connected to it and the house open."""
    use(built.url)
    monkeypatch.setattr("probity.service.wiring._open", [House(Path(), built.law, DAYS)])
    return built


def use(url: str, *, keep: int | None = None) -> None:
    """Connect Django to the database at ``url``; ``keep``: seconds that a connection outlives its request."""
    connections["default"].close()
    connections["default"].settings_dict.update(described(url), CONN_MAX_AGE=keep)


def build(law: Law) -> str:
    """State everything; the answer is the id of the contested penalty."""
    _register(law)
    penalty = _penalties(law)
    _good_conduct(law)
    _busy(law)
    _diner(law)
    _deliver_the_rest(law)
    scoring.run("cn-zhejiang-2020/enterprise", law, true_on=TRUE_ON)
    return penalty


def _say(law: Law, *drafts: Draft, generated: bool = True) -> list[str]:
    receipt = record(drafts, law, source="town", generated=generated)  # entries on lists come from a file
    return [str(id_) for id_ in receipt["statements"]]


def _organisation(subject: str, name: str, since: date, issuer: str = "zj-amr", **more: str | int) -> Draft:
    return Draft(subject, "register.organisation", issuer, subject, since, attributes={"name": name, **more})


def _register(law: Law) -> None:
    _say(law, _organisation(ENTERPRISE, "杭州旧名科技有限公司", date(2016, 3, 1)))
    _say(
        law,
        _organisation(
            ENTERPRISE,
            "杭州示例环保科技有限公司",
            date(2019, 5, 6),
            form="有限责任公司",
            address="浙江省杭州市西湖区示例路1号",
            registered_on="2016-03-01",
            status="active",
            capital=1_000_000_000,
            scope="环保设备的研发、制造与销售;污水处理工程的设计与施工;环境监测服务;货物进出口",
        ),
    )
    _say(law, _organisation(BRANCH, "杭州示例环保科技有限公司余杭分公司", date(2020, 1, 2)))
    _say(law, _organisation(BUSY, "杭州多检食品有限公司", date(2018, 1, 2)))
    _say(
        law,
        Draft(
            ENTERPRISE,
            "register.relation",
            "zj-amr",
            "relation-1",
            date(2020, 1, 2),
            attributes={"relation": "branch", "related": BRANCH},
        ),
    )


def _penalties(law: Law) -> str:
    """A penalty corrected, one contested, one long past its term; the id of the contested one."""

    def penalty(number: int, day: date, severity: str, conduct: str, fine: int) -> Draft:
        said = {
            "decision_number": f"杭环罚〔{day.year}〕{number}号",
            "conduct": conduct,
            "ground": "水污染防治法第八十三条",
            "sanction": "罚款",
            "severity": severity,
            "fine": fine,
        }
        return Draft(ENTERPRISE, "penalty.administrative", "zj-ecology", f"P{number}", day, attributes=said)

    corrected, contested, _ = _say(
        law,
        penalty(12, date(2022, 3, 15), "serious", "超标排放水污染物", 20_000_000),
        penalty(44, date(2022, 11, 2), "general", "未按规定进行排污监测", 2_000_000),
        penalty(3, date(2018, 2, 1), "minor", "标识不规范", 100_000),
    )
    correct(corrected, law, reason="the fine was written with a nought too many", attributes={"fine": 2_000_000})
    state(
        [
            Draft(
                ENTERPRISE,
                "objection.lodged",
                "registry",
                "O1",
                date(2022, 12, 1),
                attributes={"ground": "error", "reply": "监测已按规定进行,报告已提交。"},
                target=contested,
            )
        ],
        law,
        source="town",
        generated=True,
    )
    return contested


def _good_conduct(law: Law) -> None:
    _say(
        law,
        Draft(
            ENTERPRISE,
            "list.red",
            "zj-tax",
            "R1",
            date(2022, 4, 20),
            attributes={"list": "纳税信用A级纳税人"},
        ),
    )
    _say(
        law,
        Draft(
            ENTERPRISE,
            "tax.arrears",
            "zj-tax",
            "T1",
            date(2021, 5, 10),
            date(2021, 12, 31),
            attributes={"amount": 5_730_000},
        ),
    )


def _busy(law: Law) -> None:
    """120 inspections, so that the timeline has three pages; two penalties at its far end."""
    _say(
        law,
        *(
            Draft(
                BUSY,
                "inspection.result",
                "zj-amr",
                f"I{n}",
                date(2020, 1, 1) + timedelta(days=7 * n),
                attributes={"outcome": "no-problem", "matter": f"食品标签 {n}"},
            )
            for n in range(120)
        ),
    )


def _diner(law: Law) -> None:
    """Two establishments of San Francisco; real ones would not be called so."""

    def stated(subject: str, item: str, reference: str, day: date, **said: str | int) -> Draft:
        return Draft(subject, item, "us-sf-dph", reference, day, attributes=said)

    days = (date(2022, 9, 12), date(2023, 3, 7))
    _say(law, _organisation(DINER, HOSTILE, date(2015, 1, 1), "us-sf-dph"), generated=False)
    _say(law, _organisation(CAFE, "Cafe without inspections", date(2015, 1, 1), "us-sf-dph"), generated=False)
    _say(
        law,
        *(stated(DINER, "food.inspection", f"{DINER}/{day}", day, type="routine", score=86) for day in days),
        generated=False,
    )
    _say(
        law,
        *(
            stated(DINER, "food.violation", f"{DINER}/{day}/{n}", day, description=words, severity=severity)
            for day in days
            for n, (words, severity) in enumerate(
                [
                    ("High risk food holding temperature", "high"),
                    ("Unclean or degraded floors, walls or ceilings", "low"),
                    ("Moderate risk vermin infestation", "moderate"),
                ]
            )
        ),
        generated=False,
    )


def _deliver_the_rest(law: Law) -> None:
    """Every other source says that it has nothing, except one that says nothing."""
    already = ledger.delivered(ledger.head(), [item.item for item in law.items])
    for item in law.items:
        if item.item in already or item.item == UNDELIVERED or item.item.startswith("system."):
            continue
        with ledger.receive(
            digest(item.item.encode()),
            item=item.item,
            issuer="zj-amr",
            source="town: nothing to report",
            rulebook=law.hash,
            generated=True,
        ) as writer:
            writer.finish({})


DRAFT = Path(__file__).parents[2] / "docs" / "drafts" / "enterprise-2024.yaml"
PREVIEW = "draft-2024"


def keep_preview(law: Law) -> Report:
    """Keep a preview of the town: its own few organisations moved and explained, among the counts of a larger
    place.
    """
    question = ask(str(DRAFT), "cn-zhejiang-2020/enterprise", House(Path(), law, DAYS), None)
    chance, number = np.random.default_rng(1), 600
    before = chance.integers(0, 5, number)
    after = np.clip(before + chance.choice([-1, 0, 0, 0, 1], number), 0, 4)
    sizes = Coded(chance.choice(4, number, p=[0.01, 0.09, 0.3, 0.6]), ("large", "medium", "small", "micro"))
    tally = Tally(question.old.card, question.new.card)
    totals = (Results(800_000 - 50_000 * grades, grades) for grades in (before, after))
    tally.add(np.arange(number), *totals, {"size": sizes})
    shown = dimensions(tally, {})
    better, worse = overall(tally)
    counted = {
        "organisations": tally.organisations,
        "matrix": matrix(tally),
        "outcomes": outcomes(tally.outcomes.tolist()),
        "better": better,
        "worse": worse,
        "moves": moves(tally),
        "dimensions": shown,
        "notes": notes(tally, shown),
        "more_up": 1,
        "more_down": 1234,
    }
    report = preview(question).model_copy(update=counted)
    keep(report, question, PREVIEW)
    return report
