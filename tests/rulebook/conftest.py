"""A tiny valid folder of rulebooks, written anew for every test and spoiled one line at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.rulebook import listed

from probity.rulebook import Finding, Severity, check

RULEBOOK = """\
rulebook: tiny
name: {en: Tiny, zh: 小}
jurisdiction: {en: Nowhere}
uses: [base]
in_force: {from: 2020-01-01}
basis: Tiny Act, section 1
reference: R0
"""

BASE = """\
rulebook: base
name: {en: Base}
jurisdiction: {en: Nowhere}
in_force: {from: 2020-01-01}
basis: Base Act, section 1
reference: R0
"""

SCHEMES = """\
schemes:
  - scheme: tiny-id
    name: {en: Tiny number}
    check: local
    pattern: '[0-9]{1,6}'
    kind: enterprise
    in_force: {from: 2020-01-01}
    basis: Tiny Act, section 2
    reference: R0
"""

AGENCIES = """\
agencies:
  - agency: inspectorate
    name: {en: Inspectorate}
    level: city
    competent_for: ['penalty.*', honour, tip]
    in_force: {from: 2020-01-01}
    basis: Tiny Act, section 3
    reference: R0
"""

CATEGORIES = """\
categories:
  - category: penalties
    number: 16
    name: {en: Penalties}
    generated: on issuance
    contributor: any regulator
    growth: high
    in_force: {from: 2020-01-01}
    basis: Tiny Act, section 4
    reference: R0
"""

CATALOGUE = """\
items:
  - item: penalty.fine
    name: {en: Fine, zh: 罚款}
    category: penalties
    polarity: negative
    disclosure: open
    term:
      by: severity
      periods: {minor: 3m, serious: 3y}
    attributes:
      - attribute: severity
        name: {en: Severity}
        type: choice
        required: true
        choices:
          - {value: minor, name: {en: Minor}}
          - {value: serious, name: {en: Serious}}
      - attribute: amount
        name: {en: Amount}
        type: amount
        unit: CNY/100
      - attribute: legal_representative
        name: {en: Legal representative, zh: 法定代表人}
        type: text
        mask: partial
    in_force: {from: 2020-01-01}
    basis: Tiny Act, section 5
    reference: R0
  - item: honour
    name: {en: Honour}
    category: penalties
    polarity: positive
    disclosure: open
    in_force: {from: 2020-01-01}
    basis: Tiny Act, section 6
    reference: R0
  - item: tip
    name: {en: Complaint}
    category: penalties
    polarity: neutral
    disclosure: restricted
    origin: market
    in_force: {from: 2020-01-01}
    basis: Tiny Act, section 7
    reference: R0
"""

INTAKE = """\
mapping: tiny/fines
item: penalty.fine
agency: inspectorate
subject: {scheme: tiny-id, column: id}
key: [number]
valid_from: {column: day, format: '%Y-%m-%d'}
attributes:
  severity:
    column: grade
    lookup: grades
    values: {low: minor, high: serious}
  amount:
    column: fine
    extract: '([0-9.]+)'
    scale: 100
ignores: [remarks]
in_force: {from: 2020-01-01}
basis: Tiny Act, section 8
reference: R0
"""

LOOKUP = "from,to\n1,low\n2,high\n"

CARD = """\
card: tiny/card
name: {en: Tiny card}
subjects: [enterprise]
scale: {from: 0, to: 100}
base: 90
bands:
  - {grade: A, name: {en: Good}, from: 80}
  - {grade: B, name: {en: Fair}, from: 0}
groups:
  - group: conduct
    name: {en: Conduct}
    weight: 100
    indicators:
      - indicator: fines
        name: {en: Fines}
        weight: 90
        direction: deduct
        reads:
          - item: penalty.fine
            where:
              - {attribute: severity, is: [minor, serious]}
        consumes:
          of: severity
          table: {minor: 4.5, serious: 90}
        treatment: {repaired: 50%}
      - indicator: honours
        name: {en: Honours}
        weight: 10
        direction: award
        reads: [honour]
        consumes: 10
gates:
  - name: {en: Fined}
    reads: [penalty.fine]
    at_most: B
in_force: {from: 2020-01-01}
basis: Tiny Act, section 9
reference: R0
"""

CASES = """\
card: tiny/card
cases:
  - case: clean
    given: []
    as_of: 2021-01-01
    expect: {score: 90, grade: A}
    why: nothing was done
  - case: fined
    given:
      - {item: penalty.fine, on: 2020-12-01, attributes: {severity: minor}}
    as_of: 2021-01-01
    expect: {score: 85.5, grade: B, points: {fines: -4.5}}
    why: 90 - 4.5, and the gate
"""

CALENDAR = """\
calendar: tiny/days
name: {en: Working days}
years:
  - year: 2020
    off: [2020-01-01, 2020-10-01]
    worked: [2020-10-10]
    notice: Notice 1
  - year: 2021
    off: [2021-01-01]
    notice: Notice 2
day_zero: Tiny Act, section 10
in_force: {from: 2020-01-01}
basis: Tiny Act, section 10
reference: R0
"""

FILES = {
    "base/rulebook.yaml": BASE,
    "tiny/rulebook.yaml": RULEBOOK,
    "tiny/schemes.yaml": SCHEMES,
    "tiny/agencies.yaml": AGENCIES,
    "tiny/categories.yaml": CATEGORIES,
    "tiny/catalogue/penalties.yaml": CATALOGUE,
    "tiny/intake/fines.yaml": INTAKE,
    "tiny/lookups/grades.csv": LOOKUP,
    "tiny/scorecards/card.yaml": CARD,
    "tiny/scorecards/card.cases.yaml": CASES,
    "tiny/calendars/days.yaml": CALENDAR,
}

SHORT = {Path(name).stem: name for name in FILES if not name.endswith("rulebook.yaml")} | {
    "rulebook": "tiny/rulebook.yaml",
    "base": "base/rulebook.yaml",
    "catalogue": "tiny/catalogue/penalties.yaml",
}


@dataclass(frozen=True)
class Books:
    """The folder, and the ways in which tests spoil and check it."""

    root: Path

    def path(self, short: str) -> Path:
        return self.root / SHORT.get(short, short)

    def write(self, short: str, text: str | bytes) -> None:
        path = self.path(short)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def replace(self, short: str, old: str, new: str, count: int = 1) -> int:
        """Replace the first ``old`` of a file by ``new``; the line on which it stood."""
        text = self.path(short).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {short}"
        self.write(short, text.replace(old, new, count))
        return text[: text.index(old)].count("\n") + 1

    def append(self, short: str, text: str) -> int:
        """Append to a file; the line on which the addition begins."""
        before = self.path(short).read_text(encoding="utf-8")
        self.write(short, before + text)
        return before.count("\n") + 1

    def check(self) -> list[Finding]:
        return check(self.root)

    def errors(self) -> list[Finding]:
        return [finding for finding in self.check() if finding.severity is Severity.ERROR]

    def only(self, severity: Severity = Severity.ERROR) -> Finding:
        """The one finding; the test fails where there is another number of them."""
        findings = self.check()
        assert len(findings) == 1, "\n".join(map(str, findings)) or "no finding"
        assert findings[0].severity is severity
        return findings[0]


def write_books(root: Path) -> Books:
    books = Books(root)
    for name, text in FILES.items():
        books.write(name, text)
    return books


@pytest.fixture
def books(tmp_path: Path) -> Books:
    return write_books(tmp_path / "rulebooks")


Spoil = Callable[[Books], int]


@pytest.fixture
def listing_books(books: Books) -> Books:
    """The tiny rulebooks with one of lists beside them; its files are named as in ``listed.FILES``."""
    for name, text in listed.FILES.items():
        books.write(listed.path(name), text)
    return books
