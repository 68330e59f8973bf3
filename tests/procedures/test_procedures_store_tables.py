"""The database refuses what the charter forbids, whoever writes, by whatever door: raw SQL against the tables."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from psycopg import errors

ENTRY: dict[str, Any] = {
    "record": b"r" * 32,
    "subject": "cn-uscc:91330100799655058B",
    "list": "cn-samr/serious-violation",
    "kind": "serious-violation",
    "item": "list.serious-violation",
    "issuer": "zj-amr",
    "case_number": "zj-amr/cn-samr/serious-violation/2024/1",
    "imported": False,
    "criterion": "unperformed",
    "band": None,
    "basis": "Order 44, art. 5",
    "document": "zj-amr/cn-samr/serious-violation/2024/1-4",
    "proposer": "zj-amr/1",
    "decider": "zj-amr/2",
    "notified": "2024-01-02",
    "window_ends": "2024-01-20",
    "begins": "2024-01-21",
    "ends": "2027-01-20",
    "ended": None,
    "contested_since": None,
    "position": 7,
    "generated": False,
}
IMPORTED = {
    "imported": True,
    "case_number": None,
    "criterion": None,
    "proposer": None,
    "decider": None,
    "notified": None,
    "window_ends": None,
    "document": None,
}
CASE: dict[str, Any] = {
    "number": "zj-amr/cn-samr/serious-violation/2024/1",
    "list": "cn-samr/serious-violation",
    "subject": "cn-uscc:91330100799655058B",
    "authority": "zj-amr",
    "criterion": "unperformed",
    "phase": "listed",
    "opened": "2024-01-01",
    "proposed": "2024-01-01",
    "consented": None,
    "notified": "2024-01-02",
    "open_since": "2024-01-05",
    "window_ends": "2024-01-20",
    "replied": None,
    "heard": None,
    "decided": "2024-01-21",
    "closed_on": None,
    "outcome": None,
    "entered": True,
    "hearing_asked": False,
    "late_reply": False,
    "contacts": 1,
    "undelivered": 0,
    "relisting": 0,
    "band": None,
    "tick_on": "2027-01-21",
    "position": 7,
    "generated": False,
}


def insert(address: str, table: str, row: dict[str, Any]) -> None:
    columns = ", ".join(row)
    with psycopg.connect(address) as connection:
        connection.execute(
            f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(row))})", list(row.values())
        )


def test_the_tables_are_those_of_the_models(database: str) -> None:
    call_command("makemigrations", "--check", "--dry-run", "procedures", verbosity=0)


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"kind": "watch", "ends": "2024-06-30"},
        {"kind": "red", "ends": None},
        {"ended": "2024-02-02", "contested_since": "2024-01-30"},
        IMPORTED,
        {**IMPORTED, "ends": None},
        {**IMPORTED, "ends": "2034-01-20"},
    ],
)
def test_an_entry_that_was_decided_or_imported_is_kept(database: str, other: dict[str, Any]) -> None:
    insert(database, "procedures_entry", ENTRY | other)


@pytest.mark.parametrize(
    ("constraint", "other"),
    [
        # article 1: persons
        ("entry_organisations_only", {"subject": "cn-uscc:92330106MA2B0K8Y3P"}),
        ("entry_organisations_only", {"subject": "cn-uscc:11010519491231002X"}),
        ("entry_organisations_only", {"subject": "mx-rfc:GODE561231GR8"}),
        ("entry_organisations_only", {"subject": "register"}),
        # article 3: a person decides, another proposes, with reasons and a legal basis
        ("entry_imported_or_decided", {"proposer": None}),
        ("entry_imported_or_decided", {"decider": None}),
        ("entry_imported_or_decided", {"decider": "zj-amr/1"}),
        ("entry_imported_or_decided", {"document": None}),
        ("entry_imported_or_decided", {"criterion": None}),
        ("entry_is_a_record", {"basis": ""}),
        # article 4: notice before effect
        ("entry_imported_or_decided", {"notified": None}),
        ("entry_imported_or_decided", {"window_ends": None}),
        ("entry_imported_or_decided", {"begins": "2024-01-20"}),
        ("entry_imported_or_decided", {"begins": "2024-01-03"}),
        ("entry_imported_or_decided", {"notified": "2024-01-21"}),
        ("entry_imported_or_decided", {"case_number": None}),
        ("entry_imported_or_decided", {"imported": True}),
        # article 6: everything ends
        ("entry_ends", {"ends": None}),
        ("entry_ends", {"ends": "2029-01-23"}),
        ("entry_ends", {"ends": "2024-01-20"}),
        ("entry_ends", {**IMPORTED, "ends": "2024-01-20"}),
        ("entry_ended_after_it_began", {"ended": "2024-01-20"}),
        ("entry_known_kind", {"kind": "grey"}),
        ("entry_is_a_record", {"record": b"short"}),
    ],
)
def test_an_entry_against_the_charter_is_refused(database: str, constraint: str, other: dict[str, Any]) -> None:
    with pytest.raises(errors.CheckViolation, match=constraint):
        insert(database, "procedures_entry", ENTRY | other)


def test_a_case_makes_one_entry(database: str) -> None:
    insert(database, "procedures_entry", ENTRY)
    with pytest.raises(errors.UniqueViolation):
        insert(database, "procedures_entry", ENTRY | {"record": b"s" * 32})


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"phase": "ended", "closed_on": "2025-01-01", "outcome": "court"},
        {"phase": "removal-open"},
        {"phase": "found", "entered": False, "proposed": None, "notified": None, "open_since": None,
         "window_ends": None, "decided": None},
    ],
)  # fmt: skip
def test_a_case_that_can_be_is_kept(database: str, other: dict[str, Any]) -> None:
    insert(database, "procedures_case", CASE | other)


@pytest.mark.parametrize(
    ("constraint", "other"),
    [
        ("case_organisations_only", {"subject": "cn-uscc:11010519491231002X"}),
        ("case_organisations_only", {"subject": "cn-uscc:92330106MA2B0K8Y3P"}),
        ("case_known_phase", {"phase": "forgotten", "entered": False}),
        ("case_known_outcome", {"phase": "ended", "closed_on": "2025-01-01", "outcome": "other"}),
        ("case_over_with_outcome", {"phase": "ended"}),
        ("case_over_with_outcome", {"closed_on": "2025-01-01", "outcome": "court"}),
        ("case_entered_or_not", {"entered": False}),
        ("case_notice_before_entry", {"notified": None}),
        ("case_notice_before_entry", {"proposed": None}),
        ("case_notice_before_entry", {"open_since": None}),
        ("case_notice_before_entry", {"window_ends": None}),
        ("case_notice_before_entry", {"decided": "2024-01-20"}),
        ("case_notice_before_entry", {"notified": "2024-01-06"}),
        ("case_nothing_before_it_opened", {"opened": "2024-01-02"}),
    ],
)
def test_a_case_against_the_charter_is_refused(database: str, constraint: str, other: dict[str, Any]) -> None:
    with pytest.raises(errors.CheckViolation, match=constraint):
        insert(database, "procedures_case", CASE | other)
