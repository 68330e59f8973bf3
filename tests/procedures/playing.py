"""A small law of lists, and a case that is played act by act on days that the test names."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from probity.clock import Calendar
from probity.errors import ProcedureError
from probity.procedures import Contact, Means, Officer, Verdict
from probity.procedures.listing import (
    Circumstances,
    Listing,
    Phase,
    acts,
    begin,
    decide,
    evolve,
    find,
    window_ends,
)
from probity.rulebook import Agency, Item, Law, ListRule, load

ROOT = Path(__file__).parents[2]
SUBJECT = "cn-uscc:91330000123456789X"
PARENT = "cn-uscc:91330000987654321Y"
MONDAY = date(2024, 3, 4)

COMMON = {"in_force": {"from": "2020-01-01"}, "basis": "Test law", "reference": "test"}

STEPS = {
    "calendar": "t",
    "respond": {"number": 10, "unit": "working-days", "rule": "R4.7"},
    "announcement": {"number": 30, "unit": "days", "rule": "announcement rule"},
    "consent": {"number": 10, "unit": "working-days", "rule": "consent rule"},
    "notify": {"number": 5, "unit": "working-days", "rule": "notify rule"},
    "hear": {"number": 15, "unit": "working-days", "rule": "hearing rule"},
    "decide": {"number": 10, "unit": "working-days", "rule": "decision rule"},
}

BLACK: dict[str, Any] = {
    **COMMON,
    "list": "t-black",
    "name": {"en": "The black list", "zh": "黑名单"},
    "kind": "serious-violation",
    "record": "t-list.black",
    "authorities": ["t-province"],
    "decides": {"level": "county", "consent_below": "province"},
    "criteria": [
        {
            "criterion": "penalties",
            "name": {"en": "Two serious penalties", "zh": "两次严重处罚"},
            "basis": "Test law, article 1",
            "reference": "test",
            "requires": {"count": "t-penalty", "at_least": 2},
        },
        {
            "criterion": "refusal",
            "name": {"en": "Refuses to pay", "zh": "拒不履行"},
            "basis": "Test law, article 2",
            "reference": "test",
            "requires": {
                "all": [
                    {"count": "t-penalty", "at_least": 1},
                    {"established": {"fact": "refuses", "name": {"en": "It refuses to pay", "zh": "拒不履行"}}},
                ]
            },
        },
    ],
    "steps": STEPS,
    "lasts": {"minimum": "3m", "maximum": "3y", "stay": "6m", "display": "1y"},
    "bands": {
        "measured_by": {"of": "t-penalty", "attribute": "amount"},
        "bands": [
            {"band": "small", "name": {"en": "small", "zh": "小额"}, "from": 0, "lists": False},
            {"band": "middle", "name": {"en": "middle", "zh": "一般"}, "from": 1000, "maximum": "1y"},
            {"band": "large", "name": {"en": "large", "zh": "严重"}, "from": 100000},
        ],
    },
    "leaving": {
        "early": {"en": "Correct what was found and apply.", "zh": "纠正后申请。"},
        "barred_after": 2,
        "performed": {"number": 3, "unit": "days", "rule": "R4.15"},
        "basis": "Test law, article 9",
    },
}
RED: dict[str, Any] = {
    **{name: BLACK[name] for name in (*COMMON, "criteria", "steps", "lasts")},
    "list": "t-red",
    "name": {"en": "The red list", "zh": "红名单"},
    "kind": "red",
    "record": "t-list.red",
    "authorities": ["t-province"],
    "decides": {"level": "county"},
    "leaving": {"basis": "Test law, article 9"},
}

OFFICERS = {name: Officer("t-county", name) for name in ("ann", "ben", "cat")}
ANN, BEN, CAT = OFFICERS.values()
CITY = Officer("t-city", "zoe")
PROVINCE = Officer("t-province", "pat")

ITSELF = Contact("itself", SUBJECT, Means.POST)
HEAD_OFFICE = Contact("head office", PARENT, Means.PORTAL)

CALENDAR = Calendar.written(
    "t", {2024: ([date(2024, 5, 1)], [date(2024, 4, 28)]), 2025: ([date(2025, 1, 1)], ())}, day_zero="test"
)


def _agency(name: str, level: str, part_of: str | None) -> Agency:
    return Agency.model_validate(
        {
            **COMMON,
            "agency": name,
            "name": {"en": name.removeprefix("t-").title(), "zh": name},
            "level": level,
            "part_of": part_of,
            "competent_for": ["listing.*", "t-list.*"],
        }
    )


def _record(name: str, polarity: str) -> Item:
    text = {"type": "text", "name": {"en": "x"}}
    fields = "list case criterion band decision_number reason legal_basis facts answers evidence contest officer"
    return Item.model_validate(
        {
            **COMMON,
            "item": name,
            "name": {"en": name},
            "category": "blacklist",
            "polarity": polarity,
            "disclosure": "open",
            "term": {"display": "3y"},
            "attributes": [{"attribute": field, **text} for field in fields.split()],
        }
    )


def _core() -> Law:
    """The rulebook that every law builds on, and no other."""
    with TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "rulebooks" / "core", Path(folder, "core"))
        return load(Path(folder))


SHIPPED = _core()
RULE, RED_RULE = ListRule.model_validate(BLACK), ListRule.model_validate(RED)
AGENCIES = (
    _agency("t-province", "province", None),
    _agency("t-city", "city", "t-province"),
    _agency("t-county", "county", "t-city"),
    _agency("t-orphan", "county", None),
    _agency("t-stranger", "county", "t-abroad"),
)
LAW: Law = replace(
    SHIPPED,
    agencies=(*SHIPPED.agencies, *AGENCIES),
    items=(*SHIPPED.items, _record("t-list.black", "negative"), _record("t-list.red", "positive")),
    lists=(RULE, RED_RULE),
)


def verdict(
    criterion: str = "penalties",
    *,
    met: bool | None = True,
    records: tuple[str, ...] = ("r1", "r2"),
    amount: int | None = 200_000,
    possible: bool = False,
    near: bool = False,
) -> Verdict:
    missing = ("refuses",) if possible else ()
    return Verdict(criterion, met, records, amount, missing, possible, near, ("2 of t-penalty, at least 2",))


class Play:
    """A case on its way: each act on the day that ``on`` or ``later`` set, in circumstances that can be
    changed."""

    def __init__(self, rule: ListRule = RULE, *, authority: str = "t-county", law: Law = LAW) -> None:
        self.authority = authority
        self.now = Circumstances(
            today=MONDAY,
            rule=rule,
            law=law,
            calendar=CALENDAR,
            verdicts={"penalties": verdict(), "refusal": verdict("refusal", met=False, possible=True)},
            contacts=(ITSELF, HEAD_OFFICE),
        )
        self.case: Listing = None  # type: ignore[assignment]

    def on(self, day: date) -> Play:
        self.now = replace(self.now, today=day)
        return self

    def later(self, days: int = 1) -> Play:
        return self.on(self.now.today + timedelta(days=days))

    def given(self, **changed: Any) -> Play:
        self.now = replace(self.now, **changed)
        return self

    def do(self, command: acts.Command) -> Play:
        if isinstance(command, acts.Find):
            found = find(command, self.authority, self.now)
            year = found.on.year
            self.case = begin(
                f"{self.authority}/{self.now.rule.list}/{year}/1", self.now.rule.list, SUBJECT, found
            )
            return self
        for event in decide(self.case, command, self.now):
            self.case = evolve(self.case, event)
        return self

    def refuses(self, command: acts.Command, kind: type[ProcedureError], rule: str) -> ProcedureError:
        """The refusal of ``command``, which is of that kind and names that rule; nothing has changed."""
        with pytest.raises(kind) as caught:
            self.do(command)
        assert rule in caught.value.rule
        assert caught.value.rule in str(caught.value)
        assert caught.value.remedy
        return caught.value

    # The way of a case, as far as a test wants it.

    def found(self, criterion: str = "penalties") -> Play:
        return self.do(acts.Find(criterion, "two penalties in a year", ANN))

    def proposed(self) -> Play:
        return self.found().do(PROPOSE)

    def consented(self) -> Play:
        return self.proposed().later().do(acts.Consent(CITY, "the proposal is sound"))

    def notified(self) -> Play:
        return (self.consented() if self.now.rule.decides.consent_below else self.proposed()).later().do(NOTIFY)

    def served(self) -> Play:
        """Both have it, the second a day after the first; the window is open."""
        return self.notified().later().do(deliver("itself", self)).later().do(deliver("head office", self))

    def after_window(self) -> Play:
        end = window_ends(self.served().case, self.now.rule, self.now.calendar)
        assert isinstance(end, date)
        return self.on(end + timedelta(days=1))

    def listed(self) -> Play:
        return self.after_window().do(ENTER)


def deliver(contact: str, play: Play) -> acts.ProveDelivery:
    return acts.ProveDelivery(ANN, contact, Means.POST, play.now.today, "receipt 7")


PROPOSE = acts.Propose(ANN, "two penalties in a year", "both are serious")
NOTIFY = acts.Notify(ANN)
ENTER = acts.Enter(BEN, "two penalties stand", "they are serious", RULE.lasts.minimum)  # type: ignore[union-attr]
DISMISS = acts.Dismiss(BEN, "not serious enough")
WITHDRAW = acts.Withdraw(ANN, "a mistake of ours")
REPLY = acts.Reply("we have paid")
OVER = (Phase.CLOSED, Phase.ENDED)
