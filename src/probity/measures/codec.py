"""Answers as statements, and back."""

from __future__ import annotations

from datetime import date

from probity.errors import LedgerError
from probity.ledger import Draft, Statement, Value
from probity.measures.acts import ITEMS, Confirmed, Declined, Event, Lifted
from probity.measures.answer import Answering
from probity.measures.model import Decision
from probity.procedures import Officer

STATED = tuple(ITEMS.values())
"""The items of answers."""


def draft(answering: Answering, event: Event) -> Draft:
    """What the agency states of its answer. The officer is named to nobody outside (the item hides it)."""
    said: dict[str, Value] = {
        "entry": answering.entry.record,
        "memorandum": answering.memorandum,
        "measure": answering.measure,
        "officer": event.by.id,
        "reasons": event.reasons,
    }
    if isinstance(event, Confirmed):
        said |= {"decision": event.decision.value, "matter": event.matter, "look": event.look}
        said |= {"contest": event.contest} if event.contest else {}
    item = ITEMS[type(event)]
    return Draft(
        subject=answering.entry.subject,
        item=item,
        issuer=event.by.agency,
        reference=f"{answering.entry.record[:12]} {answering.memorandum} {answering.measure}",
        valid_from=event.on,
        attributes=said,
    )


def event(said: Statement) -> Event:
    """The answer that was stated. Raises LedgerError for a statement that is none."""
    return read_event(said.item, said.valid_from, said.issuer, dict(said.attributes))


def read_event(item: str, on: date, agency: str, said: dict[str, Value]) -> Event:
    """The answer of an item, a day, an agency and attributes."""
    by, reasons = Officer(agency, str(said["officer"])), str(said["reasons"])
    match item:
        case "measure.confirmed":
            return Confirmed(
                on=on,
                by=by,
                reasons=reasons,
                decision=Decision(str(said["decision"])),
                matter=str(said["matter"]),
                look=str(said["look"]),
                contest=str(said["contest"]) if said.get("contest") else None,
            )
        case "measure.declined":
            return Declined(on=on, by=by, reasons=reasons)
        case "measure.lifted":
            return Lifted(on=on, by=by, reasons=reasons)
    raise LedgerError(f"{item} is no answer to a duty", remedy="Run probity fsck.")
