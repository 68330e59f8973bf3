"""What may be stated at all: no legal basis, no record (charter 2); organisations only (charter 1).

Files go through the intake room, which says the same by the column; this is the gate for single statements.
"""

from __future__ import annotations

from datetime import date

from probity.errors import CharterError, InputError, LedgerError, NaturalPersonError, NotFoundError
from probity.identity import identify, without_persons
from probity.ledger.model import REGISTER, Act, Draft, Statement, Value
from probity.rulebook import Attribute, Effect, Item, Law

AIMED = (Effect.CONTESTS, Effect.SETTLES, Effect.REPAIRS)
"""Effects that need a target."""


def admit(draft: Draft, law: Law, target: Statement | None, *, today: date) -> None:
    """Nothing, if ``draft`` may be stated under ``law``; ``target`` is the statement it aims at, if it names one.

    Raises CharterError where the charter forbids it, NaturalPersonError for a person's code, InputError for
    a fault of form, LedgerError where it does not fit its target.
    """
    item = _item(draft, law)
    _issuer(draft, law)
    _subject(draft.subject, law)
    if draft.valid_to is not None and draft.valid_to < draft.valid_from:
        raise InputError(
            f"it ends on {draft.valid_to}, before it begins on {draft.valid_from}",
            where=draft.item,
            remedy="Compare the two days with the document.",
        )
    _days(draft, item, law, today)
    _aim(draft, item, target)
    for name, value in (("reference", draft.reference), *draft.attributes.items()):
        if isinstance(value, str) and without_persons(value) != value:
            raise NaturalPersonError(
                f"{name} holds the code of a person",
                where=draft.item,
                remedy="Leave the number out: what is once stated stays (charter 1).",
            )
    if draft.act is not Act.WITHDRAW:
        for name, value in draft.attributes.items():
            _attribute(item, item.attribute(name), name, value)
            if isinstance(value, str) and (said := item.attribute(name)) and said.type == "organisation":
                _subject(value, law)
        for attribute in item.attributes:
            if attribute.required and draft.attributes.get(attribute.attribute) is None:
                raise InputError(
                    f"attribute {attribute.attribute} is missing",
                    where=draft.item,
                    remedy="State it; it is required.",
                )


def _days(draft: Draft, item: Item, law: Law, today: date) -> None:
    if draft.valid_from > today:
        raise InputError(
            f"{draft.valid_from} lies in the future", where=draft.item, remedy="State it when it has happened."
        )
    end = law.display_until(item, draft.valid_from, draft.attributes)
    if draft.valid_to is not None and end is not None and draft.valid_to > end:
        raise InputError(
            f"it ends on {draft.valid_to}, after its term ({end})",
            where=draft.item,
            remedy="Nothing adverse outlasts its term (charter 6); shorten it.",
        )


def _item(draft: Draft, law: Law) -> Item:
    try:
        return law.item(draft.item, draft.valid_from)
    except NotFoundError as error:
        raise CharterError(
            f"no live item, no record (charter 2): {error.what}", where=draft.item, remedy=error.remedy
        ) from error


def _issuer(draft: Draft, law: Law) -> None:
    try:
        agency = law.agency(draft.issuer, draft.valid_from)
    except NotFoundError as error:
        raise CharterError(
            f"no such agency (charter 2): {error.what}", where=draft.issuer, remedy=error.remedy
        ) from error
    if not agency.may_state(draft.item):
        raise CharterError(
            f"{agency.name.en} is not competent for {draft.item} (charter 2)",
            where=draft.issuer,
            remedy="Only the competent source may state a record; see competent_for in its rulebook.",
        )


def _subject(subject: str, law: Law) -> None:
    if subject == REGISTER:
        return
    scheme_id, _, code = subject.partition(":")
    scheme = law.scheme(scheme_id)
    found = identify(scheme.check, code, scheme.pattern)
    if found.code != code:
        raise InputError(
            f"write the code in its normal form, {found.code}", where=subject, remedy="One organisation, one key."
        )


def _aim(draft: Draft, item: Item, target: Statement | None) -> None:
    needed = draft.act is not Act.STATE or item.effect in AIMED
    if needed != (draft.target is not None):
        raise LedgerError(
            f"a statement of {draft.item} {'needs' if needed else 'has no'} target",
            where=draft.reference,
            remedy="Name the statement that it is about." if needed else "Leave the target out.",
        )
    if not needed:
        return
    if target is None:
        raise LedgerError(
            f"its target {draft.target} is not in the ledger", where=draft.reference, remedy="Compare the id."
        )
    if target.subject != draft.subject:
        raise LedgerError(
            f"its target is about {target.subject}, not {draft.subject}",
            where=draft.reference,
            remedy="Name a statement about the same organisation.",
        )
    if draft.act is not Act.STATE and (target.item, target.issuer) != (draft.item, draft.issuer):
        raise LedgerError(
            f"only {target.issuer} may {draft.act.value} what it stated under {target.item}",
            where=draft.reference,
            remedy="Ask that agency.",
        )


def _attribute(item: Item, attribute: Attribute | None, name: str, value: Value) -> None:
    if attribute is None:
        known = ", ".join(each.attribute for each in item.attributes)
        raise InputError(f"{item.item} has no attribute {name}", where=item.item, remedy=f"It has: {known}.")
    if value is None:
        return
    fits = {
        "boolean": isinstance(value, bool),
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "amount": isinstance(value, int) and not isinstance(value, bool),
        "date": isinstance(value, str) and _is_day(value),
        "choice": value in [choice.value for choice in attribute.choices],
    }.get(attribute.type, isinstance(value, str))
    if not fits:
        choices = ", ".join(choice.value for choice in attribute.choices)
        raise InputError(
            f"{value!r} is not a {attribute.type} of {name}",
            where=item.item,
            remedy=f"Write one of {choices}." if choices else f"Write a value of type {attribute.type}.",
        )


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
