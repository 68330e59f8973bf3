"""Commands about organisations: file, search, identify, correct, withdraw."""

from __future__ import annotations

from typing import Annotated

import typer

from probity import dossier
from probity.canon import canonical
from probity.cli.output import OUT, print_json, print_pairs, print_table
from probity.clock import parse_day, parse_moment
from probity.errors import InputError, NotFoundError
from probity.identity import identify, parse
from probity.service import acts, house, running, subject_of

Organisation = Annotated[
    str, typer.Argument(help="scheme:code, such as us-sf-business:19, or a code alone where only one fits.")
]
TrueOn = Annotated[
    str | None, typer.Option("--as-of", help="As true on this day (YYYY-MM-DD); today if left out.")
]
KnownAt = Annotated[
    str | None, typer.Option("--known-at", help="As known at this day or moment (ISO 8601); now if left out.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def file(
    organisation: Organisation, as_of: TrueOn = None, known_at: KnownAt = None, as_json: AsJson = False
) -> None:
    """Show an organisation's file, as true on a day and as known at a moment."""
    day = parse_day(as_of) if as_of else None
    moment = parse_moment(known_at) if known_at else None
    with running() as opened:
        found = dossier.open_file(
            subject_of(organisation, opened.law), opened.law, true_on=day or house().true_on, known_at=moment
        )
        if as_json:
            typer.echo(canonical(dossier.as_json(found)).decode())
            return
        if found.generated:
            OUT.print(dossier.GENERATED, style="bold yellow")
        print_pairs(
            {
                "name": found.name,
                "code": found.subject,
                "kind": found.kind,
                "true on": found.as_of.true_on,
                "known at": found.as_of.known_at.isoformat(timespec="seconds"),
                **{name: value for name, value in found.register.items() if value is not None and name != "name"},
            }
        )
        for relation in found.relations:
            OUT.print(f"{relation.relation} {relation.subject} {relation.name or ''}", markup=False)
        print_table(
            ["from", "to", "item", "status", "shown until", "source", "record"],
            [(r.valid_from, r.valid_to, r.item, r.status, r.expires, r.issuer, r.id[:12]) for r in found.records],
        )


def search(
    text: Annotated[str, typer.Argument(help="A part of a name in any script, or of a code.")],
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Find organisations by name or code."""
    with running():
        found = dossier.search(text, limit=limit)
    if as_json:
        print_json(
            [{"subject": m.subject, "name": m.name, "kind": m.kind, "generated": m.generated} for m in found]
        )
    elif found:
        print_table(["code", "name", "kind"], [(m.subject, m.name, m.kind) for m in found])
    else:
        raise NotFoundError(f"nothing is registered under {text!r}", remedy="Try a part of the name, or the code.")


def identify_command(
    code: Annotated[str, typer.Argument(help="The code to explain.")],
    scheme: Annotated[str, typer.Option(help="cn-uscc, lei, mx-rfc or us-ein.")] = "cn-uscc",
    as_json: AsJson = False,
) -> None:
    """Explain a code: who registered it, what kind of organisation, where, and whether its checks hold."""
    if scheme == "cn-uscc":
        found = parse(code)
        facts: dict[str, object] = {
            "code": found.code,
            **{
                part.title.en: f"{part.value}  {part.meaning.en if part.meaning else ''}"
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
    statement: Annotated[str, typer.Argument(help="The id of the statement (64 digits).")],
    reason: Annotated[str, typer.Option(help="Why.")],
    sets: Annotated[list[str] | None, typer.Option("--set", help="attribute=value; repeat for more.")] = None,
    valid_from: Annotated[str | None, typer.Option(help="The right first day.")] = None,
    valid_to: Annotated[str | None, typer.Option(help="The right last day.")] = None,
) -> None:
    """Correct a statement: a new one says what is right; what was known before stays askable."""
    with running() as opened:
        changes = {}
        for each in sets or []:
            name, separator, value = each.partition("=")
            if not separator:
                raise InputError(f"{each!r} is not attribute=value", where="--set")
            changes[name] = acts.read(value, name, statement, opened.law)
        receipt = acts.correct(
            statement,
            opened.law,
            reason=reason,
            attributes=changes,
            valid_from=parse_day(valid_from) if valid_from else None,
            valid_to=parse_day(valid_to) if valid_to else None,
        )
    print_json(receipt)


def withdraw(
    statement: Annotated[str, typer.Argument(help="The id of the statement (64 digits).")],
    reason: Annotated[str, typer.Option(help="Why.")],
) -> None:
    """Withdraw a statement: it stays in the ledger and counts for nothing from now on."""
    with running() as opened:
        receipt = acts.withdraw(statement, opened.law, reason=reason)
    print_json(receipt)


identify_command.__name__ = "identify"
COMMANDS = (file, search, identify_command, correct, withdraw)
