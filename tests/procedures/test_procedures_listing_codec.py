"""Events as statements and back, commands as documents and back: nothing is lost, nothing gets shorter."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.procedures.playing import ANN, BEN, CITY, ENTER, LAW, RED_RULE, REPLY, RULE, Play, deliver

from probity.errors import InputError, LedgerError
from probity.ledger import REGISTER, Act, Draft, Statement, admit
from probity.procedures import Contact, Means, Officer
from probity.procedures.listing import Listing, acts, cases_of, command_of, drafts, evolve
from probity.procedures.listing.acts import Ground
from probity.procedures.listing.codec import COMMANDS, EVENTS, event_of
from probity.rulebook import Effect, Period

KINDS = (*acts.ITEMS, acts.Entered)

line = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=12)
text = st.text(min_size=1, max_size=40).filter(lambda said: bool(said.strip()))
day = st.dates(date(2015, 1, 1), date(2030, 12, 31))
officer = st.builds(Officer, line, line)
contact = st.builds(Contact, st.lists(line, min_size=1, max_size=3).map(" ".join), line, st.sampled_from(Means))
VALUES: dict[Any, st.SearchStrategy[Any]] = {
    "str": text,
    "str | None": st.none() | text,
    "int": st.integers(0, 10**12),
    "int | None": st.none() | st.integers(0, 10**12),
    "bool": st.booleans(),
    "date": day,
    "Means": st.sampled_from(Means),
    "Ground": st.sampled_from(Ground),
    "acts.Role": st.sampled_from(acts.Role),
    "Role": st.sampled_from(acts.Role),
    "Period": st.builds(lambda n, u: Period(number=n, unit=u), st.integers(1, 99), st.sampled_from("ymd")),
    "Officer": officer,
    "Officer | None": st.none() | officer,
    "tuple[str, ...]": st.lists(line, max_size=3).map(tuple),
    "tuple[Contact, ...]": st.lists(contact, max_size=3).map(tuple),
}


def drawn(kind: type[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({field.name: VALUES[field.type] for field in fields(kind)}).map(
        lambda values: kind(**values)
    )


def stated(drafted: Sequence[Draft], *, recorded: date | None = None, start: int = 1) -> list[Statement]:
    """What the ledger holds when it took them one by one."""
    return [
        Statement(
            id=f"s{place}",
            act=draft.act,
            subject=draft.subject,
            item=draft.item,
            issuer=draft.issuer,
            reference=draft.reference,
            valid_from=draft.valid_from,
            valid_to=draft.valid_to,
            attributes=json.loads(json.dumps(dict(draft.attributes))),
            target=draft.target,
            batch="b",
            row=1,
            position=place,
            recorded_at=datetime.combine(recorded or draft.valid_from, time(9), UTC),
            generated=False,
        )
        for place, draft in enumerate(drafted, start)
    ]


def told(case: Listing) -> list[Statement]:
    """All that a case states, from its first event on."""
    rule = LAW.list(case.list)
    found: list[Statement] = []
    now = replace(case, events=case.events[:1])
    for place in range(1, len(case.events) + 1):
        now = replace(case, events=case.events[:place])
        entry = next((each for each in found if each.item == rule.record), None)
        found += stated(drafts(now, case.events[place - 1], rule=rule, entry=entry), start=len(found) + 1)
    return found


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=30)
@given(st.data())
def test_every_event_is_read_as_it_was_stated(kind: type[acts.Event], data: st.DataObject) -> None:
    event = data.draw(drawn(kind))
    case = replace(Play().found().case, events=(event,))
    if not isinstance(event, acts.Ended):
        (said,) = stated(drafts(case, event, rule=RULE))
        by_software = replace(event, by=None) if event.by is None else event
        assert event_of(said) == by_software


@given(drawn(acts.Ended), st.integers(0, 800))
def test_an_end_says_of_the_entry_what_its_ground_asks(event: acts.Ended, after: int) -> None:
    play = Play().listed()
    entry = next(each for each in told(play.case) if each.item == RULE.record)
    event = replace(event, on=entry.valid_from + timedelta(days=after))
    said, *more = drafts(replace(play.case, events=(event,)), event, rule=RULE, entry=entry)
    assert event_of(stated([said])[0]) == event
    assert entry.valid_to is not None
    if event.ground is Ground.EXPIRY:
        assert more == []
        return
    (about,) = more
    assert (about.target, about.issuer, about.item) == (entry.id, entry.issuer, entry.item)
    if event.ground in (Ground.CORRECTION, Ground.COURT):
        assert about.act is Act.WITHDRAW
    else:
        assert about.act is Act.CORRECT
        assert about.valid_to is not None
        assert entry.valid_from <= about.valid_to <= entry.valid_to
        assert about.valid_to < event.on or about.valid_to == entry.valid_from


def test_an_end_needs_the_entry_at_hand() -> None:
    play = Play().listed().do(acts.Remove(ANN, Ground.COURT, "x", "y"))
    with pytest.raises(LedgerError, match="not at hand"):
        drafts(play.case, play.case.events[-1], rule=RULE)


def full_cases() -> list[Listing]:
    heard = Play().served().do(acts.Reply("hear us", hearing=True)).do(acts.Assign(BEN, acts.Role.HEARS, "cat"))
    heard.do(acts.Hear(Officer("t-county", "cat"), "minutes")).do(acts.Recuse(BEN, "dan", "a rival"))
    heard.do(acts.Suspend(BEN, "flood")).later().do(acts.Resume(BEN, "dry")).later(20)
    heard.do(replace(ENTER, answers="no")).later().do(acts.Remove(ANN, Ground.PERFORMED, "receipt", "all paid"))
    late = Play().found().do(acts.Warn(ANN, "careful")).do(acts.Withdraw(ANN, "x"))
    announced = Play().notified()
    for name in ("itself", "head office"):
        announced.do(acts.ReportUndelivered(ANN, name, Means.POST, "unknown"))
    announced.do(acts.Announce(ANN, "gazette")).later(31).do(acts.Tick()).later(20).do(
        acts.Reply("late", late_because="abroad")
    ).do(acts.AdmitLate(BEN, True, "so be it")).do(acts.Dismiss(BEN, "not so grave"))
    red = Play(RED_RULE).listed().do(acts.ProposeRemoval(ANN, Ground.REVOKED, "x", "y"))
    red.do(deliver("itself", red)).do(deliver("head office", red)).later(16)
    red.do(acts.Remove(BEN, Ground.REVOKED, "x", "y"))
    refused = Play().proposed().do(acts.Refuse(CITY, "no"))
    lapsed = Play().served().later(60).do(acts.Tick())
    gone = Play().served()
    gone.given(dissolved_on=gone.now.today).do(acts.Tick())
    return [play.case for play in (heard, late, announced, red, refused, lapsed, gone)]


CASES = full_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: type(case.events[-1]).__name__)
def test_a_case_is_its_statements(case: Listing) -> None:
    assert cases_of(told(case), LAW) == (case,)
    assert cases_of(list(reversed(told(case))), LAW) == (case,)


def test_together_the_cases_show_every_event() -> None:
    assert {type(event) for case in CASES for event in case.events} == set(KINDS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: type(case.events[-1]).__name__)
def test_the_ledger_admits_whatever_a_case_states(case: Listing) -> None:
    said = {each.id: replace(each, subject=REGISTER) for each in told(case)}  # the code of SUBJECT is made up
    for each in said.values():
        names = [field.name for field in fields(Draft)]
        draft = Draft(**{name: getattr(each, name) for name in names})
        today = case.last if each.act is not Act.STATE else each.valid_from
        admit(draft, LAW, said.get(each.target or ""), today=today)


def test_several_cases_of_one_organisation_are_told_apart() -> None:
    first, second = CASES[0], replace(CASES[3], number="t-county/t-red/2024/2")
    both = told(first)
    both += [replace(each, position=each.position + 100) for each in told(second)]
    assert {case.number for case in cases_of(both, LAW)} == {first.number, second.number}


def test_an_imported_entry_is_no_case() -> None:
    entry = next(each for each in told(CASES[0]) if each.item == RULE.record)
    imported = replace(entry, attributes={"list": "t-black", "decision_number": "7", "reason": "x"})
    assert cases_of([imported], LAW) == ()


# -- nothing gets shorter by back-dating -------------------------------------------------------------------


def test_what_was_recorded_late_counts_from_the_record() -> None:
    case = Play().served().case
    *before, last = told(case)
    assert last.item == "listing.opened"
    late = replace(last, recorded_at=datetime.combine(last.valid_from + timedelta(days=9), time(9), UTC))
    (read,) = cases_of([*before, late], LAW)
    assert read.open_since == last.valid_from + timedelta(days=9)
    (generated,) = cases_of([*before, replace(late, generated=True)], LAW)
    assert generated.open_since == last.valid_from


def test_a_day_of_grace_for_the_clocks_of_the_world() -> None:
    case = Play().served().case
    *before, last = told(case)
    next_day = replace(last, recorded_at=datetime.combine(last.valid_from + timedelta(days=1), time(23), UTC))
    (read,) = cases_of([*before, next_day], LAW)
    assert read.open_since == last.valid_from


@given(st.lists(st.tuples(st.integers(-3, 30), st.integers(0, 30)), min_size=8, max_size=8))
def test_days_read_back_never_go_back(moves: list[tuple[int, int]]) -> None:
    said = told(Play().listed().case)
    moved = []
    for each, (earlier, later) in zip(said, moves, strict=True):
        on = each.valid_from - timedelta(days=earlier)
        recorded = datetime.combine(each.valid_from + timedelta(days=later), time(9), UTC)
        moved.append(replace(each, valid_from=on, recorded_at=recorded))
    (case,) = cases_of(moved, LAW)
    days = [event.on for event in case.events]
    assert days == sorted(days)
    for each, event in zip(moved, case.events, strict=True):
        assert event.on >= each.valid_from
        assert event.on >= each.recorded_at.date() - timedelta(days=1)


def test_what_no_event_says_is_refused() -> None:
    first, *rest = told(Play().found().do(acts.Withdraw(ANN, "x")).case)
    with pytest.raises(LedgerError, match="must"):
        cases_of([replace(first, attributes={"case": "n", "list": "t-black"})], LAW)
    with pytest.raises(LedgerError, match="begins with"):
        cases_of(rest, LAW)


# -- the catalogue says the same ---------------------------------------------------------------------------


@pytest.mark.parametrize("item", sorted(EVENTS))
def test_the_fields_of_an_event_are_the_attributes_of_its_item(item: str) -> None:
    rule = LAW.item(item)
    attributes = {each.attribute: each for each in rule.attributes}
    own = {field.name: field.type for field in fields(EVENTS[item]) if field.name not in ("on", "by")}
    assert set(attributes) == {"case", "list", "officer", *own}
    assert (rule.effect, rule.disclosure) == (Effect.STEP, "restricted")
    assert attributes["officer"].mask == "hidden"
    for name, kind in own.items():
        assert attributes[name].type == TYPES.get(str(kind), "text")
        empty = str(kind).startswith("tuple") or str(kind).endswith("None")
        assert attributes[name].required is not empty
        if name == "whom":
            assert attributes[name].mask == "hidden"
        if str(kind) in CHOICES:
            assert {choice.value for choice in attributes[name].choices} == set(CHOICES[str(kind)])


TYPES = {"bool": "boolean", "int": "integer", "int | None": "integer", "date": "date"} | dict.fromkeys(
    ("Means", "Role", "Ground"), "choice"
)
CHOICES = {"Means": Means, "Role": acts.Role, "Ground": Ground}


def test_every_step_of_the_catalogue_is_an_event() -> None:
    steps = {item.item for item in LAW.items if item.effect is Effect.STEP}
    assert {step for step in steps if step.startswith("listing.")} == set(EVENTS)


def test_a_contact_is_a_role_at_a_hidden_address() -> None:
    item = LAW.item("register.contact")
    said = {each.attribute: each for each in item.attributes}
    assert set(said) == {"role", "means", "address"}
    assert said["address"].mask == "hidden"
    assert {choice.value for choice in said["means"].choices} == {"portal", "post", "in-person"}


# -- commands ----------------------------------------------------------------------------------------------


def document_of(command: acts.Command) -> dict[str, object]:
    """The document that says ``command``, as an agency would write it."""
    document: dict[str, object] = {"act": next(name for name, kind in COMMANDS.items() if kind is type(command))}
    for field in fields(command):
        value = getattr(command, field.name)
        if isinstance(value, Officer):
            value = {"agency": value.agency, "officer": value.id}
        elif isinstance(value, tuple):
            value = list(value)
        elif value is not None and not isinstance(value, bool):
            value = str(value)
        if value is not None:
            document[field.name] = value
    return document


@pytest.mark.parametrize("kind", get_args(acts.Command), ids=lambda kind: kind.__name__)
@settings(max_examples=30)
@given(st.data())
def test_every_command_is_read_as_it_was_written(kind: type[Any], data: st.DataObject) -> None:
    command = data.draw(drawn(kind).filter(lambda each: str(getattr(each, "by", "x")).strip()))
    document = document_of(command)
    assert command_of(document) == command
    assert command_of(yaml.safe_load(yaml.safe_dump(document))) == command
    assert command_of(json.loads(json.dumps(document))) == command


def test_a_command_as_an_officer_writes_it() -> None:
    written = """
        act: prove-delivery
        case: zj-amr/cn-samr/2024/1
        by: {agency: zj-amr, officer: "0417"}
        contact: itself
        means: post
        received: 2024-03-05
        proof: receipt 7
    """
    by = Officer("zj-amr", "0417")
    expected = acts.ProveDelivery(by, "itself", Means.POST, date(2024, 3, 5), "receipt 7")
    assert command_of(yaml.safe_load(written)) == expected
    assert set(COMMANDS) >= {"find", "propose", "admit-late", "propose-removal", "tick"}


@pytest.mark.parametrize(
    ("document", "where"),
    [
        ({}, "act"),
        ({"act": "list"}, "act"),
        ({"act": ["propose"]}, "act"),
        ({"act": "reply", "case": "n", "txt": "x"}, "reply.txt"),
        ({"act": "reply", "case": "n"}, "reply"),
        ({"act": "reply", "text": 7}, "reply"),
        ({"act": "reply", "text": "x", "list": "t-black"}, "reply.list"),
        ({"act": "notify", "by": "ann"}, "notify.by"),
        ({"act": "notify", "by": {"agency": "t-county", "officer": 417}}, "notify.by"),
        ({"act": "notify", "by": {"agency": "t-county", "officer": " "}}, "notify.by"),
        ({"act": "notify"}, "notify"),
        (
            {"act": "enter", "by": {"agency": "a", "officer": "b"}, "facts": "x", "reasons": "y", "term": "long"},
            "enter",
        ),
        (
            {
                "act": "propose",
                "by": {"agency": "a", "officer": "b"},
                "facts": "x",
                "reasons": "y",
                "documents": "z",
            },
            "propose",
        ),
    ],
)
def test_what_is_no_command_is_refused_with_its_place(document: dict[str, object], where: str) -> None:
    with pytest.raises(InputError) as caught:
        command_of(document)
    assert caught.value.where == where
    assert caught.value.remedy


def test_a_finding_names_its_address_and_no_case() -> None:
    document = {"act": "find", "list": "l", "subject": "s", "authority": "a", "criterion": "c", "facts": "f"}
    assert command_of(document) == acts.Find("c", "f")
    with pytest.raises(InputError):
        command_of({**document, "case": "n"})


def test_evolve_and_reply_are_of_the_organisation() -> None:
    case = Play().served().do(REPLY).case
    (said,) = drafts(case, case.events[-1], rule=RULE)
    assert said.issuer == "registry"
    assert "officer" not in said.attributes
    assert said.reference == f"{case.number}#{len(case.events)}"
    assert evolve(Play().served().case, event_of(stated([said])[0])) == case
