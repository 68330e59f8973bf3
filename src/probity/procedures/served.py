"""Which documents of a case go to whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from probity.procedures.listing import Listing, acts
from probity.procedures.model import Contact

_WITHIN = acts.Proposed | acts.Consented
"""What passes between officers; the organisation reads it in the notice."""


@dataclass(frozen=True, slots=True)
class Served:
    """A document of a case, and a contact whom it goes to."""

    case: str
    document: str
    contact: Contact


def served(case: Listing) -> Iterator[Served]:
    """Every document that goes out, in the order of the case.

    Warnings; notices, of an entry or of taking off a redlist; and after a notice whatever decides, ends or closes
    what it announced, to the same contacts.
    """
    told: tuple[Contact, ...] = ()
    for event in case.events:
        if isinstance(event, acts.Notified | acts.RemovalProposed):
            told = event.contacts
        document = getattr(event, "document", None)
        if isinstance(document, str) and not isinstance(event, _WITHIN):
            contacts = event.contacts if isinstance(event, acts.Warned) else told
            yield from (Served(case.number, document, each) for each in contacts)
