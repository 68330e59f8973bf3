"""What the ledger should say of an edition, and what it says: records in their attributes, to be held equal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from probity.ledger import Act, Draft, Statement, Value
from probity.rulebook import Law
from probity.service.sat69b.model import (
    AUTHORITY,
    CELLS,
    ENTRY,
    LIST,
    PROCEDURE,
    REGISTRATION,
    SCHEME,
    Edition,
    Procedure,
    Stage,
    first_day,
)

REASON = "Operations of its invoices are taken not to exist (simulated operations)"
_SOCIAL = re.compile(r"\b(A\.? ?C|I\.? ?A\.? ?P|A\.? ?B\.? ?P)\.?$")
"""Endings of the names of civil associations and private welfare institutions."""


@dataclass(frozen=True, slots=True)
class Said:
    """A record: what it says, without what the ledger adds."""

    subject: str
    valid_from: date
    valid_to: date | None
    attributes: Mapping[str, Value]


Records = Mapping[str, Said]
"""By reference."""


def registrations(edition: Edition) -> Records:
    """One for each organisation: since its first presumption, under the name of its latest."""
    of: dict[str, list[Procedure]] = {}
    for each in edition.procedures.values():
        of.setdefault(each.code, []).append(each)
    return {code: _registration(code, sorted(own, key=first_day)) for code, own in of.items()}


def _registration(code: str, own: list[Procedure]) -> Said:
    name = own[-1].name
    kind = "social-organisation" if _SOCIAL.search(name.upper()) else "enterprise"
    return Said(f"{SCHEME}:{code}", first_day(own[0]), None, {"name": name, "kind": kind})


def procedures(edition: Edition) -> Records:
    """One for each procedure."""
    return {
        key: Said(
            subject=f"{SCHEME}:{each.code}",
            valid_from=first_day(each),
            valid_to=None,
            attributes={"stage": each.stage.value, **({"held": each.held} if each.held else {}), **each.said},
        )
        for key, each in edition.procedures.items()
    }


def entries(edition: Edition, law: Law) -> Records:
    """One for each decision that is in the gazette and not held back; to the last day of its term."""
    return {key: _entry(each, law) for key, each in edition.procedures.items() if each.enters}


def _entry(procedure: Procedure, law: Law) -> Said:
    begins = procedure.day(Stage.DEFINITIVE, "gazette")
    assert begins is not None
    named = {
        "decision_number": "decision_document",
        "decided_on": "decision_dated",
        "page_on": "decision_page",
        "presumption_document": "presumption_document",
        "presumption_page": "presumption_page",
        "presumption_gazette": "presumption_gazette",
    }
    said = {name: procedure.said[cell] for name, cell in named.items() if cell in procedure.said}
    ends = law.display_until(law.item(ENTRY, begins), begins, {})
    return Said(f"{SCHEME}:{procedure.code}", begins, ends, {"list": LIST, "reason": REASON, **said})


# -- what the ledger says ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ledger says now of the list: by item, the statement that speaks under each reference."""

    of: Mapping[str, Mapping[str, Statement]]

    @classmethod
    def read(cls, statements: Iterable[Statement]) -> Standing:
        """From statements in the order of the ledger: a correction replaces its target, a withdrawal ends it."""
        speaking: dict[str, Statement] = {}
        for each in statements:
            if each.act is not Act.STATE:
                speaking.pop(each.target or "", None)
            if each.act is not Act.WITHDRAW and each.issuer == AUTHORITY:
                speaking[each.id] = each
        of: dict[str, dict[str, Statement]] = {REGISTRATION: {}, PROCEDURE: {}, ENTRY: {}}
        for each in speaking.values():
            of[each.item][each.reference] = each
        return cls(of)

    def procedures(self) -> dict[str, Procedure]:
        """The procedures as the edition before told them."""
        names = {reference: str(each.attributes["name"]) for reference, each in self.of[REGISTRATION].items()}
        return {key: _procedure(each, names) for key, each in self.of[PROCEDURE].items()}


def _procedure(said: Statement, names: Mapping[str, str]) -> Procedure:
    code, _, number = said.reference.partition("|")
    held = said.attributes.get("held")
    return Procedure(
        code=code,
        number=number,
        stage=Stage(str(said.attributes["stage"])),
        name=names.get(code, ""),
        said={name: str(said.attributes[name]) for name in CELLS if said.attributes.get(name) is not None},
        held=None if held is None else str(held),
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """What is to be stated of one item so that the ledger says what it should."""

    new: Records
    corrected: tuple[Draft, ...]
    withdrawn: tuple[Draft, ...]


def difference(item: str, wanted: Records, standing: Mapping[str, Statement], keep: frozenset[str]) -> Difference:
    """New records, corrections and withdrawals. ``keep``: references that stay as they are, wanted or not.

    Of a registration only what it says counts: the day since when somebody is known changes with what is left.
    """
    corrected = []
    for reference, said in wanted.items():
        now = standing.get(reference)
        if now is not None and _differs(item, said, now):
            begins = now.valid_from if item == REGISTRATION else said.valid_from
            corrected.append(_draft(now, Act.CORRECT, begins, said.valid_to, said.attributes))
    return Difference(
        new={reference: said for reference, said in wanted.items() if reference not in standing},
        corrected=tuple(corrected),
        withdrawn=tuple(
            _draft(now, Act.WITHDRAW, now.valid_from, None, {})
            for reference, now in standing.items()
            if reference not in wanted and reference not in keep
        ),
    )


def _differs(item: str, said: Said, now: Statement) -> bool:
    same = dict(said.attributes) == dict(now.attributes)
    return not same or (
        item != REGISTRATION and (said.valid_from, said.valid_to) != (now.valid_from, now.valid_to)
    )


def _draft(now: Statement, act: Act, begins: date, ends: date | None, attributes: Mapping[str, Value]) -> Draft:
    return Draft(
        subject=now.subject,
        item=now.item,
        issuer=now.issuer,
        reference=now.reference,
        valid_from=begins,
        valid_to=ends,
        attributes=dict(attributes),
        act=act,
        target=now.id,
    )
