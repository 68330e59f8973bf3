"""The question agencies ask all day: does anything about this organisation matter for the decision at hand?

Whoever asks says which decision, for what purpose and on what legal basis, and is written down before anything is
answered (charter 9, F8, F10). The answer never says that somebody is clean: it says what was found, and which
sources have not delivered (charter 10).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any

from probity.errors import IdentifierError, NaturalPersonError, NotFoundError, ProbityError, QuestionError
from probity.identity import Verdict, identify, identify_column, masked, why, without_persons
from probity.ledger import failures
from probity.measures import Asker, Decision, Entry, Found, Purpose, Source, alone, sources, with_branches
from probity.measures import store as measures
from probity.measures.store import Lookup
from probity.procedures import Officer
from probity.rulebook import Law, Scheme, Text
from probity.service.wiring import days

MOST = 10_000
"""Organisations in one call."""
FEW = 20
"""Up to so many codes are verified one by one."""
LONGEST_BASIS = 500
"""Characters of a legal basis."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What matters about one organisation; no entries means that nothing was found, and no more than that."""

    subject: str
    name: str
    generated: bool
    as_of: date
    entries: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A code that was not answered, by its place in the question (from 1), and why. That of a person is not
    shown."""

    place: int
    code: str
    error: ProbityError


@dataclass(frozen=True, slots=True)
class Answers:
    """A whole answer; ``lookup`` is the number under which the call stands in the log."""

    lookup: int
    at: datetime
    agency: str
    decision: Decision
    purpose: Purpose
    basis: str
    answers: tuple[Answer, ...]
    refused: tuple[Refused, ...]
    not_delivered: tuple[Source, ...]


def check(organisations: Sequence[str], decision: str, purpose: str, basis: str, by: Officer, law: Law) -> Answers:
    """The entries and measures that matter for ``decision`` about each of ``organisations`` (at most 10,000).

    Codes that cannot be answered (of a person, unknown, malformed, given twice) are refused one by one, and the
    others answered. Raises QuestionError where decision, purpose or basis is missing, unknown or does not fit,
    NaturalPersonError where basis or officer hold a person's code, NotFoundError for an agency that the law does
    not know. The call is in the log when this returns; what could not be logged is not answered.
    """
    wanted, reason, said = _decision(decision), _purpose(purpose), _basis(basis)
    if not reason.fits(wanted):
        raise QuestionError(
            f"looking for {reason.value} does not fit the decision {wanted.value}",
            where="purpose",
            remedy="Say what the look is for; a purpose that fits everything limits nothing (charter 9).",
        )
    today = days()
    _officer(by, law, today.today)
    candidates = _candidates(_counted(organisations), law)
    keys = [key for each in candidates for key in each.keys]
    matter = sources(law, wanted, today.today, frozenset(key.partition(":")[0] for key in keys))
    lists = frozenset(source.list for source in matter)
    with failures():
        found = measures.look(keys, sorted(lists), alone(law, lists, today.today))
        known, refused = _known(candidates, found.registered)
        number, at = measures.log(by, reason, said, wanted, known)
    about: dict[str, list[Entry]] = {}
    for entry in found.entries:
        about.setdefault(entry.subject, []).append(entry)
    asker = Asker(by.agency, with_branches(by.agency, law, today.today), wanted, law, found.answered)
    answers = tuple(
        Answer(subject, *found.registered[subject], day, asker.found(about.get(subject, ()), day))
        for subject in known
        for day in [today.of(subject)]
    )
    missing = tuple(source for source in matter if source.list not in found.delivered)
    return Answers(number, at, by.agency, wanted, reason, said, answers, refused, missing)


def lookups(subject: str) -> tuple[Lookup, ...]:
    """Every look at ``subject`` (``scheme:code``), the newest first, as the organisation itself can read it."""
    return measures.lookups(subject)


# -- the question ------------------------------------------------------------------------------------------


def _decision(text: str) -> Decision:
    try:
        return Decision(text.strip())
    except ValueError:
        raise QuestionError(
            f"{text!r} is no decision for which measures can matter",
            where="decision",
            remedy=f"Name one of: {', '.join(Decision)}.",
        ) from None


def _purpose(text: str) -> Purpose:
    try:
        return Purpose(text.strip())
    except ValueError:
        raise QuestionError(
            f"{text!r} is no purpose for which somebody may look" if text.strip() else "the purpose is missing",
            where="purpose",
            remedy=f"Name one of: {', '.join(Purpose)} (charter 9).",
        ) from None


def _basis(text: str) -> str:
    said = " ".join(text.split())
    if not any(character.isalpha() for character in said) or len(said) > LONGEST_BASIS:
        raise QuestionError(
            "the legal basis is missing" if len(said) <= LONGEST_BASIS else "the legal basis is too long",
            where="basis",
            remedy="Name the provision that lets you look, as 政府采购法 art. 22; the organisation can read it.",
        )
    _no_person(said, "basis")
    return said


def _officer(by: Officer, law: Law, day: date) -> None:
    law.agency(by.agency, day)
    if not by.id.strip():
        raise QuestionError(
            "the officer is missing",
            where="by",
            remedy="Write AGENCY/OFFICER, with the mark by which the agency knows its officer.",
        )
    _no_person(by.id, "by")


def _no_person(text: str, where: str) -> None:
    if without_persons(text) != text:
        raise NaturalPersonError(
            "it holds the code of a person",
            where=where,
            remedy="Leave the number out: what is once logged stays (charter 1).",
        )


def _counted(organisations: Sequence[str]) -> Sequence[str]:
    if not 0 < len(organisations) <= MOST:
        raise QuestionError(
            f"{len(organisations):,} organisations in one call" if organisations else "no organisation is named",
            where="organisations",
            remedy=f"Ask about 1 to {MOST:,} at once; for more, ask again.",
        )
    return organisations


# -- whom it is about --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Candidate:
    """A code as given, the keys that it can mean, and the scheme by which it was refused, if it was."""

    place: int
    text: str
    keys: tuple[str, ...] = ()
    fault: Scheme | None = None
    person: bool = False


def _candidates(organisations: Sequence[str], law: Law) -> list[_Candidate]:
    """What each code can mean: under the scheme that it names; else the unified code, where it is a sound one;
    else under any scheme. All codes of a scheme are verified at once."""
    schemes = {scheme.scheme: scheme for scheme in law.schemes}
    found = [_Candidate(place, text.strip()) for place, text in enumerate(organisations, 1)]
    bare: list[_Candidate] = []
    under: dict[str, list[_Candidate]] = {}
    for each in found:
        name, separator, _ = each.text.partition(":")
        (under.setdefault(name, []) if separator and name in schemes else bare).append(each)
    for name, some in under.items():
        _verify(schemes[name], some, [each.text.partition(":")[2] for each in some])
    uniform = [scheme for scheme in schemes.values() if scheme.check == "cn-uscc"]
    for scheme in (*uniform, *(each for each in schemes.values() if each not in uniform)):
        _verify(scheme, bare, [each.text for each in bare])
        if scheme in uniform:
            bare = [each for each in bare if not each.keys and not each.person]
        if not bare:
            break
    return found


def _verify(scheme: Scheme, some: Sequence[_Candidate], codes: Sequence[str]) -> None:
    if not some:
        return
    for each, (code, verdict) in zip(some, _judged(scheme, codes), strict=True):
        if verdict is Verdict.OK:
            each.keys += (f"{scheme.scheme}:{code}",)
        elif verdict is Verdict.PERSON:
            each.fault, each.person = scheme, True
        elif each.fault is None and (":" in each.text or len(each.text) == 18):
            each.fault = scheme


def _judged(scheme: Scheme, codes: Sequence[str]) -> Iterable[tuple[str | None, Verdict]]:
    """Codes in normal form with their verdicts; all at once where there are many."""
    if len(codes) > FEW:
        column = identify_column(scheme.check, codes, scheme.pattern)
        return zip(column.codes.to_pylist(), map(Verdict, column.verdicts.tolist()), strict=True)
    return [_judge(scheme, code) for code in codes]


def _judge(scheme: Scheme, code: str) -> tuple[str | None, Verdict]:
    try:
        return identify(scheme.check, code, scheme.pattern).code, Verdict.OK
    except NaturalPersonError:
        return None, Verdict.PERSON
    except IdentifierError:
        return None, Verdict.PATTERN


def _known(candidates: Sequence[_Candidate], names: Mapping[str, object]) -> tuple[list[str], tuple[Refused, ...]]:
    """Those who are registered, in the order asked; and why each of the others is refused."""
    places: dict[str, int] = {}
    refused = []
    for each in candidates:
        known = [key for key in each.keys if key in names]
        if len(known) == 1 and not each.person and known[0] not in places:
            places[known[0]] = each.place
            continue
        error = _refusal(each, known, places)
        shown = masked(each.text) if isinstance(error, IdentifierError) else without_persons(each.text)
        refused.append(Refused(each.place, shown, error))
    return list(places), tuple(refused)


def _refusal(candidate: _Candidate, known: Sequence[str], places: Mapping[str, int]) -> ProbityError:
    scheme, where = candidate.fault, f"organisation {candidate.place}"
    if scheme is not None and (candidate.person or not candidate.keys):
        code = candidate.text.removeprefix(f"{scheme.scheme}:")
        error = why(scheme.check, code, scheme.pattern)
        error.where = where
        return error
    if len(known) > 1:
        remedy = f"Write one of: {', '.join(known)}."
        return QuestionError("it is registered under several schemes", where=where, remedy=remedy)
    if known:
        return QuestionError(
            f"it was asked about before, as organisation {places[known[0]]}",
            where=where,
            remedy="Ask about each organisation once.",
        )
    return NotFoundError(
        "no organisation is registered under this code",
        where=where,
        remedy="That says nothing good or bad about anybody: compare the code, or search by name.",
    )


# -- the answer -------------------------------------------------------------------------------------------


def as_json(found: Answers) -> dict[str, Any]:
    """The answer as JSON. The officer is not in it."""
    return {
        "lookup": found.lookup,
        "at": found.at.isoformat(),
        "agency": found.agency,
        "decision": found.decision.value,
        "purpose": found.purpose.value,
        "basis": found.basis,
        "answers": [_plain(each) for each in found.answers],
        "refused": [
            {"place": each.place, "code": each.code, "error": each.error.what, "remedy": each.error.remedy}
            for each in found.refused
        ],
        "not_delivered": [_plain(each) for each in found.not_delivered],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return value.model_dump(exclude_none=True)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return value
