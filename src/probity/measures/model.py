"""What measures rest on and what they matter for: entries, decisions at hand, purposes of looking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from probity.rulebook import ListKind


class Decision(StrEnum):
    """The decisions at hand for which a measure can matter. Closed: for anything else nobody has reason to ask."""

    PROCUREMENT = "procurement"
    """Admitting to a public tender, awarding a public contract."""
    LICENCE = "licence"
    """Granting, renewing or speeding up a licence, permit or quota."""
    SUBSIDY = "subsidy"
    """Public money and preferential policies."""
    LAND = "land"
    """Granting public land; real estate."""
    BOND_ISSUE = "bond-issue"
    """Approving an issue of stocks or bonds."""
    FOREIGN_EXCHANGE = "foreign-exchange"
    """Allotting foreign-exchange quotas."""
    PROJECT_APPROVAL = "project-approval"
    """Approving projects, science and technology included."""
    HONOUR = "honour"
    """Appraisals of merit, honours and awards."""
    INSPECTION_PLAN = "inspection-plan"
    """How often, and how closely, to inspect."""
    CUSTOMS_CLEARANCE = "customs-clearance"
    """Import and export: declarations, inspection at the border."""
    QUALIFICATION = "qualification"
    """Recognising a qualification, admitting to a market or an industry."""
    CREDIT = "credit"
    """A loan, by a market actor that decides for itself."""


class Purpose(StrEnum):
    """Why somebody looks (charter 9). Closed, and each fits only some decisions: what fits everything limits
    nothing (F8)."""

    DECIDING = "deciding"
    """To decide on the application or procedure at hand."""
    PLANNING = "planning-supervision"
    """To plan inspections."""
    REVIEWING = "reviewing"
    """To review a decision that was taken: after an objection, an appeal or an audit."""

    def fits(self, decision: Decision) -> bool:
        """Whether one can look for this purpose at what matters for ``decision``."""
        if self is Purpose.REVIEWING:
            return True
        return (self is Purpose.PLANNING) == (decision is Decision.INSPECTION_PLAN)


@dataclass(frozen=True, slots=True)
class Terms:
    """What decides which measures follow from an entry. ``imported``: it came from elsewhere, and no notice is
    proven here. ``ends`` is the last day of its term, ``ended`` the first on which it was over before that."""

    list: str
    kind: ListKind
    begins: date
    ends: date | None
    ended: date | None
    imported: bool
    band: str | None

    @property
    def over_since(self) -> date | None:
        """The first day on which it is no longer in force; None while no end is known."""
        if self.ends is None:
            return self.ended
        after = self.ends + timedelta(days=1)
        return after if self.ended is None else min(after, self.ended)

    def in_force(self, day: date) -> bool:
        """Whether it stands on ``day``."""
        return (
            self.begins <= day
            and (self.ends is None or day <= self.ends)
            and (self.ended is None or day < self.ended)
        )


@dataclass(frozen=True, slots=True)
class Entry(Terms):
    """An entry on a list, as the register of entries has it.

    ``record`` is the id of the list record. ``proposer`` and ``decider`` are the officers, ``agency/id``; they are
    compared and never shown.
    """

    record: str
    subject: str
    issuer: str
    case: str | None = None
    criterion: str | None = None
    basis: str | None = None
    document: str | None = None
    contested_since: date | None = None
    proposer: str | None = None
    decider: str | None = None
    generated: bool = False

    @property
    def terms(self) -> Terms:
        """Its terms alone: many entries have the same."""
        return Terms(self.list, self.kind, self.begins, self.ends, self.ended, self.imported, self.band)
