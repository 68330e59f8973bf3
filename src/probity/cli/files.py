"""Commands about organisations: file, search, identify, correct, withdraw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from re import fullmatch
from typing import Annotated, Any

import typer

from probity import dossier
from probity.canon import canonical
from probity.cli.output import OUT, plain, print_json, print_pairs, print_table, say
from probity.clock import parse_day, parse_moment
from probity.errors import InputError, NotFoundError
from probity.identity import identify, parse
from probity.service import acts, running, subject_of


class Scheme(StrEnum):
    """What --scheme takes."""

    USCC = "cn-uscc"
    LEI = "lei"
    RFC = "mx-rfc"
    EIN = "us-ein"


Organisation = Annotated[
    str, typer.Argument(help="scheme:code, such as us-sf-business:19, or a code alone where only one fits.")
]
TrueOn = Annotated[
    str | None, typer.Option("--as-of", help="As true on this day (YYYY-MM-DD); today if left out.")
]
KnownAt = Annotated[
    str | None, typer.Option("--known-at", help="As known at this day or moment (ISO 8601); now if left out.")
]
StatementId = Annotated[
    str, typer.Argument(help="The id of the statement, 64 digits; probity file ORGANISATION --json shows it.")
]
Reason = Annotated[str, typer.Option(help="Why; the ledger keeps it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def file(
    organisation: Organisation, as_of: TrueOn = None, known_at: KnownAt = None, as_json: AsJson = False
) -> None:
    """Show an organisation's file.

    As true on a day and as known at a moment; the same question gives the same answer for ever.
    """
    day, moment = read_times(as_of, known_at)
    with running() as opened:
        subject = subject_of(organisation, opened.law)
        found = dossier.open_file(subject, opened.law, true_on=day or opened.day_for(subject), known_at=moment)
    if as_json:
        say(canonical(dossier.as_json(found)).decode())
    else:
        _show(found)


def read_times(as_of: str | None, known_at: str | None) -> tuple[date | None, datetime | None]:
    """The two times as they were written; None where one was left out. Raises QuestionError."""
    return (
        None if as_of is None else parse_day(as_of, where="--as-of"),
        None if known_at is None else parse_moment(known_at, where="--known-at"),
    )


def _show(found: dossier.Dossier) -> None:
    if found.generated:
        OUT.print(dossier.GENERATED, style="bold yellow")
    print_pairs(
        {
            "name": found.name,
            "code": found.subject,
            "kind": found.kind,
            "true on": found.as_of.true_on,
            "known at": found.as_of.known_at.isoformat(timespec="seconds"),
            **{
                name.replace("_", " "): value
                for name, value in found.register.items()
                if value is not None and name != "name"
            },
        }
    )
    for relation in found.relations:
        OUT.print(plain(f"{relation.relation} {relation.subject} {relation.name or ''}"), markup=False)
    OUT.print()
    print_table(
        ["from", "to", "item", "status", "shown until", "source", "record"],
        [(r.valid_from, r.valid_to, r.item, r.status, r.expires, r.issuer, r.id[:12]) for r in found.records],
    )


def search(
    text: Annotated[str, typer.Argument(help="A part of a name in any script, or of a code.")],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Find organisations by name or code.

    Every word counts, in any script, wherever it stands in the name; the closest come first.
    """
    if not text.strip():
        raise InputError(
            "there is nothing to search for", remedy="Give a part of a name in any script, or of a code."
        )
    with running():
        found = dossier.search(text, limit=limit)
    if as_json:
        print_json(
            [{"subject": m.subject, "name": m.name, "kind": m.kind, "generated": m.generated} for m in found]
        )
    if not found:
        raise NotFoundError(f"nothing is registered under {text!r}", remedy="Try a part of the name, or the code.")
    if not as_json:
        print_table(["code", "name", "kind"], [(m.subject, m.name, m.kind) for m in found])
        if any(match.generated for match in found):
            OUT.print(dossier.GENERATED, style="yellow")
        if len(found) == limit:
            OUT.print(
                f"There may be more than these {limit}; say more of the name, or raise --limit.", style="dim"
            )


def identify_command(
    code: Annotated[str, typer.Argument(help="The code to explain.")],
    scheme: Annotated[Scheme, typer.Option(help="What kind of code it is.")] = Scheme.USCC,
    as_json: AsJson = False,
) -> None:
    """Explain a code, and check it.

    Who registered it, what kind of organisation, where, and whether its check characters hold.
    """
    name, separator, rest = code.partition(":")
    if separator and name in set(Scheme):
        scheme, code = Scheme(name), rest
    if scheme is Scheme.USCC:
        found = parse(code)
        facts: dict[str, object] = {
            "code": found.code,
            **{
                part.title.en: f"{part.value}  {part.meaning.en if part.meaning else ''}".rstrip()
                for part in found.explain()
            },
            "kind": found.kind,
            "warnings": list(found.warnings),
        }
    else:
        other = identify(scheme, code)
        facts = {"code": other.code, "kind": other.kind, "warnings": list(other.warnings)}
    if as_json:
        print_json(facts)
    else:
        print_pairs({name: value for name, value in facts.items() if value})


def correct(
    statement: StatementId,
    reason: Reason,
    sets: Annotated[list[str] | None, typer.Option("--set", help="attribute=value; repeat for more.")] = None,
    valid_from: Annotated[str | None, typer.Option(help="The right first day.")] = None,
    valid_to: Annotated[str | None, typer.Option(help="The right last day.")] = None,
    as_json: AsJson = False,
) -> None:
    """Correct a statement.

    A new statement says what is right, from now on known; what was known before stays askable.
    """
    first = None if valid_from is None else parse_day(valid_from, where="--valid-from")
    last = None if valid_to is None else parse_day(valid_to, where="--valid-to")
    written = _attributes(sets or [])
    if not (written or first or last):
        raise InputError("this would correct nothing", remedy="Use --set, --valid-from or --valid-to.")
    with running() as opened:
        changes = {name: acts.read(value, name, _id(statement), opened.law) for name, value in written.items()}
        receipt = acts.correct(
            _id(statement), opened.law, reason=reason, attributes=changes, valid_from=first, valid_to=last
        )
    _report(receipt, as_json)


def withdraw(statement: StatementId, reason: Reason, as_json: AsJson = False) -> None:
    """Withdraw a statement.

    It stays in the ledger and counts for nothing from now on.
    """
    with running() as opened:
        receipt = acts.withdraw(_id(statement), opened.law, reason=reason)
    _report(receipt, as_json)


def _id(text: str) -> str:
    if not fullmatch("[0-9a-f]{64}", text.strip().lower()):
        raise InputError(
            f"{text!r} is not the id of a statement",
            remedy="An id has 64 hexadecimal digits; probity file ORGANISATION --json shows those of its records.",
        )
    return text.strip().lower()


def _attributes(sets: Sequence[str]) -> dict[str, str]:
    written: dict[str, str] = {}
    for each in sets:
        name, separator, value = each.partition("=")
        if not separator or not name:
            raise InputError(f"{each!r} is not attribute=value", where="--set", remedy="Write --set amount=200.")
        written[name] = value
    return written


def _report(receipt: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(receipt)
    else:
        statements = ", ".join(receipt["statements"])
        print_pairs({"statement": statements, "recorded at": receipt["recorded_at"], "batch": receipt["batch"]})


identify_command.__name__ = "identify"
COMMANDS = (file, search, identify_command, correct, withdraw)
