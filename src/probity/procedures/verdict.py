"""What the records of an organisation say about a criterion on a day."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """A criterion against a file. ``met`` is None where it is not known, because a source has not delivered.

    ``records`` are the ids of the records that support it, ``amount`` what the case is measured by (in the unit of
    the attribute; None where the list has no bands), ``missing`` the facts that a person has yet to establish,
    ``possible`` whether nothing but those is missing, ``near`` whether the organisation is at risk of meeting it,
    ``why`` one line for every condition.
    """

    criterion: str
    met: bool | None
    records: tuple[str, ...]
    amount: int | None
    missing: tuple[str, ...]
    possible: bool
    near: bool
    why: tuple[str, ...]
