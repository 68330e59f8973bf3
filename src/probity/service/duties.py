"""What agencies owe while an entry is in force, their answers, and the alarm for whoever is late in lifting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from probity import ledger
from probity.measures import Answering, Duty, Entry, Lifting, Stand, command_of, decide, draft, duties, evolve
from probity.measures import late as overdue
from probity.measures import store as measures
from probity.rulebook import Law
from probity.service import acts as statements
from probity.service.wiring import day_of_act, days


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty, and how the agency answered it (none of its branches counts here: each answers for itself)."""

    entry: Entry
    duty: Duty
    answering: Answering | None

    @property
    def stand(self) -> Stand:
        """Where it stands."""
        return self.answering.stand if self.answering else Stand.OPEN


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an answer brought about, and the statement that says so."""

    answering: Answering
    statement: str
    position: int


def duties_about(subject: str, law: Law, day: date | None = None) -> tuple[Owed, ...]:
    """What every signatory owes for entries of ``subject`` in force on ``day`` (None: the day that is meant)."""
    entries = measures.entries_of([subject])
    stands = measures.answers_of(entries)
    meant = day or days().of(subject)
    return tuple(
        Owed(entry, duty, stands.get((duty.entry, duty.memorandum, duty.measure.measure, duty.agency)))
        for entry in entries
        for duty in duties(entry, law, meant)
    )


def answer(document: Mapping[str, object], law: Law, *, source: str, on: date | None = None) -> Receipt:
    """Take an agency's answer (a document for ``measures.command_of``), decide and state it, in one transaction.

    ``on`` is the day on which it is given: only answers about made-up organisations can be played on another day
    than today. Raises InputError (the document), NotFoundError (no such entry or agency), ProcedureError (not
    allowed as things stand), CharterError.
    """
    (record, memorandum, measure), command = command_of(document)
    with ledger.writing():
        entry = measures.entry(record, law)
        day = day_of_act(entry.subject, entry.generated, on)
        law.agency(command.by.agency, day)
        key = (record, memorandum, measure, command.by.agency)
        answering = measures.answered(entry).get(key) or Answering(entry, *key[1:])
        event = decide(answering, command, law, day)
        said = draft(answering, event)
        receipt = statements.record([said], law, source=source, generated=entry.generated)
        measures.follow([entry.subject])
    return Receipt(evolve(answering, event), receipt["statements"][0], receipt["last_position"])


def late(law: Law, day: date | None = None) -> tuple[Lifting, ...]:
    """The alarm: measures that are over and that their agency has not lifted in time, as of ``day`` (None: of the
    day that is meant for each organisation)."""
    return tuple(
        lifting
        for each in measures.confirmed(law)
        for lifting in overdue([each], law, day or days().of(each.entry.subject))
    )
