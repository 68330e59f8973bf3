"""The doors into the house, each as short as a test can use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from probity import dossier, ledger
from probity.canon import Plain, canonical, digest
from probity.intake import Receipt, take_in
from probity.ledger import Act, Draft
from probity.publication import PublicGrade
from probity.rulebook import Finding, Severity, check, load
from probity.service import acts, organisation_page, page_as_json, page_histories, page_outlooks
from probity.service.page import OrganisationPage

RULEBOOKS = Path(__file__).parents[2] / "rulebooks"
LAW = load(RULEBOOKS)
CARD = "cn-zhejiang-2020/enterprise"
DAY = date(2023, 6, 30)
ALIBABA = "cn-uscc:91330100799655058B"
TENCENT = "cn-uscc:91440101327598294H"
"""Printed in the sources."""

TRADER = "92330106MA2B0K8Y3P"
CITIZEN = "11010519491231002X"
RFC = "GODE561231GR8"
PERSONS = (TRADER, CITIZEN, RFC)
"""The shape of an individual trader's code, and the specimens of GB 11643 and of the Mexican tax service."""


def errors(root: Path) -> list[Finding]:
    """What the rulebook checker calls an error."""
    return [finding for finding in check(root) if finding.severity is Severity.ERROR]


def register(subject: str, name: str, on: str = "2016-01-01") -> Draft:
    return Draft(subject, "register.organisation", "registry", f"{subject} {on}", date.fromisoformat(on),
                 attributes={"name": name})  # fmt: skip


def penalty(number: int, on: date, subject: str = ALIBABA, **more: Any) -> Draft:
    said = {
        "decision_number": f"D{number}",
        "conduct": "conduct",
        "ground": "ground",
        "sanction": "fine",
        "severity": "serious",
        **more,
    }
    return Draft(subject, "penalty.administrative", "zj-ecology", f"P{number}", on, attributes=said)


def aimed(item: str, target: str, on: date, subject: str = ALIBABA, **said: Any) -> Draft:
    return Draft(subject, item, "registry", f"{item} {target[:12]} {on}", on, attributes=said, target=target)


def say(*drafts: Draft) -> list[str]:
    """Through the door of officers."""
    return [acts.state([draft], LAW, source="test")["statements"][0] for draft in drafts]


def write(*drafts: Draft) -> None:
    """Through the ledger's own writer, past everything that looks at the law."""
    name = digest(repr(drafts).encode())
    with ledger.receive(
        name, item="test.item", issuer="test", source="test", rulebook=LAW.hash, generated=False
    ) as writer:
        writer.append(drafts)
        writer.settle()
        dossier.follow(writer.first, LAW, generated=False)
        writer.finish({})


def deliver_nothing(item: str) -> None:
    """A source says that it has nothing."""
    with ledger.receive(
        digest(item.encode()), item=item, issuer="zj-amr", source="nothing", rulebook=LAW.hash, generated=False
    ) as writer:
        writer.finish({})


def everybody_delivers() -> None:
    """Every source that the card reads says that it has nothing."""
    for item in sorted({reads.item for each in LAW.card(CARD, DAY).indicators for reads in each.reads}):
        deliver_nothing(item)


INSERT = (
    "INSERT INTO ledger_statement"
    " (id, batch, row, act, subject, item, issuer, reference, key, valid_from, valid_to, attributes)"
    " VALUES (sha256('x'), 1, 1, 0, '{subject}', {item}, {issuer}, 'r', 1, '2020-01-01', {until}, '{{}}')"
)
"""A statement forced into the table."""


def take(path: Path, mapping: str, content: str) -> Receipt:
    """Through the door of files."""
    path.write_text(content, encoding="utf-8")
    return take_in(path, LAW.mapping(mapping), LAW, today=DAY)


def page(subject: str = ALIBABA, on: date = DAY, known_at: datetime | None = None) -> OrganisationPage:
    return organisation_page(subject, LAW, true_on=on, known_at=known_at)


def left(subject: str = ALIBABA, on: date = DAY, known_at: datetime | None = None) -> str:
    """Everything that leaves: the page's JSON, its histories, and whatever else hangs on the page."""
    found = page(subject, on, known_at)
    return canonical(as_json(found)).decode() + repr(page_histories(found, LAW)) + repr(found.file)


def as_json(found: OrganisationPage) -> dict[str, Plain]:
    """The page as it leaves."""
    return page_as_json(found, page_outlooks(found, LAW))


def grade_of(found: OrganisationPage) -> PublicGrade:
    """The grade by the card that these tests are about."""
    return next(grade for grade in found.grades if grade.card.card == CARD)


def total(subject: str = ALIBABA, on: date = DAY) -> int:
    grade = grade_of(page(subject, on))
    assert grade.explanation.total is not None, "too little is known: let everybody deliver first"
    return grade.explanation.total


def file(subject: str = ALIBABA, on: date = DAY) -> dossier.Dossier:
    return dossier.open_file(subject, LAW, true_on=on)


@pytest.fixture
def two(database: str) -> list[str]:
    """Two organisations in the register; the ids of their registrations."""
    return say(
        register(ALIBABA, "阿里巴巴(中国)有限公司"), register(TENCENT, "Guangzhou Tencent Technology Co., Ltd.")
    )


@pytest.fixture
def sql(database: str) -> Iterator[Callable[[str, str], Any]]:
    """Runs a command as ``superuser`` or as ``clerk``, an ordinary role with every right on the tables."""
    role = "probity_clerk"
    with psycopg.connect(database, autocommit=True) as boss:
        boss.execute(f"DROP ROLE IF EXISTS {role}")
        boss.execute(f"CREATE ROLE {role} LOGIN")
        boss.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}")
        boss.execute(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}")

        def run(who: str, command: str) -> None:
            user = {"user": role} if who == "clerk" else {}
            with psycopg.connect(psycopg.conninfo.make_conninfo(database, **user)) as connection:
                connection.execute(command)  # type: ignore[arg-type]

        yield run
        boss.execute(f"DROP OWNED BY {role}")
        boss.execute(f"DROP ROLE {role}")


__all__ = ["Act", "Draft"]
