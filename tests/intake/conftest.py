"""A small law of penalties and registrations, and files taken in under it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from probity.intake import Receipt, take_in
from probity.intake.examine import examine
from probity.intake.model import Refused
from probity.intake.plan import Plan
from probity.intake.source import look_at, open_source
from probity.rulebook import Agency, Item, Law, Mapping, Scheme

TODAY = date(2024, 6, 30)
DATED = {"in_force": {"from": "2010-01-01"}, "basis": "Test Act", "reference": "R0"}
USCC = "91330100799655058B"
"""Printed in the sources (rulesheet 1)."""


def text(name: str) -> dict[str, str]:
    return {"en": name}


def attribute(name: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {"attribute": name, "name": text(name), "type": kind, **more}


def item(name: str, *attributes: dict[str, Any], **more: Any) -> Item:
    return Item.model_validate(
        {
            "item": name,
            "name": text(name),
            "category": "c",
            "polarity": "neutral",
            "disclosure": "open",
            "attributes": attributes,
            **DATED,
            **more,
        }
    )


ITEMS = (
    item(
        "register.organisation",
        attribute("name", required=True),
        attribute("kind", "choice", choices=[{"value": "enterprise", "name": text("e")}]),
        effect="registers",
    ),
    item(
        "penalty",
        attribute(
            "severity",
            "choice",
            required=True,
            choices=[{"value": v, "name": text(v)} for v in ("minor", "serious")],
        ),
        attribute("fine", "amount", unit="CNY/100"),
        attribute("days", "integer"),
        attribute("paid", "boolean"),
        attribute("decided_on", "date"),
        attribute("facts"),
        attribute("region"),
        attribute("victim", "organisation"),
        term={"by": "severity", "periods": {"minor": "3m", "serious": "3y"}},
        in_force={"from": "2015-01-01", "to": "2019-12-31"},
    ),
    item(
        "penalty",
        attribute(
            "severity",
            "choice",
            required=True,
            choices=[{"value": v, "name": text(v)} for v in ("minor", "general", "serious")],
        ),
        attribute("fine", "amount", unit="CNY/100"),
        attribute("days", "integer"),
        attribute("paid", "boolean"),
        attribute("decided_on", "date"),
        attribute("facts"),
        attribute("region"),
        attribute("victim", "organisation"),
        term={"by": "severity", "periods": {"minor": "3m", "general": "1y", "serious": "3y"}},
        in_force={"from": "2020-01-01"},
    ),
    item("system.run", effect="manifest"),
)


def agency(name: str, *items: str, **more: Any) -> Agency:
    return Agency.model_validate(
        {"agency": name, "name": text(name), "level": "city", "competent_for": items, **DATED, **more}
    )


def mapping(name: str, **more: Any) -> Mapping:
    return Mapping.model_validate({"mapping": name, **DATED, **more})


MAPPINGS = (
    mapping(
        "organisations",
        item="register.organisation",
        agency="registrar",
        subject={"scheme": "cn-uscc", "column": "code"},
        key=["code"],
        valid_from={"constant": "2012-01-01"},
        attributes={"name": "name", "kind": {"constant": "enterprise"}},
        ignores=["note"],
    ),
    mapping(
        "penalties",
        item="penalty",
        agency="inspectorate",
        subject={"scheme": "cn-uscc", "column": "code"},
        key=["number"],
        valid_from={"column": "on", "format": "%Y/%m/%d"},
        valid_to="until",
        attributes={
            "severity": {"column": "severity", "values": {"轻微": "minor", "一般": "general", "严重": "serious"}},
            "fine": {"column": "fine", "scale": 100},
            "days": "days",
            "paid": "paid",
            "decided_on": {"column": "facts", "extract": r"decided on (\d+-\d+-\d+)"},
            "facts": "facts",
            "region": {"column": "place", "lookup": "regions"},
            "victim": "victim",
        },
    ),
)


def small_law() -> Law:
    """The law of these tests."""
    local = {"scheme": "cn-uscc", "name": text("USCC"), "check": "cn-uscc", **DATED}
    return Law(
        rulebooks=(),
        schemes=(Scheme.model_validate(local),),
        agencies=(
            agency("registrar", "register.*"),
            agency("inspectorate", "penalty", in_force={"from": "2012-01-01", "to": "2015-12-31"}),
            agency("inspectorate", "other", in_force={"from": "2016-01-01", "to": "2016-12-31"}),
            agency("inspectorate", "penalty", in_force={"from": "2018-01-01"}),
        ),
        categories=(),
        items=ITEMS,
        mappings=MAPPINGS,
        cards=(),
        calendars=(),
        cases=(),
        hash="ab" * 32,
        books={"penalties": "test", "organisations": "test"},
        lookups={("test", "regions"): {"杭州": "330100", "宁波": "330200"}},
    )


@pytest.fixture
def law() -> Law:
    """The law of these tests."""
    return small_law()


Take = Callable[..., Receipt]


@pytest.fixture
def take(database: str, law: Law, tmp_path: Path) -> Take:
    """Takes content in as a file under a mapping."""

    def run(name: str, content: bytes | str, mapping_: str = "penalties", **more: Any) -> Receipt:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return take_in(path, law.mapping(mapping_), law, today=TODAY, **more)

    return run


@pytest.fixture
def registered(take: Take) -> Take:
    """The same, with one organisation in the register."""
    take("organisations.csv", f"code,name\n{USCC},阿里巴巴（中国）有限公司\n", "organisations")
    return take


Judge = Callable[..., tuple[list[int], list[Refused]]]


@pytest.fixture
def judge(law: Law, tmp_path: Path) -> Judge:
    """Reads and examines content without a database: the numbers of sound rows, and the rows refused."""

    def run(name: str, content: bytes | str, mapping_: str = "penalties") -> tuple[list[int], list[Refused]]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        plan = Plan(law.mapping(mapping_), law, TODAY)
        source = open_source(path, look_at(path, "detect"), plan.needed, plan.required)
        found = [each for block in source.blocks() for each in examine(block, plan)]
        return [row for each in found for row in each.rows], [bad for each in found for bad in each.refused]

    return run
