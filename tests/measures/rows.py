"""Organisations and entries in a database, for the tests of what is asked about them.

Rows of entries are written as the listing procedure leaves them; how they come about is tested with the procedure.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.db import connection
from tests.measures.entries import LAW

from probity.ledger import Draft
from probity.service import acts
from probity.service.wiring import today

BEGINS = today() - timedelta(days=100)
_numbers = count(1)

ENTRY: dict[str, Any] = {
    "list": "cn-wage-arrears",
    "kind": "serious-violation",
    "item": "list.serious-violation",
    "issuer": "cn-mohrss",
    "imported": False,
    "criterion": "refuses",
    "band": None,
    "basis": "保障农民工工资支付条例 art. 48",
    "document": "cn-mohrss/cn-wage-arrears/2023/1-4",
    "proposer": "cn-mohrss/1",
    "decider": "cn-mohrss/2",
    "notified": BEGINS - timedelta(days=30),
    "window_ends": BEGINS - timedelta(days=10),
    "begins": BEGINS,
    "ends": BEGINS + timedelta(days=1000),
    "ended": None,
    "contested_since": None,
    "position": 1,
    "generated": False,
}


def register(subject: str, name: str) -> None:
    """An organisation in the register."""
    draft = Draft(
        subject=subject,
        item="register.organisation",
        issuer="registry",
        reference=subject,
        valid_from=date(2016, 1, 1),
        attributes={"name": name},
    )
    acts.state([draft], LAW, source="test")


def list_entry(subject: str, **changes: Any) -> str:
    """An entry in the table; its record, 64 digits."""
    number = next(_numbers)
    record = f"{number:064x}"
    row = {
        **ENTRY,
        "case_number": f"case/{number}",
        **changes,
        "record": bytes.fromhex(record),
        "subject": subject,
    }
    if row["imported"]:
        for name in ("case_number", "criterion", "proposer", "decider", "notified", "window_ends"):
            row[name] = None
    places = ", ".join(["%s"] * len(row))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO procedures_entry ({', '.join(row)}) VALUES ({places})", list(row.values()))
    return record
