"""What leaves a file and what does not: every way in which a record can be not open, alone and all at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probity.canon import canonical
from probity.clock import AsOf
from probity.dossier import Dossier, fold
from probity.ledger import Act, Position, Statement
from probity.publication import PublicFile, as_json, masked, public_file
from probity.rulebook import Agency, Attribute, Category, Item, Law, Scheme

DATED = {"in_force": {"from": "2010-01-01"}, "basis": "Test Act", "reference": "R0"}
SUBJECT, OTHER = "town:1", "town:2"
DAY = date(2022, 6, 30)
START = datetime(2020, 1, 1, tzinfo=UTC)
CITIZEN = "11010519491231002X"
"""The specimen number of GB 11643."""
RFC = "GODE561231GR8"
"""The specimen of the Mexican tax service."""

TRADER = "92330106MA2B0K8Y3P"
"""The shape of an individual trader's code, with the check character that belongs to it."""


def text(name: str) -> dict[str, str]:
    return {"en": name}


def field(name: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {"attribute": name, "name": text(name), "type": kind, **more}


def item(name: str, *fields: dict[str, Any], **more: Any) -> Item:
    said = {"item": name, "name": text(name), "category": "c", "polarity": "neutral", "disclosure": "open"}
    return Item.model_validate({**said, "attributes": fields, **DATED, **more})


def law(*items: Item) -> Law:
    scheme = {"scheme": "town", "name": text("t"), "check": "local", "pattern": "[0-9]{1,6}", "kind": "enterprise"}
    agency = {"agency": "a", "name": text("Agency"), "level": "city", "competent_for": ["x.*"], **DATED}
    category = {"category": "c", "number": 1, "name": text("c"), "generated": "g", "contributor": "c", **DATED}
    return Law(
        rulebooks=(),
        schemes=(
            Scheme.model_validate({**scheme, **DATED}),
            Scheme.model_validate({**scheme, "scheme": "old-town", **DATED}),
        ),
        agencies=(Agency.model_validate(agency),),
        categories=(Category.model_validate({**category, "growth": "low"}),),
        items=items,
        mappings=(),
        cards=(),
        calendars=(),
        cases=(),
        hash="ab" * 32,
        books={},
        lookups={},
    )


REGISTER = item(
    "register",
    field("name", required=True),
    field("old_town"),
    field("head", mask="partial"),
    field("phone", mask="hidden"),
    effect="registers",
)
FINE = item("fine", field("facts"), field("amount", "amount", unit="USD/100"), polarity="negative",
            term={"display": "1y"})  # fmt: skip
TIP = item("tip", field("facts"), disclosure="restricted")
OBJECTION = item("objection", field("reply"), effect="contests")
OUTCOME = item("outcome", field("reasons"), effect="settles")
REPAIR = item("repair", field("reasons"), effect="repairs")
RELATION = item("relation", field("relation"), field("related"), effect="relates")
QUIET = item("quiet-relation", field("relation"), field("related"), effect="relates", disclosure="shared")
SMALL = law(REGISTER, FINE, TIP, OBJECTION, OUTCOME, REPAIR, RELATION, QUIET)


class Book:
    """Statements, one after the other."""

    def __init__(self, of: Law = SMALL) -> None:
        self.law = of
        self.said: list[Statement] = []

    def say(
        self, item: str, on: date, target: str | None = None, act: Act = Act.STATE, subject: str = SUBJECT,
        reference: str | None = None, **attributes: Any,
    ) -> str:  # fmt: skip
        number = len(self.said) + 1
        said = Statement(
            id=f"{number:064x}", act=act, subject=subject, item=item, issuer="a",
            reference=reference or f"ref-{number}", valid_from=on, valid_to=None, attributes=attributes,
            target=target, batch="ab" * 32, row=number, position=number,
            recorded_at=START + timedelta(days=number), generated=False,
        )  # fmt: skip
        self.said.append(said)
        return said.id

    def file(self, on: date = DAY) -> Dossier:
        head = Position(len(self.said), START + timedelta(days=len(self.said)))
        mine = [each for each in self.said if each.subject == SUBJECT]
        others = [each for each in self.said if each.subject != SUBJECT]
        return fold(SUBJECT, mine, as_of=AsOf(on, head.known_at), position=head, law=self.law, others=others)

    def public(self, on: date = DAY) -> PublicFile:
        return public_file(self.file(on), self.law)

    def bytes(self, on: date = DAY) -> str:
        """All that leaves: the JSON, and whatever else hangs on the public file."""
        public = self.public(on)
        return canonical(as_json(public)).decode() + repr(public)


@pytest.fixture
def book() -> Book:
    book = Book()
    book.say("register", date(2015, 1, 1), name="Lantern Inn", head="Ann B. Lee", phone="555-0199", old_town="77")
    return book


# -- masks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        ("none", "Ann Lee", "Ann Lee"),
        ("none", 7, 7),
        ("none", False, False),
        ("partial", "Ann B. Lee", "A** B* L**"),
        ("partial", "J Doe", "* D**"),
        ("partial", "张 三", "* *"),
        ("partial", "张三", "张*"),
        ("partial", "李", "*"),
        ("partial", "Extraordinarily", "E********"),
        ("partial", "  ", ""),
        ("partial", 1949, None),
        ("partial", True, None),
        ("hidden", "Ann Lee", None),
        ("none", None, None),
        ("partial", None, None),
    ],
)
def test_masks(mask: str, value: Any, shown: Any) -> None:
    assert masked(Attribute.model_validate(field("f", mask=mask)), value) == shown


def test_a_masked_choice_is_not_given_away_by_its_name() -> None:
    choice = field(
        "outcome", "choice", mask="partial", choices=[{"value": "guilty", "name": text("Found guilty")}]
    )
    book = Book(law(REGISTER, item("trial", choice)))
    book.say("register", date(2015, 1, 1), name="Lantern Inn")
    book.say("trial", date(2016, 1, 1), outcome="guilty")
    assert "uilty" not in book.bytes()


def test_the_register_is_masked_too(book: Book) -> None:
    public = book.public()
    assert public.register["head"].value == "A** B* L**"
    assert "phone" not in public.register
    for secret in ("Ann", "Lee", "555"):
        assert secret not in book.bytes(), secret
    assert public.dossier.names[0].name == "Lantern Inn"
    assert public.dossier.identifiers == (SUBJECT, "old-town:77")


@pytest.mark.parametrize(
    "written",
    [CITIZEN, f"holder {CITIZEN}, paid", f"负责人{CITIZEN}承认", "110105 19491231 002X", "110105-19491231-002x",
     "１１０１０５１９４９１２３１００２Ｘ", RFC, f"({RFC})", CITIZEN.lower(), TRADER],
)  # fmt: skip
def test_a_persons_code_is_unreadable_wherever_it_was_written(book: Book, written: str) -> None:
    id_ = book.say("fine", date(2022, 1, 1), facts=written, reference=written)
    book.say("objection", date(2022, 2, 1), target=id_, reply=written)
    book.say("relation", date(2020, 1, 1), relation="owner", related=f"town:{written}")
    left = book.bytes()
    for secret in ("19491231", "１９４９", "561231", "MA2B0K8Y"):
        assert secret not in left


@pytest.mark.parametrize(
    "written", ["杭环罚〔2022〕12号", "91330100799655058B", "2022-000123456789012", "A plain text"]
)
def test_other_text_leaves_as_it_is(book: Book, written: str) -> None:
    book.say("fine", date(2022, 1, 1), facts=written, reference=written)
    (fine,) = [record for record in book.public().records if record.item == "fine"]
    assert (fine.reference, fine.fields["facts"].value) == (written, written)


# -- terms ------------------------------------------------------------------------------------------


def test_a_record_is_shown_on_the_last_day_of_its_term_and_not_on_the_next(book: Book) -> None:
    book.say("fine", date(2021, 7, 1), facts="SECRET")
    last = date(2022, 6, 30)
    (fine,) = [record for record in book.public(last).records if record.item == "fine"]
    assert fine.shown_until == last
    assert "SECRET" not in book.bytes(last + timedelta(days=1))
    assert "SECRET" not in book.bytes(date(2021, 6, 30))  # nor before it was true


def test_what_was_withdrawn_or_repaired_is_gone_and_with_it_what_was_said_of_it(book: Book) -> None:
    withdrawn = book.say("fine", date(2022, 1, 1), facts="SECRET-1")
    repaired = book.say("fine", date(2022, 1, 1), facts="SECRET-2")
    for fine in (withdrawn, repaired):
        book.say("objection", date(2022, 1, 2), target=fine, reply="SECRET-3")
        book.say("outcome", date(2022, 1, 3), target=fine, reasons="SECRET-4")
    assert "SECRET-3" in book.bytes()
    book.say("fine", date(2022, 1, 1), target=withdrawn, act=Act.WITHDRAW)
    book.say("repair", date(2022, 2, 1), target=repaired, reasons="SECRET-5")
    assert "SECRET" not in book.bytes()
    assert "SECRET-2" in book.bytes(date(2022, 1, 31))


# -- disclosure -------------------------------------------------------------------------------------


def test_what_is_said_of_a_closed_record_stays_closed(book: Book) -> None:
    tip = book.say("tip", date(2022, 1, 1), facts="SECRET-1")
    book.say("objection", date(2022, 2, 1), target=tip, reply="SECRET-2")
    assert "SECRET" not in book.bytes()


def test_an_objection_shows_on_its_record_even_after_it_was_corrected(book: Book) -> None:
    fine = book.say("fine", date(2022, 1, 1), facts="f")
    objection = book.say("objection", date(2022, 2, 1), target=fine, reply="not us")
    book.say("objection", date(2022, 2, 2), target=objection, act=Act.CORRECT, reply="not us at all")
    (shown,) = [record for record in book.public().records if record.item == "fine"]
    assert (shown.status, shown.contested_since) == ("contested", date(2022, 2, 2))
    assert "not us at all" in book.bytes()


def test_relations_leave_only_with_their_open_record_whoever_stated_them(book: Book) -> None:
    book.say("register", date(2015, 1, 1), subject=OTHER, name="Other")
    book.say("relation", date(2016, 1, 1), relation="branch", related=OTHER)
    book.say("quiet-relation", date(2016, 1, 1), relation="SECRET", related=OTHER)
    book.say("relation", date(2016, 1, 1), subject=OTHER, relation="parent", related=SUBJECT)
    book.say("quiet-relation", date(2016, 1, 1), subject=OTHER, relation="SECRET", related=SUBJECT)
    assert [(each.relation, each.inverse) for each in book.public().relations] == [
        ("branch", False),
        ("parent", True),
    ]
    assert "SECRET" not in book.bytes()


# -- registrations ----------------------------------------------------------------------------------


def test_a_corrected_registration_shows_what_is_right_under_its_own_masks() -> None:
    plain = item("plain-register", field("name"), field("head"), effect="registers")
    book = Book(law(REGISTER, plain))
    first = book.say("register", date(2015, 1, 1), name="First", head="Ann Lee")
    book.say("plain-register", date(2015, 1, 1), name="Second", head="open office")
    assert book.public().register["head"].value == "open office"
    book.say("register", date(2015, 1, 1), target=first, act=Act.CORRECT, name="Third", head="Bob Ray")
    assert book.public().register["head"].value == "B** R**"
    assert "Bob" not in book.bytes()
    assert "First" not in book.bytes()


def test_a_withdrawn_registration_gives_way_to_the_one_before(book: Book) -> None:
    later = book.say("register", date(2018, 1, 1), name="Lantern Hotel", head="Cy Orr")
    assert book.public().dossier.name == "Lantern Hotel"
    book.say("register", date(2018, 1, 1), target=later, act=Act.WITHDRAW)
    assert book.public().dossier.name == "Lantern Inn"
    assert "Lantern Hotel" not in book.bytes()


@pytest.mark.parametrize("closed", [{"disclosure": "restricted"}, {"disclosure": "shared"}])
def test_a_register_that_is_not_open_gives_no_name_no_code_and_no_field(closed: dict[str, str]) -> None:
    book = Book(law(item("register", field("name"), field("old_town"), effect="registers", **closed)))
    book.say("register", date(2015, 1, 1), name="SECRET", old_town="987654")
    public = book.public()
    assert (public.register, public.records, public.dossier.name) == ({}, (), "1")
    assert "SECRET" not in book.bytes()
    assert "987654" not in book.bytes()


# -- everything at once -----------------------------------------------------------------------------

ITEMS = st.fixed_dictionaries(
    {
        "disclosure": st.sampled_from(["open", "shared", "restricted"]),
        "polarity": st.sampled_from(["positive", "negative", "neutral"]),
        "mask": st.sampled_from(["none", "partial", "hidden"]),
        "term": st.sampled_from([None, {"display": "1d"}, {"display": "1y"}, {"display": "100y"}]),
        "age": st.sampled_from([0, 1, 364, 365, 366, 4000]),
        "fate": st.sampled_from(["none", "withdrawn", "repaired", "contested", "corrected"]),
    }
)


@settings(max_examples=150)
@given(st.lists(ITEMS, min_size=1, max_size=6))
def test_nothing_that_is_not_open_ever_leaves(drawn: list[dict[str, Any]]) -> None:
    items = [
        item(
            f"x.i{n}",
            field("said", mask=each["mask"]),
            **{key: each[key] for key in ("disclosure", "polarity", "term")},
        )
        for n, each in enumerate(drawn)
    ]
    book = Book(law(REGISTER, OBJECTION, REPAIR, *items))
    book.say("register", date(2010, 1, 1), name="Lantern Inn")
    for n, each in enumerate(drawn):
        on = DAY - timedelta(days=each["age"])
        id_ = book.say(f"x.i{n}", on, said=f"secret{n}", reference=f"file{n}")
        match each["fate"]:
            case "withdrawn":
                book.say(f"x.i{n}", on, target=id_, act=Act.WITHDRAW)
            case "repaired":
                book.say("repair", DAY, target=id_, reasons=f"remedy{n}")
            case "contested":
                book.say("objection", on, target=id_, reply=f"remedy{n}")
            case "corrected":
                book.say(f"x.i{n}", on, target=id_, act=Act.CORRECT, said=f"right{n}", reference=f"file{n}")
    left = book.bytes()
    shown = {record.item: record for record in book.public().records}
    for n, each in enumerate(drawn):
        days = {"1d": 0, "1y": 364, "100y": 36500}[each["term"]["display"]] if each["term"] else 36500
        gone = each["fate"] == "withdrawn" or (each["fate"] == "repaired" and each["polarity"] == "negative")
        public = each["disclosure"] == "open" and each["age"] <= days and not gone
        assert (f"x.i{n}" in left) == (f"file{n}" in left) == public
        readable = public and each["mask"] == "none"
        assert (f"secret{n}" in left) == (readable and each["fate"] != "corrected")
        assert (f"right{n}" in left) == (readable and each["fate"] == "corrected")
        assert (f"remedy{n}" in left) == (public and each["fate"] in ("repaired", "contested"))
        if public and each["fate"] == "contested":
            assert shown[f"x.i{n}"].contested_since is not None
