"""Why a procedure refuses: each refusal names the rule, and what can be done instead."""

from __future__ import annotations

from datetime import date

from probity.clock import NotAnnounced
from probity.errors import ProcedureError
from probity.procedures.model import Deadline, Officer


def require(holds: bool, refusal: ProcedureError) -> None:
    """Raise ``refusal`` unless it holds."""
    if not holds:
        raise refusal


class NotNow(ProcedureError):
    """The act does not fit the phase of the case."""

    def __init__(self, act: str, phase: str, phases: tuple[str, ...]) -> None:
        when = " or ".join(phases) or "the beginning"
        super().__init__(
            f"{act} is not possible while the case is {phase}",
            rule="the order of the procedure",
            remedy=f"It is possible at: {when}.",
        )


class BackDated(ProcedureError):
    """An act bears another day than the one on which it is done."""

    def __init__(self, day: date, last: date) -> None:
        super().__init__(
            f"{day} lies before the last act of the case, of {last}",
            rule="charter 4, 11",
            remedy="An act bears the day on which it is done; a window cannot be shortened afterwards.",
        )


class TooLate(ProcedureError):
    """The authority has missed the deadline that ends the case."""

    def __init__(self, missed: Deadline) -> None:
        super().__init__(
            f"the {missed.what} was due from {missed.whose} by {missed.due}",
            rule=missed.rule,
            remedy="The matter has lapsed, whether or not that was noted yet; an authority's silence never lists.",
        )


class Decided(ProcedureError):
    """The matter is decided; what comes now is a remedy, not a reply."""

    def __init__(self, phase: str, since: date) -> None:
        super().__init__(
            f"the case is {phase} since {since}",
            rule="R8.3, R8.6",
            remedy="Contest the decision: objection to the register, reconsideration, or a court.",
        )


class AlreadyDone(ProcedureError):
    """This step was taken."""

    def __init__(self, what: str, on: date) -> None:
        super().__init__(f"{what} on {on}", rule="the order of the procedure", remedy="Go on with the next step.")


class Unknowable(ProcedureError):
    """A day cannot be worked out from the calendar."""

    def __init__(self, why: str) -> None:
        super().__init__(
            why, rule="the calendar of the list", remedy="Complete the calendar; no deadline is guessed."
        )


class NotCompetent(ProcedureError):
    """The officer's agency may not do this on this list."""

    def __init__(self, agency: str, list_: str, who: str) -> None:
        super().__init__(
            f"{agency} may not decide on {list_}", rule="R4.2, R4.5", remedy=f"Only {who} may; hand the case over."
        )


class NotTheAuthority(ProcedureError):
    """The case is another agency's."""

    def __init__(self, agency: str, authority: str) -> None:
        super().__init__(
            f"the case is conducted by {authority}, not by {agency}",
            rule="R4.2",
            remedy=f"Ask {authority}; agencies do not act in each other's cases.",
        )


class SelfDecision(ProcedureError):
    """Nobody decides, agrees or presides over what he proposed, or chooses who does."""

    def __init__(self, officer: Officer, what: str) -> None:
        super().__init__(
            f"{officer} proposed this and cannot {what}",
            rule="charter 3, F24",
            remedy="Another officer must; proposer and decider differ.",
        )


class Excluded(ProcedureError):
    """The officer was recused."""

    def __init__(self, officer: Officer) -> None:
        super().__init__(
            f"{officer} was excluded from this case", rule="charter 3", remedy="Another officer must act."
        )


class ProposalTainted(ProcedureError):
    """The officer who proposed was excluded since."""

    def __init__(self, officer: Officer) -> None:
        super().__init__(
            f"{officer}, who proposed this, was excluded from the case",
            rule="charter 3",
            remedy="Withdraw it; another officer may look at the matter anew, with a notice of its own.",
        )


class NotAssigned(ProcedureError):
    """The role was given to somebody else."""

    def __init__(self, officer: Officer, holder: Officer, role: str) -> None:
        super().__init__(
            f"{officer} does not have the role ({role}); {holder} has",
            rule="assignment of the case",
            remedy="Assign it anew, or let that officer act.",
        )


class NoSuchGround(ProcedureError):
    """The list has no such criterion; grades and other clauses are none (R4.3, R4.21)."""

    def __init__(self, criterion: str, list_: str, known: tuple[str, ...]) -> None:
        super().__init__(
            f"{criterion!r} is no ground of {list_}",
            rule="R4.3, R4.21",
            remedy=f"Its grounds are {', '.join(known)}; there is no open clause, and a grade is none."
            if known
            else "The law of this list names no ground, so nobody can be put on it here.",
        )


class GroundNotMet(ProcedureError):
    """The criterion is not met as the file stands."""

    def __init__(self, criterion: str, why: str) -> None:
        super().__init__(
            f"{criterion} is not met: {why}",
            rule="R4.3, charter 2",
            remedy="Nothing follows from a ground that is not met; what no record says must be established.",
        )


class EvidenceChanged(ProcedureError):
    """The ground rests on other records than those that were put to the organisation."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"{number} of the records put to the organisation no longer support the ground; others do",
            rule="R4.6, charter 4",
            remedy="It could not answer to those others: withdraw, and give notice of them in a new case.",
        )


class BelowEveryBand(ProcedureError):
    """The case is too small to be listed (F4)."""

    def __init__(self, band: str, amount: int) -> None:
        super().__init__(
            f"an amount of {amount} lies in the band {band}, which is not listed",
            rule="F4",
            remedy="Small cases are not put on the list of the large ones; other means remain.",
        )


class AbilityNotShown(ProcedureError):
    """It is not established that the organisation could perform (F5)."""

    def __init__(self) -> None:
        super().__init__(
            "it is not established that the organisation is able to perform and does not",
            rule="F5, R4.14",
            remedy="Who cannot perform is not listed; establish the ability with documents.",
        )


class NotItsOrganisations(ProcedureError):
    """The list is not about organisations with such a code."""

    def __init__(self, list_: str, schemes: tuple[str, ...]) -> None:
        super().__init__(
            f"{list_} is about organisations with a code of {', '.join(schemes)}",
            rule="R4.2",
            remedy="Each jurisdiction lists its own; look for the list of this one.",
        )


class AlreadyOpen(ProcedureError):
    """Somebody conducts a case about the same organisation and list, or it is listed."""

    def __init__(self, number: str, authority: str) -> None:
        super().__init__(
            f"case {number} of {authority} is about the same organisation and list",
            rule="one matter, one case (F2, F3)",
            remedy=f"Send what you know to {authority}; two cases about one matter are not conducted.",
        )


class UsedBefore(ProcedureError):
    """The same facts were decided on before."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"all of this was decided on in case {number}",
            rule="one act, one decision",
            remedy="Only what happened since can be a new ground.",
        )


class ConsentMissing(ProcedureError):
    """The agency above has not agreed."""

    def __init__(self, from_: str) -> None:
        super().__init__(
            f"the consent of {from_} is missing", rule="R4.5, O7", remedy=f"Ask {from_} to agree first."
        )


class NotAbove(ProcedureError):
    """Consent comes from the next agency up, and from nobody else."""

    def __init__(self, agency: str, above: str) -> None:
        super().__init__(
            f"{agency} is not the one to agree", rule="R4.5, O7", remedy=f"The next agency up is {above}."
        )


class NobodyAbove(ProcedureError):
    """The law asks for the consent of an agency that the rulebook does not name."""

    def __init__(self, agency: str) -> None:
        super().__init__(
            f"{agency} needs the consent of the next agency up, and the rulebook names none",
            rule="R4.5, O7",
            remedy="Let an agency of a higher level conduct it, or complete part_of in the rulebook.",
        )


class NobodyToServe(ProcedureError):
    """The notice would not reach the organisation, or two who receive it could not be told apart."""

    def __init__(self, why: str) -> None:
        super().__init__(
            why,
            rule="F1, charter 4",
            remedy="Name the organisation itself among the contacts, and each by a name of its own.",
        )


class NoSuchContact(ProcedureError):
    """The notice was not addressed to that contact, or has reached it."""

    def __init__(self, contact: str, waiting: tuple[str, ...]) -> None:
        super().__init__(
            f"the notice does not wait for {contact!r}",
            rule="F1",
            remedy=f"It waits for: {', '.join(waiting) or 'nobody'}.",
        )


class BadProof(ProcedureError):
    """The day of delivery cannot be true, or nothing proves it."""

    def __init__(self, why: str) -> None:
        super().__init__(
            why,
            rule="F1, charter 4",
            remedy="State the day and the proof as they are: the window runs from proof.",
        )


class NotTriedYet(ProcedureError):
    """Announcement comes only after delivery was tried."""

    def __init__(self, contacts: tuple[str, ...]) -> None:
        super().__init__(
            f"delivery to {', '.join(contacts)} was not reported as impossible",
            rule="F1",
            remedy="Try to deliver, and report why it failed; only then is the notice announced.",
        )


class WindowOpen(ProcedureError):
    """The organisation still has its say."""

    def __init__(self, ends: date | NotAnnounced | None) -> None:
        until = "while the clock stands still" if ends is None else f"until the end of {ends}"
        super().__init__(
            f"the organisation may respond {until}",
            rule="R4.7, charter 4",
            remedy="Decide afterwards; nothing adverse comes before.",
        )


class WindowOver(ProcedureError):
    """A reply after the deadline gives its reason."""

    def __init__(self, ended: date) -> None:
        super().__init__(
            f"the time to respond ended on {ended}",
            rule="R4.7",
            remedy="Say why the reply comes late; with a good reason it is considered.",
        )


class HearingMissing(ProcedureError):
    """A hearing was asked for and has not taken place."""

    def __init__(self) -> None:
        super().__init__(
            "the hearing that was asked for has not taken place", rule="R8.8", remedy="Hold it first."
        )


class ReplyUnanswered(ProcedureError):
    """A reply is neither answered nor, where late, decided upon."""

    def __init__(self, late: bool) -> None:
        super().__init__(
            "a late reply waits to be admitted or not" if late else "the reply is not answered",
            rule="R4.6, charter 3",
            remedy="Say first whether its reason is good." if late else "Say what is answered to it.",
        )


class NoReasons(ProcedureError):
    """An act without facts or reasons."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} are missing", rule="charter 3", remedy="Write them; the organisation reads them."
        )


class TermOutside(ProcedureError):
    """The term is shorter than the least or longer than the most that the law allows."""

    def __init__(self, until: date, least: date, most: date) -> None:
        super().__init__(
            f"the entry would last until {until}; the law allows {least} to {most}",
            rule="R4.16, charter 6",
            remedy="Choose a term within; no entry is prolonged: new facts need a new case with its own notice.",
        )


class Gone(ProcedureError):
    """The organisation is no more."""

    def __init__(self, since: date) -> None:
        super().__init__(
            f"the organisation is no more, by its registration of {since}",
            rule="charter 5",
            remedy="Nothing passes to a successor; it would need a case of its own.",
        )


class NothingDue(ProcedureError):
    """Time has brought nothing about."""

    def __init__(self, day: date) -> None:
        super().__init__(
            f"nothing is due on {day}", rule="the clock", remedy="Ask again when a deadline has passed."
        )


class StandsStill(ProcedureError):
    """The clock stands still, or does not."""

    def __init__(self, paused: bool) -> None:
        super().__init__(
            "the case is suspended" if paused else "the case is not suspended",
            rule="suspension",
            remedy="Resume it first." if paused else "Nothing needs to be resumed.",
        )


class NotPerformable(ProcedureError):
    """The list knows no removal on this ground."""

    def __init__(self, ground: str) -> None:
        super().__init__(
            f"the law of this list knows no removal by {ground}",
            rule="R4.15, R4.16",
            remedy="See its leaving rule.",
        )


class OverByItself(ProcedureError):
    """The term of the entry is over."""

    def __init__(self, until: date) -> None:
        super().__init__(
            f"the entry ended by itself with {until}", rule="charter 6", remedy="Nothing more needs to be done."
        )


class NoticeFirst(ProcedureError):
    """Nobody is taken off a redlist unheard."""

    def __init__(self, ground: str) -> None:
        super().__init__(
            f"removal by {ground} was not proposed to the organisation",
            rule="charter 4, F29",
            remedy="Propose the removal on that ground first; another officer decides after the window.",
        )
