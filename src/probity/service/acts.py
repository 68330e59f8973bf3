"""Single statements: what an officer or a procedure says, correction and withdrawal included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from django.db import connection

from probity import dossier, ledger
from probity.canon import canonical, digest
from probity.errors import CharterError, InputError, LedgerError
from probity.ledger import Act, Draft, Statement, Value
from probity.procedures import concerned
from probity.procedures import store as procedures
from probity.rulebook import Law
from probity.scoring import store as scoring
from probity.service.wiring import days, today


def state(drafts: Sequence[Draft], law: Law, *, source: str, generated: bool = False) -> dict[str, Any]:
    """Append ``drafts``, each admitted by the law; returns the receipt with their ids.

    All or nothing: statements, register, cases and entries, and the grades of those concerned. Raises what
    :func:`probity.ledger.admit` raises, and CharterError for what only a procedure may state.
    """
    for draft in drafts:
        _by_hand(draft, law)
    _admitted(drafts, law)
    with ledger.one_transaction():
        return _write(drafts, law, source=source, generated=generated)


def record(drafts: Sequence[Draft], law: Law, *, source: str, generated: bool = False) -> dict[str, Any]:
    """What a procedure states: as :func:`state`, in the transaction of ``ledger.writing`` in which it decided, so
    that nobody comes between. Nothing but a procedure calls this."""
    _admitted(drafts, law)
    if connection.in_atomic_block:
        return _write(drafts, law, source=source, generated=generated)
    with ledger.one_transaction():
        return _write(drafts, law, source=source, generated=generated)


def _admitted(drafts: Sequence[Draft], law: Law) -> None:
    if not drafts:
        raise LedgerError("there is nothing to state", remedy="Give at least one statement.")
    for draft in drafts:
        target = ledger.statement(draft.target) if draft.target else None
        ledger.admit(draft, law, target, today=today())


def _by_hand(draft: Draft, law: Law) -> None:
    """Refuse what follows from a procedure only: its steps, and entries on lists (charter 3, 4).

    An entry from elsewhere comes as a file, and says so by that; here it can be corrected or withdrawn.
    """
    has = concerned(law)
    said = [draft.attributes]
    if draft.item in has.lists and draft.act is not Act.STATE and draft.target:
        said.append(ledger.statement(draft.target).attributes)
    decided = any(each.get("case") is not None for each in said)
    entry = draft.item in has.lists and (draft.act is Act.STATE or decided)
    if draft.item in has.steps or entry:
        raise CharterError(
            f"{draft.item} is stated by its procedure alone: by notice, reply and decision (charter 3, 4)",
            where=draft.reference,
            remedy="Take the step in its case (probity case act); an entry that is wrong is removed there, too.",
        )


def _write(drafts: Sequence[Draft], law: Law, *, source: str, generated: bool) -> dict[str, Any]:
    """Each run of drafts with one item and issuer is a batch; everything derived follows them all."""
    graded_only = _only_graded(drafts, law)
    with ledger.together() if graded_only else nullcontext():
        return _written(drafts, law, source=source, generated=generated, at_once=graded_only)


def _only_graded(drafts: Sequence[Draft], law: Law) -> bool:
    """Whether these are a few records from which nothing but grades follows: they need not wait for an answer to
    every command."""
    items = {draft.item for draft in drafts}
    followed = dossier.followed(law) | set(concerned(law).items)
    return len(drafts) <= ledger.ONE_BY_ONE and items.isdisjoint(followed)


def _written(drafts: Sequence[Draft], law: Law, *, source: str, generated: bool, at_once: bool) -> dict[str, Any]:
    runs = [list(run) for _, run in groupby(drafts, key=lambda draft: (draft.item, draft.issuer))]
    moment = datetime.now(UTC).isoformat()
    ids: list[str] = []
    receipt: dict[str, Any] = {}
    first = 0
    for number, run in enumerate(runs, 1):
        said = [canonical(_plain(draft)) for draft in run]
        batch = digest(b"\n".join([f"{moment} {number}".encode(), *said]))
        item, issuer = run[0].item, run[0].issuer
        with ledger.part(
            batch, item=item, issuer=issuer, source=source, rulebook=law.hash, generated=generated
        ) as writer:
            if number == 1:
                _still_speaks(drafts)
            stated = writer.append(run)
            writer.settle()
            ids, first = [*ids, *stated], first or writer.first
            dossier.follow(writer.first, law, generated=generated, item=item)
            if at_once:
                writer.ready()
            if number == len(runs):
                _follow(drafts, law, first, writer.last, item, generated)
            receipt = writer.finish({"source": source, "statements": stated})
    return receipt | {"statements": ids, "first_position": first}


def _follow(drafts: Sequence[Draft], law: Law, first: int, last: int, item: str, generated: bool) -> None:
    """Cases, entries and grades, in the transaction and before its last batch (of ``item``) is sealed."""
    subjects = {draft.subject for draft in drafts}
    items, steps = {draft.item for draft in drafts}, any(draft.attributes.get("case") for draft in drafts)
    procedures.follow(subjects, law, generated=generated, items=items, strict=steps)
    scoring.follow(subjects, law, days(), first=first, last=last, item=item, generated=generated)


def _speaking(id_: str) -> Statement:
    """What speaks now of the record that the statement ``id_`` is about."""
    said = ledger.statement(id_)
    while later := ledger.replaced_by(said.id):
        said = ledger.statement(later)
    if said.act is Act.WITHDRAW:
        raise LedgerError(
            f"statement {id_[:12]} was withdrawn by {said.id}",
            remedy="State the record anew if it holds after all.",
        )
    return said


def _still_speaks(drafts: Sequence[Draft]) -> None:
    """Corrections and withdrawals aim at what speaks now, so that none undoes another unseen.

    Asked under the ledger's lock.
    """
    aimed = [draft.target for draft in drafts if draft.act is not Act.STATE and draft.target]
    if len(set(aimed)) < len(aimed):
        raise LedgerError("one statement is corrected or withdrawn twice", remedy="Say it once.")
    for target in aimed:
        if later := ledger.replaced_by(target):
            raise LedgerError(
                f"statement {target[:12]} was corrected or withdrawn by {later} in the meantime",
                remedy="Look at the record again; if the correction is still needed, aim it at that statement.",
            )


def correct(
    id_: str,
    law: Law,
    *,
    reason: str,
    attributes: Mapping[str, Value] | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> dict[str, Any]:
    """Correct a record: what is given replaces what it says now, the rest stays. Returns the receipt.

    ``id_`` is the record's address or any correction of it. Raises LedgerError if it was withdrawn.
    """
    wrong = _speaking(id_)
    draft = Draft(
        subject=wrong.subject,
        item=wrong.item,
        issuer=wrong.issuer,
        reference=wrong.reference,
        valid_from=valid_from or wrong.valid_from,
        valid_to=valid_to or wrong.valid_to,
        attributes={**wrong.attributes, **(attributes or {})},
        act=Act.CORRECT,
        target=wrong.id,
    )
    return state([draft], law, source=f"correction: {_reason(reason)}", generated=wrong.generated)


def withdraw(id_: str, law: Law, *, reason: str) -> dict[str, Any]:
    """Take a record back. It stays in the ledger and counts for nothing from now on. Returns the receipt.

    ``id_`` is the record's address or any correction of it. Raises LedgerError if it was withdrawn before.
    """
    wrong = _speaking(id_)
    draft = Draft(
        subject=wrong.subject,
        item=wrong.item,
        issuer=wrong.issuer,
        reference=wrong.reference,
        valid_from=wrong.valid_from,
        act=Act.WITHDRAW,
        target=wrong.id,
    )
    return state([draft], law, source=f"withdrawal: {_reason(reason)}", generated=wrong.generated)


def read(text: str, name: str, id_: str, law: Law) -> Value:
    """``text`` as a value of the attribute ``name`` of a statement's item. Raises InputError if it is none."""
    said = ledger.statement(id_)
    attribute = law.item(said.item, said.valid_from).attribute(name)
    if attribute is None:
        known = ", ".join(each.attribute for each in law.item(said.item, said.valid_from).attributes)
        raise InputError(f"{said.item} has no attribute {name}", where="--set", remedy=f"It has: {known}.")
    if attribute.type in ("integer", "amount"):
        try:
            return int(text)
        except ValueError:
            raise InputError(
                f"{text!r} is not a whole number of {attribute.unit or 'units'}",
                where=name,
                remedy="Write digits only, in minor units (fen, cents) for money.",
            ) from None
    if attribute.type == "boolean":
        if text not in ("true", "false"):
            raise InputError(f"{text!r} is neither true nor false", where=name, remedy="Write true or false.")
        return text == "true"
    return text


def _reason(reason: str) -> str:
    if not reason.strip():
        raise LedgerError(
            "a correction or withdrawal gives its reason (charter 3)", remedy="Say why with --reason."
        )
    return reason.strip()


def _plain(draft: Draft) -> dict[str, Any]:
    return {
        "act": draft.act.value,
        "subject": draft.subject,
        "item": draft.item,
        "issuer": draft.issuer,
        "reference": draft.reference,
        "valid_from": draft.valid_from.isoformat(),
        "valid_to": draft.valid_to.isoformat() if draft.valid_to else None,
        "attributes": dict(draft.attributes),
        "target": draft.target,
    }
