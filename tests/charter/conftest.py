"""What every attack on the charter needs: the law as shipped, two organisations, and the doors to them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.charter import doors
from tests.charter.doors import sql, two

__all__ = ["sql", "two"]


Evil = Callable[[dict[str, str]], list[str]]

EVIL = """\
rulebook: evil
name: {en: Evil}
jurisdiction: {en: Nowhere}
uses: [core, cn-national]
in_force: {from: 2020-01-01}
basis: Evil Act, section 1
reference: R0
"""


@pytest.fixture
def evil(tmp_path: Path) -> Evil:
    """A rulebook that somebody adds to those shipped; its errors, as the checker puts them."""

    def check(files: dict[str, str]) -> list[str]:
        root = tmp_path / "rulebooks"
        for book in ("core", "cn-national"):
            shutil.copytree(doors.RULEBOOKS / book, root / book, dirs_exist_ok=True)
        for name, text in {"rulebook.yaml": EVIL, **files}.items():
            path = root / "evil" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return [
            f"{finding.file}: {finding.reason} {finding.remedy}"
            for finding in doors.errors(root)
            if "evil" in finding.file
        ]

    return check
