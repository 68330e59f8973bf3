"""How a case ends without an entry, and how an entry ends before its term."""

from __future__ import annotations

from probity.procedures import refusals as no
from probity.procedures.listing import acts
from probity.procedures.listing.acts import Ground, Role
from probity.procedures.listing.case import Listing
from probity.procedures.listing.circumstances import (
    Circumstances,
    has_role,
    other_than_proposer,
    reachable,
    said,
    untainted,
)
from probity.procedures.listing.entering import has_had_its_say
from probity.procedures.refusals import require

BY_TIME = (Ground.EXPIRY, Ground.DISSOLUTION)
"""What only time brings about."""


def dismissed(case: Listing, command: acts.Dismiss, document: str, now: Circumstances) -> acts.Dismissed:
    """The decision not to list, or not to take off a redlist: by another officer than the one who proposed."""
    other_than_proposer(case, command.by, "decide on it")
    has_role(case, Role.DECIDES, command.by)
    said(reasons=command.reasons)
    return acts.Dismissed(on=now.today, by=command.by, document=document, reasons=command.reasons.strip())


def withdrawn(command: acts.Withdraw, document: str, now: Circumstances) -> acts.Withdrawn:
    """The authority drops the matter; that decides nothing, and anybody competent may look at it anew."""
    said(reasons=command.reasons)
    return acts.Withdrawn(on=now.today, by=command.by, document=document, reasons=command.reasons.strip())


def removal_proposed(
    case: Listing, command: acts.ProposeRemoval, document: str, now: Circumstances
) -> acts.RemovalProposed:
    """Taking off a redlist is adverse: it begins with a notice to every contact (charter 4)."""
    require(not now.rule.kind.adverse, no.NotPerformable("notice: leaving this list is no burden"))
    require(command.ground in (Ground.CORRECTION, Ground.REVOKED), no.NotPerformable(f"{command.ground} so"))
    said(document=command.document, reasons=command.reasons)
    reachable(case.subject, now.contacts)
    return acts.RemovalProposed(
        on=now.today,
        by=command.by,
        document=document,
        contacts=now.contacts,
        ground=command.ground,
        by_order_of=command.document.strip(),
        reasons=command.reasons.strip(),
    )


def ended(case: Listing, command: acts.Remove, document: str, now: Circumstances) -> acts.Ended:
    """Before its term an entry ends by full performance where the list knows that (R4.15), by correction, or by a
    court; that is at once, whoever proposed it, for it frees. On a redlist it needs the notice that went before,
    except where a court has spoken, for that has heard the organisation.

    Performance is what the law itself makes the end of an entry. The minimum stay and the bar after repeated
    listings (R4.7, R4.16) concern early removal on application, which is a repair.
    """
    assert case.entered is not None
    ground = command.ground
    require(ground not in BY_TIME, no.NotPerformable(f"{ground} by hand"))
    said(document=command.document, reasons=command.reasons)
    answers = None
    if now.rule.kind.adverse:
        performed = now.rule.leaving is not None and now.rule.leaving.performed is not None
        require(ground is not Ground.REVOKED, no.NotPerformable(ground))
        require(ground is not Ground.PERFORMED or performed, no.NotPerformable(ground))
    elif ground is not Ground.COURT:
        answers = _after_notice(case, command, now)
    if ground in (Ground.PERFORMED, Ground.REVOKED):
        require(not case.over_by(now.today), no.OverByItself(case.entered.until))
    return acts.Ended(
        on=now.today,
        by=command.by,
        document=document,
        ground=ground,
        by_order_of=command.document.strip(),
        answers=answers,
        reasons=command.reasons.strip(),
    )


def _after_notice(case: Listing, command: acts.Remove, now: Circumstances) -> str | None:
    """Off a redlist: on the ground that was proposed, by another officer, after the window and its answers."""
    removal = case.removal
    proposed = removal.notice if removal is not None else None
    told = isinstance(proposed, acts.RemovalProposed) and proposed.ground is command.ground
    require(told, no.NoticeFirst(command.ground))
    other_than_proposer(case, command.by, "decide on it")
    has_role(case, Role.DECIDES, command.by)
    untainted(case)
    return has_had_its_say(case, command.answers, now)
