"""A small world for the tests of the loop and of the commands: the first establishments of San Francisco with what
was found there, and a small generated province. Taken in once through the ordinary door, copied for each test.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from django.db import connections

from probity import dossier
from probity.canon import canonical
from probity.dossier import Dossier, Record
from probity.intake import Receipt, take_in
from probity.ledger import head
from probity.rulebook import Law, Status, load
from probity.scoring import Explanation
from probity.service import House, organisation_page, page_as_json, page_outlooks
from probity.service.demo import DAYS, SAN_FRANCISCO, SAN_FRANCISCO_DAY, province
from probity.service.grades import graded_by
from probity.service.settings import database as described
from probity.service.wiring import rulebooks

LAW = load(rulebooks())
ESTABLISHMENTS = 60
ORGANISATIONS = 200
SEED = 7
TODAY = date(2026, 1, 1)
"""The day of intake: nothing is from a later one."""
LIVES = "us-sf-food/lives"
ENTERPRISES = "cn-zhejiang-2020/enterprise"
DINER = "us-sf-business:58"
"""Official score 70 on 18 September 2017: two high, three moderate, two low risks."""
PENALTY = "penalty.administrative"


@dataclass(frozen=True)
class World:
    """A database of its own with the small world in it, to which Django is connected."""

    url: str
    law: Law
    receipts: dict[str, Receipt] = field(repr=False)

    def file(self, subject: str, **times: Any) -> Dossier:
        """The file of ``subject``, as of the day that its data speak of."""
        return dossier.open_file(subject, self.law, **{"true_on": day_of(subject), **times})

    def grade(self, subject: str, **times: Any) -> Explanation:
        """Its grade by its card."""
        card = LIVES if subject.startswith("us-sf-business") else ENTERPRISES
        return graded_by(self.file(subject, **times), card, self.law)

    def page(self, subject: str, **times: Any) -> bytes:
        """Its public page as canonical JSON."""
        asked = {"true_on": day_of(subject), "known_at": None, **times}
        page = organisation_page(subject, self.law, **asked)
        return canonical(page_as_json(page, page_outlooks(page, self.law)))

    def penalty(self, severity: str = "general") -> Record:
        """The first generated penalty of that severity that is shown on the last day."""
        position = head()
        for _, file in dossier.every_file(self.law, true_on=province.LAST_DAY, position=position):
            for record in file.records:
                if (
                    record.item == PENALTY
                    and record.attributes.get("severity") == severity
                    and record.status is Status.ACTIVE
                    and not record.past_term(province.LAST_DAY)
                    and file.kind == "enterprise"
                ):
                    return record
        raise LookupError(severity)


def day_of(subject: str) -> date:
    """The day that the data about ``subject`` speak of."""
    return DAYS[subject.partition(":")[0]]


def public_json(page: bytes) -> dict[str, Any]:
    """A page's JSON without the moments, which differ from one intake to the next."""
    found: dict[str, Any] = without_moments(json.loads(page))
    return found


def without_moments(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: "(moment)" if name in ("known_at", "recorded_at") else without_moments(inner)
            for name, inner in value.items()
        }
    return [without_moments(inner) for inner in value] if isinstance(value, list) else value


@cache
def build(server: str, template: str) -> tuple[str, dict[str, Receipt]]:
    """Take the small world in; the name of its database, which tests copy, and the receipts."""
    name = "probity_world"
    _create(server, name, template)
    _use(_address(server, name))
    receipts = {}
    with TemporaryDirectory() as folder:
        sources = [(f"us-sf-food/{name}", path, False) for name, path in cut_san_francisco(Path(folder)).items()]
        made = province.generate(Path(folder) / "province", ORGANISATIONS, SEED)
        sources += [(each.mapping, each.path, True) for each in made]
        for mapping, path, generated in sources:
            receipts[mapping] = take_in(path, LAW.mapping(mapping), LAW, today=TODAY, generated=generated)
    connections["default"].close()
    return name, receipts


def cut_san_francisco(folder: Path, establishments: int = ESTABLISHMENTS) -> dict[str, Path]:
    """The first establishments of the source, with their inspections and violations."""
    first: set[str] = set()
    written = {}
    for name in ("businesses", "inspections", "violations"):
        with (SAN_FRANCISCO / f"{name}.csv").open(encoding="utf-8", newline="") as source:
            header, *rows = csv.reader(source)
        first = first or {row[0] for row in rows[:establishments]}
        written[name] = folder / f"{name}.csv"
        with written[name].open("w", encoding="utf-8", newline="") as target:
            csv.writer(target).writerows([header, *(row for row in rows if row[0] in first)])
    return written


def opened(server: str, template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The small world in a fresh database; commands and pages of this process use it too."""
    source, receipts = build(server, template)
    _create(server, "probity_world_copy", source)
    url = _address(server, "probity_world_copy")
    _use(url)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setattr("probity.service.wiring._open", [House(Path(), LAW, DAYS)])
    yield World(url, LAW, receipts)
    connections["default"].close()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS probity_world_copy WITH (FORCE)")


def _create(server: str, name: str, template: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")


def _address(server: str, name: str) -> str:
    return psycopg.conninfo.make_conninfo(server, dbname=name)


def _use(url: str) -> None:
    connections["default"].close()
    connections["default"].settings_dict.update(described(url), CONN_MAX_AGE=None)


__all__ = ["DINER", "ENTERPRISES", "LAW", "LIVES", "PENALTY", "SAN_FRANCISCO_DAY", "World", "build", "opened"]
