"""Cases about made-up organisations, played on days of 2024 through the door of officers."""

from __future__ import annotations

from datetime import date
from typing import Any

from probity import ledger
from probity.identity import compose
from probity.ledger import Draft
from probity.rulebook import load
from probity.service import acts, cases
from probity.service.wiring import rulebooks

LAW = load(rulebooks())
LIST = "cn-tax-violations"
CRITERION = "false-special-invoices"
AUTHORITY, ABOVE = "tonglu-tax", "hz-tax"
PROPOSER = {"agency": AUTHORITY, "officer": "0417"}
DECIDER = {"agency": AUTHORITY, "officer": "0009"}
UPPER = {"agency": ABOVE, "officer": "1"}
START = date(2024, 3, 1)
OPEN = date(2024, 3, 6)
"""The day on which the notice is delivered; ten working days later is 20 March."""
DECISION = date(2024, 3, 21)
"""The first day on which it can be decided."""


def subject(number: int = 0) -> str:
    return f"cn-uscc:{compose('9', '1', '330122', f'{number:08d}')}"


def registered(number: int = 0, *, generated: bool = True, on: str = "2016-01-01", **said: Any) -> str:
    """An organisation in the register."""
    who = subject(number)
    draft = Draft(who, "register.organisation", "registry", f"{who} {on}", date.fromisoformat(on),
                  attributes={"name": f"测湖县公司{number}", **said})  # fmt: skip
    acts.state([draft], LAW, source="test", generated=generated)
    return who


def violation(
    who: str,
    on: date = date(2024, 1, 15),
    *,
    generated: bool = True,
    number: str = "1",
    amount: int = 120_000_000,
) -> str:
    """A decision of the tax authority, which meets the criterion; the id of its statement."""
    said = {
        "decision_number": f"浙税稽{number}",
        "conduct": CRITERION,
        "amount": amount,
        "ground": "虚开发票",
    }
    item = LAW.item("tax.violation", on)
    known = {each.attribute for each in item.attributes}
    draft = Draft(who, item.item, "zj-tax", f"{who} {on} {number}", on,
                  attributes={name: value for name, value in said.items() if name in known})  # fmt: skip
    return str(acts.state([draft], LAW, source="test", generated=generated)["statements"][0])


def act(on: date | None, act_: str, case: str | None = None, **said: Any) -> cases.Receipt:
    document = {"act": act_, **({"case": case} if case else {}), **said}
    return cases.act(document, LAW, source="test", on=on)


def found(who: str, on: date | None = START, **said: Any) -> str:
    """A case, as software drafts it; its number."""
    command = {
        "list": LIST,
        "subject": who,
        "authority": AUTHORITY,
        "criterion": CRITERION,
        "facts": "seen",
        **said,
    }
    return act(on, "find", **command).case


def proposed(who: str, on: date | None = START, **said: Any) -> str:
    number = found(who, on)
    act(on, "propose", number, by=PROPOSER, facts="false invoices", reasons="serious", **said)
    return number


def notified(who: str, on: date | None = START) -> str:
    number = proposed(who, on)
    act(on, "consent", number, by=UPPER, reasons="agreed")
    act(on, "notify", number, by=PROPOSER)
    return number


def opened(who: str, on: date = OPEN) -> str:
    """A case whose notice has reached everybody."""
    number = notified(who)
    deliver(number, on)
    return number


def deliver(number: str, on: date | None = OPEN, contact: str = "organisation") -> cases.Receipt:
    received = (on or START).isoformat()
    return act(on, "prove-delivery", number, by=PROPOSER, contact=contact, means="portal", received=received,
               proof="receipt 1")  # fmt: skip


ENTER = {"by": DECIDER, "facts": "false invoices", "reasons": "serious", "term": "1y"}


def listed(who: str, on: date = DECISION) -> str:
    """A case that ended in an entry."""
    number = opened(who)
    act(on, "enter", number, **ENTER)
    return number


def forced(who: str, number: str) -> None:
    """A step in the ledger that no procedure took: the case cannot be replayed."""
    opened = Draft(
        who, "listing.opened", "registry", f"{number}#99", DECISION, attributes={"case": number, "list": LIST}
    )
    with ledger.receive(
        "ab" * 32, item=opened.item, issuer=opened.issuer, source="force", rulebook=LAW.hash, generated=True
    ) as writer:
        writer.append([opened])
        writer.finish({})
