"""Cases to draw: any cards, over a small law whose attributes have every type and whose terms change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from tests.scoring import conformance
from tests.scoring import small_snapshot as small
from tests.scoring import test_scoring_agreement as agreement

from probity.rulebook import InForce, Item, OrganisationKind, Reads, Scheme, Scorecard, load
from probity.scoring import Fact

EVER = InForce.model_validate({"from": "0001-01-01"})
TYPES = {
    "fine": ("choice", "amount"),
    "order": ("text", "choice"),
    "praise": ("boolean", "amount"),
    "visit": ("integer", "amount"),
}
"""Of ``severity`` and ``amount``, by item."""

BY_SEVERITY = {"by": "severity", "periods": {"minor": "3m", "serious": "1y"}}
VERSIONS = (
    ("fine", "0001-01-01", "2021-03-31", BY_SEVERITY),
    ("fine", "2021-04-01", None, {"display": "30d"}),
    ("order", "0001-01-01", None, {"display": "1y"}),
    ("praise", "0001-01-01", None, None),
    ("visit", "0001-01-01", "2020-12-31", {"display": "6m"}),
    ("visit", "2021-01-01", None, None),
)
SCHEMES = ("here", "there")
LEGAL = {"basis": "none", "reference": "none"}


def _attribute(name: str, kind: str) -> dict[str, Any]:
    choices = [{"value": text, "name": {"en": text}} for text in agreement.TEXTS if text]
    unit = {"unit": "CNY/100"} if kind == "amount" else {}
    return {"attribute": name, "name": {"en": name}, "type": kind} | (
        {"choices": choices} if kind == "choice" else unit
    )


def _item(name: str, first: str, last: str | None, term: Mapping[str, Any] | None) -> Item:
    return Item.model_validate(
        {
            "item": name,
            "name": {"en": name},
            "category": "all",
            "polarity": "neutral",
            "disclosure": "open",
            "term": term,
            "attributes": [_attribute(a, t) for a, t in zip(("severity", "amount"), TYPES[name], strict=True)],
            "in_force": {"from": first, "to": last},
            **LEGAL,
        }
    )


def _scheme(name: str) -> Scheme:
    said = {"scheme": name, "name": {"en": name}, "check": "local", "pattern": "[0-9]+", "kind": "enterprise"}
    return Scheme.model_validate(said | {"in_force": EVER, **LEGAL})


def card(**said: Any) -> Scorecard:
    """A card of one indicator; what is not said is plain."""
    indicator = {"indicator": "all", "name": {"en": "all"}, "weight": 1, "direction": "deduct", "consumes": 1}
    return Scorecard.model_validate(
        {
            "card": "plain",
            "name": {"en": "Plain"},
            "subjects": ["enterprise"],
            "scale": {"from": -1_000_000_000, "to": 1_000_000_000, "round": "none"},
            "base": 0,
            "bands": [{"grade": "A", "name": {"en": "A"}, "from": -1_000_000_000}],
            "groups": [{"group": "all", "name": {"en": "all"}, "weight": 1, "indicators": [indicator | said]}],
            "in_force": EVER,
            **LEGAL,
        }
    )


# A snapshot holds the texts of an attribute of type text only where some card of the law names them.
_READS_TEXT = card(reads=[{"item": "order", "where": [{"attribute": "severity", "is": "minor"}]}])
LAW = replace(
    load(Path(__file__).parents[2] / "rulebooks"),
    items=tuple(_item(*version) for version in VERSIONS),
    schemes=tuple(_scheme(name) for name in SCHEMES),
    cards=(_READS_TEXT,),
    hash="drawn",
)

_numbers = st.one_of(
    st.none(), agreement.numbers, st.sampled_from((10**18, 2**63 - 1, -(2**63) + 1, 10**9 * 1000))
)
VALUES = {
    "choice": st.sampled_from((None, *(text for text in agreement.TEXTS if text))),
    "text": st.sampled_from((None, *agreement.TEXTS, "another")),
    "boolean": st.sampled_from((None, True, False)),
    "integer": _numbers,
    "amount": _numbers,
}


@st.composite
def facts(draw, day: date) -> list[Fact]:
    found = []
    for n in range(draw(st.integers(0, 6))):
        name = draw(st.sampled_from(agreement.ITEMS))
        on = agreement.near(day, draw(st.sampled_from(agreement.AGES)))
        until = draw(agreement.ends)
        said = {a: draw(VALUES[t]) for a, t in zip(("severity", "amount"), TYPES[name], strict=True)}
        found.append(
            Fact(
                record=str(n),
                item=name,
                day=on,
                until=None if until is None else agreement.near(day, -until),
                expires=LAW.display_until(LAW.item(name, on), on, said),
                status=draw(st.sampled_from(agreement.STATUSES)),
                attributes={name: value for name, value in said.items() if value is not None},
            )
        )
    return found


@st.composite
def composites(draw, first: str) -> Scorecard:
    """A card that reads the results of ``first`` as well."""
    drawn = draw(agreement.cards(occasions=False))
    reads = [read | {"card": first} for read in draw(st.lists(agreement.other, min_size=1, max_size=3))]
    lines = []
    for n, line in enumerate(drawn.indicators):
        # What names an attribute of a card's result names none of an item's.
        mixed = line.reads[: n % 2] if line.consumes.of is None else ()
        own = (*mixed, *map(Reads.model_validate, reads[n : n + 1])) or line.reads
        of = line.consumes.of and ("total" if line.consumes.table == {} else "grade")
        consumes = line.consumes.model_copy(update={"of": of} if own != line.reads else {})
        lines.append(line.model_copy(update={"reads": own, "consumes": consumes}))
    gates = tuple(
        gate.model_copy(update={"reads": (*gate.reads, Reads.model_validate(reads[0]))}) for gate in drawn.gates
    )
    group = drawn.groups[0].model_copy(update={"indicators": tuple(lines)})
    return drawn.model_copy(update={"card": "composite", "groups": (group,), "gates": gates})


@st.composite
def cases(draw, several: bool = True) -> Any:
    day = draw(st.sampled_from(agreement.DAYS))
    ever = st.sampled_from(({"in_force": EVER}, {"in_force": EVER}, {}))
    first = draw(agreement.cards()).model_copy(update={"card": "first", **draw(ever)})
    first = first.model_copy(update={"schemes": draw(st.sampled_from(((), (), ("here",))))})
    composite = draw(composites("first"))
    other = draw(agreement.cards())
    beside = [draw(agreement.cards(occasions=False)).model_copy(update={"card": f"beside-{n}"}) for n in range(3)]
    groups = ((first,), (composite,), (composite, other, first), (other, composite), (*beside, composite, first))
    cards = draw(st.sampled_from(groups))
    kinds = st.sampled_from((*(OrganisationKind.ENTERPRISE,) * 6, OrganisationKind.SOCIAL_ORGANISATION, None))
    organisations = st.builds(small.Organisation, kinds, st.sampled_from(SCHEMES), facts(day))
    return conformance.Case(
        law=replace(LAW, cards=(*LAW.cards, first)),
        cards=cards if several else cards[:1],
        organisations=draw(st.lists(organisations, min_size=1, max_size=5)),
        as_of=day,
        delivered=draw(agreement.deliveries),
        span=draw(st.sampled_from((1, 2, 8))),
    )
