"""A small law of a few items and lists, and records under it, for the tests of criteria."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from probity.dossier import Record
from probity.procedures import Verdict, evaluate
from probity.rulebook import Item, Law, ListKind, ListRule, Status

TODAY = date(2024, 6, 30)
_DATED = {"in_force": {"from": date(2000, 1, 1)}, "basis": "Act, section 1", "reference": "R0"}


def _item(id_: str, origin: str = "public", **attributes: dict[str, object]) -> Item:
    given = [{"attribute": name, "name": {"en": name}, **what} for name, what in attributes.items()]
    return Item.model_validate(
        {
            "item": id_,
            "name": {"en": f"{id_} records"},
            "category": "c",
            "polarity": "neutral",
            "disclosure": "open",
            "origin": origin,
            "attributes": given,
            **_DATED,
        }
    )


ITEMS = (
    _item("fine", amount={"type": "amount", "unit": "fen"}, severity={"type": "text"}, year={"type": "integer"}),
    _item("order", amount={"type": "amount", "unit": "fen"}),
    _item("declarations", number={"type": "integer"}),
    _item("paid", year={"type": "integer"}),
    _item("honour"),
    _item("tip", origin="market"),
    _item("entry"),
    _item("warned"),
)


def rule(requires: dict[str, Any], kind: str = "serious-violation", **more: Any) -> ListRule:
    """A list of that kind with one criterion, ``ground``; ``warns`` and ``ends`` belong to the criterion."""
    criterion = {"criterion": "ground", "name": {"en": "Ground"}, "basis": "Act, s. 2", "reference": "R0"}
    criterion |= {"requires": requires} | {key: more.pop(key) for key in ("warns", "ends") if key in more}
    within = {"number": 10, "unit": "days", "rule": "Act, s. 3"}
    steps = dict.fromkeys(("respond", "announcement", "notify", "hear", "decide"), within)
    return ListRule.model_validate(
        {
            "list": "own",
            "name": {"en": "Own"},
            "kind": kind,
            "record": "entry",
            "authorities": ["office"],
            "decides": {"level": "county"},
            "criteria": [criterion],
            "steps": {"calendar": "cn", **steps},
            "lasts": {"minimum": "1y", "maximum": "3y"},
            "leaving": {"basis": "Act, s. 4"},
            "warns_of": "other" if kind == "watch" else None,
            **_DATED,
            **more,
        }
    )


def other(kind: str, record: str) -> ListRule:
    """Another list, kept elsewhere."""
    return ListRule.model_validate(
        {
            "list": f"other-{kind}",
            "name": {"en": "Other"},
            "kind": kind,
            "record": record,
            "authorities": ["office"],
            "decides": {"level": "county"},
            "not_given": "kept elsewhere",
            "warns_of": "own" if kind == "watch" else None,
            **_DATED,
        }
    )


LAW = Law(
    (), (), (), (), ITEMS, (), (), (), (), "", {}, {},
    lists=(other("serious-violation", "entry"), other("watch", "warned")),
)  # fmt: skip
EVERYTHING = frozenset(item.item for item in ITEMS)


def record(
    item: str = "fine",
    on: date = TODAY,
    *,
    to: date | None = None,
    status: Status = Status.ACTIVE,
    expires: date | None = None,
    id_: str = "",
    **attributes: Any,
) -> Record:
    """A record of the file; its id is made of its item and day where none is given."""
    id_ = id_ or f"{item}-{on}"
    return Record(
        id=id_,
        statement=id_,
        item=item,
        issuer="office",
        reference=id_,
        valid_from=on,
        valid_to=to,
        attributes=attributes,
        status=status,
        expires=expires,
        contested_since=None,
        repaired_on=None,
        recorded_at=datetime(2024, 1, 1, tzinfo=UTC),
        corrections=(),
        batch="b",
        row=0,
        generated=False,
    )


def verdict(
    law_of_list: ListRule,
    *records: Record,
    silent: set[str] | None = None,
    held: tuple[tuple[str, ListKind], ...] = (),
    established: tuple[str, ...] = (),
    today: date = TODAY,
) -> Verdict:
    """How ``ground`` stands; every source has delivered but those that are ``silent``."""
    delivered = EVERYTHING - (silent or set())
    found = evaluate(law_of_list, records, LAW, today, delivered=delivered, held=held, established=established)
    assert list(found) == ["ground"]
    return found["ground"]
