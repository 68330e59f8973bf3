"""A number of days between two columns, told by a mapping."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from probity.intake import Reason
from probity.intake.examine import Examined, examine
from probity.intake.plan import Plan
from probity.intake.source import look_at, open_source
from probity.rulebook import Law, Mapping

USCC = "91330100799655058B"
TODAY = date(2024, 6, 30)
HEAD = "number,code,on,severity,paid on\n"
DAYS = {"column": "paid on", "format": "%d.%m.%Y", "days_after": {"column": "on", "format": "%Y/%m/%d"}}


def judged(law: Law, folder: Path, rows: str, **more: Any) -> list[Examined]:
    given_mapping = law.mapping("penalties")
    changed = given_mapping.model_dump(by_alias=True) | {
        "valid_to": None,
        "attributes": {"severity": {"column": "severity"}, "days": {**DAYS, **more}},
    }
    mapping = Mapping.model_validate(changed)
    path = folder / "fines.csv"
    path.write_text(HEAD + rows, "utf-8")
    plan = Plan(mapping, replace(law, mappings=(mapping,)), TODAY)
    source = open_source(path, look_at(path, "detect"), plan.needed, plan.required)
    assert plan.unused(source.columns) == ()
    return [each for block in source.blocks() for each in examine(block, plan)]


@pytest.mark.parametrize(
    ("on", "paid", "days"),
    [
        ("2020/02/28", "01.03.2020", 2),
        ("2020/05/01", "01.05.2020", 0),
        ("2020/05/01", "2020-05-11", 10),
        ("2020/05/01", "24.04.2020", -7),
        ("2020/05/01", "", None),
    ],
)
def test_days_are_counted_between_two_columns(
    law: Law, tmp_path: Path, on: str, paid: str, days: int | None
) -> None:
    (found,) = judged(law, tmp_path, f"1,{USCC},{on},serious,{paid}\n")
    assert [each.get("days") for each in found.attributes] == [days]


@pytest.mark.parametrize(("paid", "field"), [("soon", "paid on"), ("31.02.2020", "paid on")])
def test_what_is_no_day_is_refused(law: Law, tmp_path: Path, paid: str, field: str) -> None:
    (found,) = judged(law, tmp_path, f"1,{USCC},2020/05/01,serious,{paid}\n")
    assert found.attributes == []
    assert [(fault.field, fault.reason) for row in found.refused for fault in row.faults] == [
        (field, Reason.NOT_A_DATE)
    ]


def test_a_number_of_days_that_is_required_must_be_there(law: Law, tmp_path: Path) -> None:
    def needed(item: Any) -> Any:
        attributes = [
            a.model_copy(update={"required": a.required or a.attribute == "days"}) for a in item.attributes
        ]
        return item.model_copy(update={"attributes": tuple(attributes)})

    strict = replace(law, items=tuple(needed(item) for item in law.items))
    (found,) = judged(strict, tmp_path, f"1,{USCC},2020/05/01,serious,\n2,{USCC},2020/05/01,serious,02.05.2020\n")
    assert [each["days"] for each in found.attributes] == [1]
    assert [fault.reason for row in found.refused for fault in row.faults] == [Reason.MISSING]
