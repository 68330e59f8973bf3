"""The documents that a case issues, in plain words: what the organisation gets to read.

The same case gives the same text for ever. No person is named in it: officers act for their agency (charter 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from probity.errors import NotFoundError
from probity.ledger import Statement
from probity.procedures.listing import acts
from probity.procedures.listing.acts import Event, Ground
from probity.procedures.listing.case import Listing, Say, replay
from probity.procedures.listing.wording import DUE, GROUNDS, MEANS, OF_REMOVAL, TITLES, length, say
from probity.procedures.model import Contact
from probity.rulebook import Law, ListRule

Section = tuple[str, list[str]]
"""A heading and its lines."""

NONE: Mapping[str, Statement] = MappingProxyType({})
"""No statement at hand."""


def document(
    case: Listing, number: str, law: Law, language: str = "en", records: Mapping[str, Statement] = NONE
) -> str:
    """The text of the document ``number`` of ``case``, in ``en`` or ``zh``.

    ``records`` are the statements by which its evidence is called by name; one that is missing is called by its
    address alone.

    Notice and decision carry the rules of removal and repair with them, so that nobody must search for them (O6,
    F18). Raises NotFoundError where the case issued no such document.
    """
    place = next((n for n, event in enumerate(case.events) if getattr(event, "document", None) == number), None)
    if place is None:
        issued = [str(event.document) for event in case.events if hasattr(event, "document")]
        raise NotFoundError(
            f"case {case.number} issued no document {number}",
            where=case.number,
            remedy=f"It issued {', '.join(issued) or 'none'}.",
        )
    before = replay(case.number, case.list, case.subject, case.events[:place])
    return _Writer(before, case.events[place], number, law, language, records).text()


@dataclass(frozen=True, slots=True)
class _Writer:
    """One document: the event that issued it, and the case as it stood before."""

    case: Listing
    event: Event
    number: str
    law: Law
    language: str
    records: Mapping[str, Statement]

    def text(self) -> str:
        title = (OF_REMOVAL if self.case.removal else {}).get(type(self.event)) or TITLES[type(self.event)]
        lines = [title.in_(self.language), "", *self._head()]
        for place, (heading, body) in enumerate(self._sections(), 1):
            lines += ["", f"{place}. {heading}", *(f"   {line}" for text in body for line in text.splitlines())]
        return "\n".join([*lines, "", self._signed(), ""])

    @property
    def rule(self) -> ListRule:
        """The list as it was in force when the case began."""
        return self.law.list(self.case.list, self.case.opened)

    def _say(self, key: str, **values: object) -> str:
        return say(key, self.language, **values)

    def _section(self, key: str, lines: Iterable[str]) -> Section:
        return self._say(key), list(lines) or [self._say("none")]

    def _agency(self, id_: str) -> str:
        try:
            return self.law.agency(id_, self.event.on).name.in_(self.language)
        except NotFoundError:
            return id_

    def _head(self) -> Iterator[str]:
        agency = self.event.by.agency if self.event.by else self.case.authority
        yield self._say("number", number=self.number)
        yield self._say("day", day=self.event.on)
        yield self._say("from", agency=self._agency(agency))
        yield self._say("to", subject=self.case.subject)
        yield self._say("about", list=self.rule.name.in_(self.language))

    def _signed(self) -> str:
        if self.event.by is None:
            return self._say("signed-nobody", day=self.event.on)
        four_eyes = isinstance(self.event, acts.Entered | acts.Dismissed | acts.Consented | acts.Refused) or (
            isinstance(self.event, acts.Ended)
            and self.case.removal is not None
            and self.event.ground is not Ground.COURT
        )
        return self._say("signed-other" if four_eyes else "signed", agency=self._agency(self.event.by.agency))

    def _sections(self) -> list[Section]:
        event = self.event
        match event:
            case acts.Warned():
                return self._warned(event)
            case acts.Proposed():
                return self._proposed(event)
            case acts.Consented() | acts.Refused():
                return self._agreed(event)
            case acts.Notified():
                return self._notified(event)
            case acts.Entered():
                return self._entered(event)
            case acts.RemovalProposed():
                return self._removal_proposed(event)
            case acts.Ended():
                return self._ended(event)
            case acts.Dismissed() | acts.Withdrawn() | acts.Lapsed():
                return self._closed(event)
        raise AssertionError(f"{type(event).__name__} issues no document")

    # -- each document ------------------------------------------------------------------------------------

    def _warned(self, event: acts.Warned) -> list[Section]:
        return [
            self._section("risk", [self._say("at-risk")]),
            self._section("ground", self._ground()),
            self._section("facts", [self.case.found.facts]),
            self._section("evidence", map(self._record, self.case.found.evidence)),
            self._section("reasons", [event.reasons]),
            self._section("addressees", self._addressees(event.contacts)),
            self._section("leaving", self._leaving()),
        ]

    def _proposed(self, event: acts.Proposed) -> list[Section]:
        asks = event.consent_from
        return [
            self._section("ground", self._ground(event)),
            self._section("facts", [event.facts]),
            self._section("evidence", self._evidence(event)),
            self._section("reasons", [event.reasons]),
            *([self._section("outcome", [self._say("asks", agency=self._agency(asks))])] if asks else []),
        ]

    def _agreed(self, event: acts.Consented | acts.Refused) -> list[Section]:
        key = "agreed" if isinstance(event, acts.Consented) else "not-agreed"
        agency = self._agency(event.by.agency) if event.by else ""
        return [
            self._section("outcome", [self._say(key, agency=agency)]),
            self._section("reasons", [event.reasons]),
        ]

    def _notified(self, event: acts.Notified) -> list[Section]:
        proposed = self.case.proposed
        assert proposed is not None  # a notice follows a proposal
        ground = self._ground(proposed)
        if event.relisting:
            ground.append(self._say("relisting", times=self._times(event.relisting)))
        return [
            self._section("intended", [self._say("intended-entry")]),
            self._section("ground", ground),
            self._section("facts", [proposed.facts]),
            self._section("reasons", [proposed.reasons]),
            self._section("evidence", self._evidence(proposed)),
            self._section("respond", self._respond()),
            self._section("addressees", self._addressees(event.contacts)),
            self._section("leaving", self._leaving(event.relisting, proposed.band)),
        ]

    def _entered(self, event: acts.Entered) -> list[Section]:
        proposed, notified = self.case.proposed, self.case.notified
        assert proposed is not None  # so does a decision, and a notice too
        return [
            self._section("decision", [self._say("listed", day=event.on, until=event.until)]),
            self._section("facts", [event.facts]),
            self._section("ground", self._ground(proposed, event.band)),
            self._section("evidence", self._evidence(proposed, event.evidence)),
            self._section("said", self._said(self.case.entry, event.answers)),
            self._section("reasons", [event.reasons]),
            self._section("contest", self._contest()),
            self._section("leaving", self._leaving(notified.relisting if notified else 0, event.band)),
        ]

    def _removal_proposed(self, event: acts.RemovalProposed) -> list[Section]:
        return [
            self._section("intended", [self._say("intended-removal"), self._ended_by(event.ground)]),
            self._section("reasons", [event.reasons]),
            self._section("evidence", [self._say("rests-on", document=event.by_order_of)]),
            self._section("respond", self._respond()),
            self._section("addressees", self._addressees(event.contacts)),
        ]

    def _ended(self, event: acts.Ended) -> list[Section]:
        entry = self.case.entered
        ground = GROUNDS[event.ground].in_(self.language)
        over = [self._say("ended", number=entry.document if entry else "", day=event.on, ground=ground)]
        if event.by_order_of:
            over.append(self._say("rests-on", document=event.by_order_of))
        if event.ground in (Ground.CORRECTION, Ground.COURT):
            over.append(self._say("leaves-view"))
        sections = [self._section("outcome", [*over, self._say("measures-end")])]
        if event.by is not None:
            sections.append(self._section("reasons", [event.reasons]))
        if self.case.removal is not None:
            sections.append(self._section("said", self._said(self.case.removal, event.answers)))
            sections.append(self._section("contest", self._contest()))
        return sections

    def _closed(self, event: acts.Dismissed | acts.Withdrawn | acts.Lapsed) -> list[Section]:
        of_removal = self.case.removal is not None
        if isinstance(event, acts.Lapsed):
            what = DUE[event.what].in_(self.language)
            key = "lapsed-removal" if of_removal else "lapsed"
            outcome = self._say(key, what=what, due=event.due, rule=event.rule)
            again = [self._say("no-ground-again")] if self.rule.kind.adverse else []
            return [self._section("outcome", [outcome, *again])]
        if isinstance(event, acts.Dismissed):
            outcome = self._say("not-removed" if of_removal else "not-listed")
        else:
            outcome = self._say("dropped-removal" if of_removal else "dropped")
        return [self._section("outcome", [outcome]), self._section("reasons", [event.reasons])]

    # -- what several of them say -------------------------------------------------------------------------

    def _ground(self, proposed: acts.Proposed | None = None, band: str | None = None) -> list[str]:
        criterion = self.rule.criterion(self.case.found.criterion)
        lines = []
        if criterion is not None:
            lines.append(self._say("criterion", name=criterion.name.in_(self.language)))
            lines.append(self._say("basis", basis=criterion.basis))
        severity = band or (proposed.band if proposed else None)
        if self.rule.bands is not None and severity is not None:
            names = {each.band: each.name.in_(self.language) for each in self.rule.bands.bands}
            lines.append(self._say("band", band=names.get(severity, severity)))
        return lines

    def _evidence(self, proposed: acts.Proposed, records: tuple[str, ...] | None = None) -> Iterator[str]:
        for id_ in proposed.evidence if records is None else records:
            yield self._record(id_)
        criterion = self.rule.criterion(self.case.found.criterion)
        facts = {each.fact: each.name for each in criterion.requires.facts()} if criterion else {}
        for fact in proposed.established:
            yield self._say("established", fact=facts[fact].in_(self.language) if fact in facts else fact)
        if proposed.able:
            yield self._say("able")
        for name in proposed.documents:
            yield self._say("proof", name=name)

    def _record(self, id_: str) -> str:
        said = self.records.get(id_)
        if said is None:
            return self._say("record", id=id_)
        name = self.law.item(said.item, said.valid_from).name.in_(self.language)
        return self._say("record-of", name=name, day=said.valid_from, reference=said.reference, id=id_)

    def _respond(self) -> Iterator[str]:
        steps = self.rule.steps
        if steps is not None:
            period = length(steps.respond, self.language)
            yield self._say("respond-until", period=period, rule=steps.respond.rule)
        yield self._say("respond-how")
        yield self._say("respond-silence")

    def _addressees(self, contacts: tuple[Contact, ...]) -> Iterator[str]:
        for each in contacts:
            means = MEANS[each.means].in_(self.language)
            yield self._say("addressee", name=each.name, subject=each.subject, means=means)

    def _leaving(self, relisting: int = 0, band: str | None = None) -> Iterator[str]:
        lasts, leaving = self.rule.lasts, self.rule.leaving
        if lasts is not None:
            bands = self.rule.bands.bands if self.rule.bands else ()
            longest = next((each.maximum for each in bands if each.band == band), None) or lasts.maximum
            least, most = (length(each, self.language) for each in (lasts.minimum, longest))
            yield self._say("term", least=least, most=most)
            if lasts.display is not None:
                yield self._say("shown", display=length(lasts.display, self.language))
        if leaving is None:
            return
        if leaving.performed is not None:
            period = length(leaving.performed, self.language)
            yield self._say("performed", period=period, rule=leaving.performed.rule)
        if leaving.early is None:
            yield self._say("no-early")
        else:
            yield self._say("early", how=leaving.early.in_(self.language))
            if lasts is not None and lasts.stay is not None:
                yield self._say("stay", stay=length(lasts.stay, self.language))
            if leaving.barred_after is not None:
                yield self._say("barred", count=leaving.barred_after)
                if relisting + 1 >= leaving.barred_after:
                    yield self._say("barred-now")
        yield self._say("annulled")
        yield self._say("leaving-basis", basis=leaving.basis)

    def _said(self, said: Say | None, answers: str | None) -> Iterator[str]:
        if said is None or not said.replies:
            yield self._say("no-reply")
            return
        refused = {each.reply: each.reasons for each in said.admissions if not each.admitted}
        for number, reply in enumerate(said.replies, 1):
            if number in refused:
                yield self._say("not-admitted", day=reply.on, why=refused[number])
            else:
                yield self._say("reply", day=reply.on, text=reply.text)
        if said.heard is not None:
            yield self._say("heard", day=said.heard.on, record=said.heard.record)
        if answers:
            yield self._say("answer", answers=answers)

    def _contest(self) -> list[str]:
        return [self._say(f"contest-{way}") for way in ("objection", "review", "court")]

    def _ended_by(self, ground: Ground) -> str:
        return self._say("criterion", name=GROUNDS[ground].in_(self.language).capitalize())

    def _times(self, number: int) -> object:
        if self.language.startswith("zh"):
            return number
        return "once" if number == 1 else f"{number} times"
