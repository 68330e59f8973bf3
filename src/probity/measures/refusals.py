"""Why a measure is refused: each refusal names the rule, and what can be done instead."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from probity.errors import ProcedureError


class OutsideMemorandum(ProcedureError):
    """No memorandum in force agrees this measure for this list."""

    def __init__(self, measure: str, memorandum: str, list_: str, day: date) -> None:
        super().__init__(
            f"{memorandum} does not agree {measure} for {list_} on {day}",
            rule="R5.1, R5.5",
            remedy="Only what a memorandum in force agrees, with a legal basis in force, can be taken.",
        )


class NotASignatory(ProcedureError):
    """The agency did not sign, or may not execute the measure."""

    def __init__(self, agency: str, measure: str, who: Collection[str]) -> None:
        super().__init__(
            f"{agency} has no part in {measure}",
            rule="R5.1, R5.5",
            remedy=f"Signed, and may execute it: {', '.join(sorted(who)) or 'nobody'}; and their branches.",
        )


class NotTheListed(ProcedureError):
    """The measure would bind somebody else."""

    def __init__(self, subject: str, listed: str) -> None:
        super().__init__(
            f"{subject} is not listed; {listed} is",
            rule="charter 5, F6",
            remedy="A measure binds the listed organisation only: no parent, branch, supplier or officer of it.",
        )


class NotInForce(ProcedureError):
    """The entry has not begun, or is over."""

    def __init__(self, day: date, begins: date, over_since: date | None) -> None:
        when = f"has been over since {over_since}" if over_since and over_since <= day else f"begins on {begins}"
        super().__init__(
            f"the entry {when}", rule="R5.10, charter 6", remedy="Without an entry in force there is no measure."
        )


class NotOfThisList(ProcedureError):
    """The kind of list, or the severity of the case, does not allow a measure of that category."""

    def __init__(self, category: str, what: str) -> None:
        super().__init__(
            f"a {category} measure does not follow from {what}",
            rule="R4.19, F4",
            remedy="What follows must be in proportion: take a measure of a category that is allowed there.",
        )


class TooLong(ProcedureError):
    """The longest that the measure may last is over."""

    def __init__(self, measure: str, last: date) -> None:
        super().__init__(
            f"{measure} could last until {last}",
            rule="R5.5, charter 6",
            remedy="Its longest time runs from the first day of the entry, whenever an agency answers.",
        )


class OnlyInforms(ProcedureError):
    """The measure informs a decision and binds nobody, so there is nothing to confirm or decline."""

    def __init__(self, measure: str, why: str) -> None:
        super().__init__(
            f"{measure} only informs: {why}",
            rule="R5.3, F23",
            remedy="Take it into account in your own decision, with your own reasons.",
        )


class NoOwnLook(ProcedureError):
    """The agency does not say what it looked at itself."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} is missing",
            rule="F23, R8.8, charter 3",
            remedy="Another agency's entry does not decide here: look yourself, and write what you found and why.",
        )


class NotThisDecision(ProcedureError):
    """The measure has nothing to do with the decision at hand."""

    def __init__(self, decision: str, measure: str, decisions: Collection[str]) -> None:
        super().__init__(
            f"{measure} does not matter for {decision}",
            rule="R5.7",
            remedy=f"It matters for: {', '.join(decisions)}.",
        )


class ContestNotRead(ProcedureError):
    """The entry is contested, and the agency does not say what it makes of that."""

    def __init__(self, since: date) -> None:
        super().__init__(
            f"the entry has been contested since {since}",
            rule="charter 8, R8.7",
            remedy="That does not suspend the measure; read what the organisation says, and answer it (contest).",
        )


class OwnEntry(ProcedureError):
    """The officer proposed or decided the entry."""

    def __init__(self, officer: str) -> None:
        super().__init__(
            f"{officer} took part in the entry and cannot look at it afresh",
            rule="charter 3, F23",
            remedy="Another officer must.",
        )


class NotNow(ProcedureError):
    """The act does not follow what the agency answered before."""

    def __init__(self, act: str, stands: str) -> None:
        super().__init__(
            f"{act} is not possible: the measure is {stands} here",
            rule="one entry, one answer",
            remedy="An answer stands for its entry; only a new entry is looked at anew.",
        )


class NotYours(ProcedureError):
    """The answer is another agency's."""

    def __init__(self, agency: str, whose: str) -> None:
        super().__init__(
            f"this is for {whose} to answer, not for {agency}",
            rule="F23",
            remedy="Each agency answers for itself.",
        )


class Earlier(ProcedureError):
    """The act would lie before the one that it follows."""

    def __init__(self, day: date, last: date) -> None:
        super().__init__(
            f"{day} lies before the last answer, of {last}",
            rule="charter 11",
            remedy="An act bears the day on which it is done.",
        )
