"""Every error of ours says what to do."""

from __future__ import annotations

import ast
from pathlib import Path

from probity import errors

SOURCE = Path(__file__).parents[2] / "src" / "probity"
OURS = {name for name in vars(errors) if name.endswith("Error")}


def test_every_error_that_is_raised_carries_a_remedy() -> None:
    silent = []
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Raise) or not isinstance(node.exc, ast.Call):
                continue
            name = getattr(node.exc.func, "id", "")
            if name in OURS and "remedy" not in {keyword.arg for keyword in node.exc.keywords}:
                silent.append(f"{path.relative_to(SOURCE)}:{node.lineno}")
    assert silent == []
