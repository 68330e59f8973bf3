"""The listing procedure as a picture and as tables, drawn from the machine itself and from the law.

``docs/procedures/listing.md`` holds them between markers; a test keeps them current.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from probity.procedures.listing import BRINGS, TRANSITIONS, Phase, acts
from probity.rulebook import Law, Steps, Within

WHOSE: Mapping[type[acts.Command], str] = MappingProxyType(
    {
        acts.Find: "software or an officer",
        acts.Warn: "an officer",
        acts.Propose: "an officer",
        acts.Consent: "the agency above",
        acts.Refuse: "the agency above",
        acts.Notify: "an officer",
        acts.ProveDelivery: "an officer",
        acts.ReportUndelivered: "an officer",
        acts.Announce: "an officer",
        acts.Reply: "the organisation",
        acts.AdmitLate: "another officer",
        acts.Hear: "another officer",
        acts.Enter: "another officer",
        acts.Dismiss: "another officer",
        acts.Withdraw: "an officer",
        acts.Assign: "an officer",
        acts.Recuse: "an officer",
        acts.Suspend: "an officer",
        acts.Resume: "an officer",
        acts.ProposeRemoval: "an officer",
        acts.Remove: "an officer",
        acts.Tick: "time",
    }
)
"""Whose act each command is. *Another officer* is one who did not propose."""

PASSING: Mapping[type[acts.Event], str] = MappingProxyType(
    {
        acts.Delivered: "counts as delivered",
        acts.Opened: "announcement over",
        acts.Lapsed: "the authority was too late",
        acts.Dissolved: "no more there",
        acts.Ended: "term over, or no more there",
    }
)
"""What time brings about."""

GROUPS: Mapping[str, tuple[Phase, ...]] = MappingProxyType(
    {
        "Nothing decided: no effect": (Phase.FOUND, Phase.PROPOSED, Phase.NOTIFIED, Phase.OPEN),
        "Entry in force": (Phase.LISTED, Phase.REMOVAL_NOTIFIED, Phase.REMOVAL_OPEN),
    }
)

NAMES: Mapping[Phase, str] = MappingProxyType(
    {
        Phase.FOUND: "Found",
        Phase.PROPOSED: "Proposed",
        Phase.NOTIFIED: "Notice on its way",
        Phase.OPEN: "Organisation has its say",
        Phase.LISTED: "Listed",
        Phase.REMOVAL_NOTIFIED: "Redlist: notice of removal on its way",
        Phase.REMOVAL_OPEN: "Redlist: organisation has its say",
        Phase.CLOSED: "Closed without an entry",
        Phase.ENDED: "Entry over",
    }
)

_ANYTIME = (acts.Assigned, acts.Recused, acts.Suspended, acts.Resumed)
"""What can happen in nearly every phase and changes none: in the table, not in the picture."""

_INK = """    classDef before fill:#fff4d6,stroke:#8a6d1a,color:#222
    classDef force fill:#fbdcd6,stroke:#9a3422,color:#222
    classDef over fill:#e4efe4,stroke:#3d6b3d,color:#222
    class found,proposed,notified,open before
    class listed,removal_notified,removal_open force
    class closed,ended over"""


def diagram() -> str:
    """The phases and what leads from one to the next, as a Mermaid state diagram: who acts, and what."""
    lines = ["stateDiagram-v2", "    direction TB", f"    [*] --> found: {_label(acts.Found)}"]
    for group, phases in GROUPS.items():
        lines += [f'    state "{group}" as {_group(phases)} {{']
        lines += [f"    {line}" for phase in phases for line in _node(phase)]
        lines += [f"    {line}" for line in _edges(phases, within=True)]
        lines += ["    }"]
    for phase in (Phase.CLOSED, Phase.ENDED):
        lines += _node(phase)
    for phases in GROUPS.values():
        lines += _edges(phases, within=False)
    return "\n".join([*lines, _INK])


def acts_table() -> str:
    """Every act: whose it is, what it brings about, in which phases, and where it leads."""
    rows = ["| act | whose | brings about | possible while | leads to |", "|---|---|---|---|---|"]
    for command, events in BRINGS.items():
        for event in events if command is acts.Tick else events[:1]:
            moves = TRANSITIONS[event]
            leads = sorted({NAMES[after] for before, after in moves.items() if after is not before})
            name = PASSING[event] if command is acts.Tick else _words(command.__name__)
            phases = "; ".join(NAMES[phase] for phase in moves) or "no case yet"
            to = "; ".join(leads) or ("Found" if event is acts.Found else "the same")
            rows.append(f"| {name} | {WHOSE[command]} | `{event.__name__}` | {phases} | {to} |")
    return "\n".join(rows)


def deadlines_table(law: Law) -> str:
    """The periods of every list, newest law; the rules that set them stand below, by number."""
    rules: dict[str, int] = {}
    rows = [
        "| list | consent | notice | window to respond | announcement | hearing | decision |",
        "|---|---|---|---|---|---|---|",
    ]
    newest = {rule.list: law.list(rule.list) for rule in law.lists}
    for name, rule in sorted(newest.items()):
        if rule.steps is not None:
            cells = [_period(within, rules) if within else "not asked" for within in _periods(rule.steps)]
            rows.append(f"| {rule.name.en} (`{name}`) | {' | '.join(cells)} |")
    notes = [f"{number}. {text}" for text, number in rules.items()]
    return "\n".join(
        [
            *rows,
            "",
            "An authority that misses a period marked *reminds* is reminded; else the case lapses.",
            "",
            *notes,
        ]
    )


def renewed(page: str, law: Law) -> str:
    """``page`` with what stands between its markers drawn anew."""
    parts = {
        "diagram": f"```mermaid\n{diagram()}\n```",
        "acts": acts_table(),
        "deadlines": deadlines_table(law),
    }
    for name, text in parts.items():
        between = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- end -->)", re.DOTALL)
        page = between.sub(lambda found, text=text: f"{found[1]}{text}{found[2]}", page)  # type: ignore[misc]
    return page


def _node(phase: Phase) -> Iterable[str]:
    staying = [
        event for event, moves in TRANSITIONS.items() if moves.get(phase) is phase and event not in _ANYTIME
    ]
    meanwhile = [f"{_label(event)}" for event in staying]
    yield f"    {_id(phase)}: {'<br/>'.join([f'<b>{NAMES[phase]}</b>', *meanwhile])}"


def _edges(phases: tuple[Phase, ...], *, within: bool) -> list[str]:
    """The arrows that stay in a group, or leave it; what leads out from all its phases alike is one arrow."""
    labels: dict[tuple[str, str], list[str]] = {}
    for event, moves in TRANSITIONS.items():
        out = {moves.get(phase) for phase in phases}
        target = next(iter(out))
        if len(out) == 1 and target is not None and target not in phases:
            if not within:
                labels.setdefault((_group(phases), _id(target)), []).append(_label(event))
            continue
        for before, after in moves.items():
            if before in phases and before is not after and (after in phases) is within:
                labels.setdefault((_id(before), _id(after)), []).append(_label(event))
    return [f"    {before} --> {after}: {'<br/>'.join(texts)}" for (before, after), texts in labels.items()]


def _group(phases: tuple[Phase, ...]) -> str:
    return f"group_{_id(phases[0])}"


def _label(event: type[acts.Event]) -> str:
    """``an officer · propose``; what time brings about besides."""
    said = []
    for command, events in BRINGS.items():
        if command is acts.Tick and event in events and event in PASSING and event is not acts.Delivered:
            said.append(f"time · {PASSING[event]}")
        elif event in events and command is not acts.Tick:
            what = "last delivery proven" if event is acts.Opened else _words(command.__name__)
            said.append(f"{WHOSE[command]} · {what}")
    return "<br/>".join(said)


def _periods(steps: Steps) -> tuple[Within | None, ...]:
    return (steps.consent, steps.notify, steps.respond, steps.announcement, steps.hear, steps.decide)


def _period(within: Within, rules: dict[str, int]) -> str:
    number = rules.setdefault(within.rule, len(rules) + 1)
    words = within.unit.replace("-", " ")
    reminds = ", *reminds*" if within.lapse == "reminds" else ""
    return f"{within.number} {words if within.number > 1 else words.removesuffix('s')} ({number}){reminds}"


def _words(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r" \1", name).lower()


def _id(phase: Phase) -> str:
    return phase.value.replace("-", "_")
