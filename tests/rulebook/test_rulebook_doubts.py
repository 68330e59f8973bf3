"""What a rulebook may say, but probably does not mean: a warning on its line."""

from __future__ import annotations

import pytest

from probity.rulebook import Severity

# Each row: the file, what is replaced, by what, (the text that stands on the line reported), words of the reason.

WARNINGS = {
    "unused competence": ("agencies", "tip]", "tips]", "competent_for:", "no item is covered by tips"),
    "choice without a term": (
        "catalogue",
        "{minor: 3m, serious: 3y}",
        "{serious: 3y}",
        "periods:",
        "says nothing for minor",
    ),
    "bottom out of reach": ("card", "base: 90", "base: 95", "base: 95", "no total falls below 5"),
    "top out of reach": ("card", "base: 90", "base: 85", "base: 85", "no total rises above 95"),
    "consumes too much": ("card", "serious: 90}", "serious: 91}", "consumes:", "more than the weight 90"),
    "folder of another name": (
        "rulebook",
        "rulebook: tiny",
        "rulebook: small",
        "rulebook: small",
        "folder named tiny",
    ),
}


@pytest.mark.parametrize("name", WARNINGS)
def test_a_doubt_is_a_warning_on_its_line(books, name):
    short, old, new, where, reason = WARNINGS[name]
    books.replace(short, old, new)
    line = books.path(short).read_text(encoding="utf-8").split(where)[0].count("\n") + 1
    finding = books.only(Severity.WARNING)
    assert (finding.file, finding.line) == (str(books.path(short)), line)
    assert reason in finding.reason
