"""The architecture holds, and each contract bites: an import that breaks it makes the check fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).parent / "lint-imports"

BREAKS = [
    ("rooms", "canon.py", "from probity.ledger import head"),
    ("rooms", "clock/model.py", "from probity.identity import uscc"),
    ("rooms", "rulebook/model.py", "from probity.dossier import fold"),
    ("rooms", "ledger/model.py", "from probity.intake import model"),
    ("rooms", "portal/apps.py", "from probity.cli import main"),
    ("rooms", "utils.py", ""),
    ("rooms", "procedures/verdict.py", "from probity.scoring import evaluate"),
    ("rooms", "scoring/model.py", "from probity.procedures import Verdict"),
    ("rooms", "procedures/kept.py", "from probity.measures import applied"),
    ("rooms", "measures/model.py", "from probity.publication import PublicGrade"),
    ("rooms", "intake/take.py", "from probity.procedures import store"),
    ("django", "rulebook/model.py", "import django"),
    ("django", "scoring/reference.py", "from django.db import connection"),
    ("django", "dossier/fold.py", "import psycopg"),
    ("django", "scoring/outlook/reading.py", "from django.db import connection"),
    ("django", "procedures/kept.py", "from django.db import connection"),
    ("django", "procedures/listing/case.py", "import psycopg"),
    ("django", "measures/apply.py", "import django"),
    ("engines", "portal/apps.py", "import numba"),
    ("engines", "scoring/reasons.py", "import numba"),
    ("spark", "scoring/engines/local.py", "from pyspark.sql import SparkSession"),
]
NAMES = {
    "rooms": "A room imports only rooms below it",
    "django": "Django stays in models, stores and the faces",
    "engines": "Numba stays in the two hot passes",
    "spark": "Spark stays in its engine",
}


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "src" / "probity", folder / "probity", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", folder / ".importlinter")
    return folder


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_house_keeps_its_contracts(copied: Path) -> None:
    checked = lint(copied)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(("contract", "file", "line"), BREAKS)
def test_a_contract_bites(copied: Path, contract: str, file: str, line: str) -> None:
    path = copied / "probity" / file
    before = path.read_text() if path.exists() else None
    try:
        path.write_text(f"{before or ''}\n{line}\n")
        checked = lint(copied)
    finally:
        path.write_text(before) if before is not None else path.unlink()
    assert checked.returncode != 0
    assert NAMES[contract] in checked.stdout
    assert f"{NAMES[contract]} BROKEN" in checked.stdout or "utils" in checked.stdout


def test_every_room_has_a_door_that_says_what_it_promises() -> None:
    for room in sorted((ROOT / "src" / "probity").iterdir()):
        if room.is_dir() and room.name != "__pycache__":
            door = (room / "__init__.py").read_text()
            assert door.startswith('"""'), f"{room.name} does not say what it promises"
            assert len(door.split('"""')[1]) > 60, f"{room.name} says too little"
