"""Oversight counts what happened, measures days by the calendar of the list, and says how certain a share is."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.service import played

from probity.errors import SnapshotError
from probity.rulebook import WHOLE, ListRule, Text, load
from probity.service.oversight import as_bytes, keep, kept, oversight, page
from probity.service.oversight.figures import SMALLEST, CaseRow, EntryRow, Population, report
from probity.service.oversight.model import ListReport
from probity.service.wiring import rulebooks

LAW = load(rulebooks())
RULE = next(
    rule for rule in LAW.lists if rule.steps and rule.kind.adverse and rule.steps.decide.unit == "working-days"
)
DAY = date(2024, 12, 31)
AUTHORITY = "cn-samr"


def case(**told: Any) -> CaseRow:
    whole: dict[str, Any] = dict.fromkeys(CaseRow.__dataclass_fields__)
    return CaseRow(**{**whole, "list": RULE.list, "subject": "s", "authority": AUTHORITY, "entered": False,
                      "undelivered": 0, **told})  # fmt: skip


def entry(subject: str = "s", begins: date = DAY, *, imported: bool = False, in_force: bool = True) -> EntryRow:
    return EntryRow(RULE.list, subject, AUTHORITY, imported, begins, in_force)


def people(sizes: dict[str | None, int] | None = None, classes: dict[str, str | None] | None = None) -> Population:
    return Population(
        {
            "cn-uscc": {"region": {None: 1}, "size": sizes or {None: 1}, "ownership": {None: 1}},
            "mx-rfc": {"region": {None: 9}, "size": {"large": 7000}, "ownership": {None: 9}},  # not its business
        },
        {"region": {}, "size": classes or {}, "ownership": {}},
        {"region": {}, "size": {"large": Text(en="Large")}, "ownership": {}},
    )


def told(*cases: CaseRow, entries: tuple[EntryRow, ...] = (), who: Population | None = None) -> ListReport:
    return report(RULE, cases, entries, who or people(), LAW, DAY)


def test_each_thing_is_counted_where_it_belongs() -> None:
    day = date(2024, 3, 1)
    counts = told(
        case(
            proposed=day,
            notified=day,
            open_since=day,
            undelivered=2,
            replied=day,
            heard=day,
            decided=day,
            entered=True,
        ),
        case(notified=day, entered=True, outcome="court"),
        case(notified=day, entered=True, outcome="correction"),
        case(notified=day, entered=True, outcome="expiry"),
        case(outcome="lapsed"),
        case(outcome="dismissed"),
        case(outcome="refused"),
        case(outcome="withdrawn"),
        entries=(entry(), entry("t", imported=True), entry("u", in_force=False)),
    ).counts
    assert counts.model_dump() == {
        "cases": 8, "notices": 4, "served": 1, "undelivered": 1, "replies": 1, "hearings": 1, "kept_off": 3,
        "lapsed": 1, "entries": 4, "reversals": 2, "imported": 1, "in_force": 2,
    }  # fmt: skip


def test_days_are_counted_as_the_statute_counts_them() -> None:
    assert RULE.steps
    ends = date(2024, 9, 27)
    # The national holiday: Sunday 29 September and Saturday 12 October are worked, 1 to 7 October are not.
    steps = {
        step.step: step
        for step in told(
            case(window_ends=ends, decided=date(2024, 9, 30)),
            case(window_ends=ends, decided=date(2024, 10, 8)),
            case(window_ends=ends, heard=date(2024, 10, 8), decided=date(2024, 10, 12)),
        ).steps
    }
    decision = steps["decision"]
    assert (decision.cases, decision.median, decision.longest, decision.late) == (3, 3, 4, 0)
    assert (decision.limit, decision.rule) == (RULE.steps.decide.number, RULE.steps.decide.rule)
    late = told(case(window_ends=ends, decided=date(2025, 12, 31))).steps[0]
    assert late.late == 1


def test_a_list_that_does_not_live_is_said_to_be_dead() -> None:
    assert told().dead == "never"
    assert told(entries=(entry(), entry(begins=DAY - timedelta(days=9)))).dead == "single"
    assert told(entries=(entry("a"), entry("b"))).dead is None
    long_ago = DAY - timedelta(days=731)
    assert told(entries=(entry("a", long_ago), entry("b", long_ago))).dead == "asleep"


def test_small_classes_are_taken_together_and_nobody_can_be_told_from_them() -> None:
    sizes: dict[str | None, int] = {"large": 5000, "medium": SMALLEST - 1, "micro": 3}
    met = {"a": "large", "b": "micro"}
    rows = told(entries=(entry("a"), entry("b")), who=people(sizes, dict(met))).dimensions[1].rows
    assert [(row.value, row.share.count, row.share.of) for row in rows] == [
        ("large", 1, 5000),
        (None, 1, SMALLEST + 2),
    ]
    assert rows[1].name.en == "classes of fewer than twenty together"
    enough: dict[str | None, int] = {"large": SMALLEST}
    assert [row.value for row in told(who=people(enough)).dimensions[1].rows] == ["large"]


def test_only_what_chance_does_not_explain_is_marked() -> None:
    sizes: dict[str | None, int] = {"large": 1000, "small": 100_000}
    hit = {f"l{n}": "large" for n in range(50)} | {f"s{n}": "small" for n in range(50)}
    entries = tuple(entry(subject) for subject in hit)
    large, small = sorted(
        told(entries=entries, who=people(sizes, dict(hit))).dimensions[1].rows, key=lambda row: row.share.of
    )
    assert large.share.differs
    assert small.share.differs
    even = {f"l{n}": "large" for n in range(1)} | {f"s{n}": "small" for n in range(99)}
    rows = told(entries=tuple(entry(s) for s in even), who=people(sizes, dict(even))).dimensions[1].rows
    assert not any(row.share.differs for row in rows)


@given(st.lists(st.tuples(st.sampled_from(["large", "small", None]), st.integers(0, 400)), max_size=30))
def test_shares_add_up_and_lie_in_their_intervals(groups: list[tuple[str | None, int]]) -> None:
    sizes: dict[str | None, int] = {"large": 0, "small": 0, None: 1}
    listed: dict[str, str | None] = {}
    for number, (value, size) in enumerate(groups):
        sizes[value] += size
        for n in range(min(size, 3)):
            listed[f"{number}-{n}"] = value
    found = told(entries=tuple(entry(subject) for subject in listed), who=people(sizes, listed)).dimensions[1]
    assert sum(row.share.count for row in found.rows) == len(listed)
    assert sum(row.share.of for row in found.rows) == sum(sizes.values())
    for row in found.rows:
        if row.share.of:
            assert row.share.low <= row.share.count * WHOLE / row.share.of <= row.share.high


def test_every_list_of_the_law_can_be_reported() -> None:
    rules: tuple[ListRule, ...] = LAW.lists
    assert {report(rule, (), (), people(), LAW, DAY).list for rule in rules} == {rule.list for rule in rules}


# -- on a database -----------------------------------------------------------------------------------------


def lived() -> str:
    """One listed and let off by a court, one dismissed, one whose authority never acted again; the list's id."""
    whos = [played.registered(number, region="测湖县", size="small") for number in range(3)]
    for number, who in enumerate(whos):
        played.violation(who, number=str(number))
    listed = played.listed(whos[0])
    played.act(
        date(2024, 6, 3), "remove", listed, by=played.DECIDER, ground="court", document="判决书", reasons="defect"
    )
    dismissed = played.opened(whos[1])
    played.act(played.DECISION, "dismiss", dismissed, by=played.DECIDER, reasons="paid meanwhile")
    played.proposed(whos[2])
    return played.LIST


def test_what_was_done_is_what_is_told(database: str) -> None:
    found = oversight(played.LAW, date(2024, 12, 31))
    assert (found.organisations, found.notice) == (0, None)
    list_ = lived()
    found = oversight(played.LAW, date(2024, 12, 31))
    told = next(each for each in found.lists if each.list == list_)
    assert (told.counts.cases, told.counts.entries, told.counts.reversals) == (3, 1, 1)
    assert (told.counts.notices, told.counts.kept_off, told.counts.in_force) == (2, 1, 0)
    assert [row.authority for row in told.authorities] == [played.AUTHORITY]
    assert told.counts.served == 2
    assert told.authorities[0].steps == told.steps  # there is but one authority
    assert {step.step for step in told.steps} == {"consent", "notice", "decision"}
    assert found.organisations == 3
    assert found.notice
    assert found.lists[0].list == list_


def test_it_names_no_organisation(database: str) -> None:
    lived()
    found = oversight(played.LAW, date(2024, 12, 31))
    for text in (as_bytes(found).decode(), page(found, "en"), page(found, "zh")):
        for number in range(3):
            assert played.subject(number).partition(":")[2] not in text
            assert f"测湖县公司{number}" not in text


def test_the_page_stands_alone_in_both_languages(database: str) -> None:
    lived()
    found = oversight(played.LAW, date(2024, 12, 31))
    english, chinese = page(found, "en"), page(found, "zh")
    assert "Undone by correction or a court" in english
    assert "经更正或法院撤销" in chinese
    for text in (english, chinese):
        assert "src=" not in text
        assert 'rel="stylesheet"' not in text
        assert "<svg" in text


def test_it_is_kept_and_a_harmed_one_is_refused(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROBITY_HOME", str(tmp_path))
    assert kept() is None
    found = oversight(played.LAW, date(2024, 12, 31))
    path = keep(found)
    assert kept() == found
    told = json.loads(path.read_bytes())
    path.write_text(json.dumps({**told, "lists": "none"}))
    with pytest.raises(SnapshotError, match="altered"):
        kept()
