"""What goes wrong is said in words, with the exit code of its kind, whatever is typed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.flow.world import DINER, World

from probity import errors
from probity.cli.main import run
from probity.cli.output import plain
from probity.errors import ProbityError
from probity.rulebook import Law
from probity.service import subject_of

PROBITY = Path(sys.executable).parent / "probity"
CODES = {
    "ProbityError": 1,
    "InputError": 2,
    "IdentifierError": 2,
    "NaturalPersonError": 4,
    "RulebookError": 2,
    "IntakeError": 2,
    "QuestionError": 2,
    "NotFoundError": 3,
    "NotRegisteredError": 3,
    "CharterError": 4,
    "ProcedureError": 4,
    "LedgerError": 5,
    "SnapshotError": 5,
    "StoreError": 6,
}
LONG = "9" * 10_000
ABSURD = ("", " ", ":", "us-sf-business:", "nope:19", "\x1b[31mred\x07", "\u202eabc", "%", "'; --", "[bold]x[/]",
          LONG, "92330106MA2B0K8Y3X", "91330106MA2B0K8Y3X", "-1", "--", "\udcff", "㐀" * 300)  # fmt: skip
DAYS = ("", "yesterday", "2023-02-30", "2023-13-01", "0000-00-00", "20230101", "٢٠٢٣-٠١-٠١", "2023-1-1", LONG)
MOMENTS = (*DAYS, "2999-01-01", "2023-01-01T00:00", "2023-01-01T25:00Z", "0001-01-01T00:00:00+14:00")
TEXTS = [
    ["nonsense"],
    ["file"],
    ["file", "a", "b"],
    ["search", "x", "--limit", "0"],
    ["search", "x", "--limit", LONG],
    ["score"],
    ["score", "--card", "nope", "--as-of", "2018-02-16"],
    ["score", "--card", "", "--as-of", "2018-02-16"],
    ["explain", DINER, "--card", "nope"],
    ["explain", DINER, "--card", ""],
    ["explain", DINER, "--card", "cn-zhejiang-2020/enterprise", "--as-of", "2023-06-30"],
    ["explain", DINER, "--language", "fr"],
    ["identify", "x", "--scheme", "nope"],
    ["serve", "--port", "99999"],
    ["serve", "--host", "nowhere.invalid"],
    ["serve", "--host", ""],
    ["demo", "--port", "x"],
    ["intake", "/nonexistent.csv", "--mapping", "us-sf-food/businesses"],
    ["intake", "/etc/hostname", "--mapping", "nope"],
    ["quarantine", "list", "--batch", "x"],
    ["quarantine", "nope"],
    ["rulebook", "check", "/nonexistent"],
    *(["file", DINER, "--as-of", day] for day in DAYS),
    *(["file", DINER, "--known-at", moment] for moment in MOMENTS),
    *(["explain", DINER, "--as-of", day] for day in DAYS),
    *(["score", "--card", "us-sf-food/lives", "--as-of", day] for day in (*DAYS, "2999-01-01")),
    *([command, text] for command in ("file", "explain", "identify") for text in ABSURD),
    *(["search", text] for text in ABSURD if text not in ("91330106MA2B0K8Y3X", "-1")),
    *(["withdraw", text, "--reason", "x"] for text in ABSURD),
    *(["case", "show", text] for text in ABSURD),
    *(["case", "act", text] for text in (*ABSURD, "/nonexistent.yaml", "/etc") if text != "-"),
    *(["case", "document", "a/b/2024/1", text] for text in ABSURD),
    *(["case", "findings", text] for text in ABSURD),
    *(["correct", text, "--reason", "x", "--set", "a=b"] for text in ABSURD),
]


@pytest.mark.usefixtures("world")
def test_nothing_that_is_typed_gives_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in TEXTS:
        code = run(arguments)
        out, err = capsys.readouterr()
        shown = [argument[:60] for argument in arguments]
        assert code in (2, 3, 4, 6), (shown, out, err)
        assert "Traceback" not in err
        assert "\x1b" not in err
        assert "\u202e" not in err
        assert err.strip(), shown
        assert len(err) < 2_000, shown


def every_error(root: type[ProbityError] = ProbityError) -> list[type[ProbityError]]:
    return [root, *(inner for each in root.__subclasses__() for inner in every_error(each))]


@pytest.mark.parametrize("error", [each for each in every_error() if each.__module__ == errors.__name__])
def test_every_error_has_an_exit_code_and_says_what_where_and_what_to_do(
    error: type[ProbityError], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = {"rule": "R4.7"} if issubclass(error, errors.ProcedureError) else {}
    named = " (R4.7)" if rule else ""

    def fail(*_: object, **__: object) -> None:
        raise error("it is [bold]wrong[/]", where="file.csv:7", remedy="Put it right.", **rule)

    monkeypatch.setattr(sys.modules["probity.cli.main"], "app", fail)
    assert run(["search", "x"]) == CODES[error.__name__] == error.exit_code
    assert capsys.readouterr().err == f"file.csv:7: it is [bold]wrong[/]{named}\n    Put it right.\n"


@pytest.mark.parametrize(
    ("failure", "code", "text"),
    [
        (KeyboardInterrupt(), 130, "stopped"),
        (OSError(28, "No space left on device", "/x"), 6, "/x: No space left"),
        (KeyError("x"), 70, "a fault in Probity itself: KeyError"),
    ],
)
def test_whatever_else_fails(
    failure: BaseException,
    code: int,
    text: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(sys.modules["probity.cli.main"], "app", fail)
    assert run(["search", "x"]) == code
    assert text in capsys.readouterr().err
    if code == 70:
        monkeypatch.setenv("PROBITY_TRACEBACK", "1")
        with pytest.raises(KeyError):
            run(["search", "x"])


def test_a_database_that_stops_in_the_middle(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The server ends the connection after it was opened and before it is asked."""

    def ended(text: str, law: Law) -> str:
        with psycopg.connect(world.url, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        return subject_of(text, law)

    monkeypatch.setattr("probity.cli.files.subject_of", ended)
    assert run(["file", "58"]) == 6
    err = capsys.readouterr().err
    assert "the database failed" in err
    assert "run the same command again" in err


@pytest.mark.parametrize(
    ("variables", "code", "text"),
    [
        ({"DATABASE_URL": "nonsense"}, 6, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/none"}, 6, "cannot be reached"),
        ({"DATABASE_URL": "mysql://x/y"}, 6, "DATABASE_URL"),
        ({"DATABASE_URL": "", "PROBITY_HOME": "/dev/null"}, 6, "/dev/null"),
        ({"PROBITY_RULEBOOKS": "/nonexistent"}, 2, "/nonexistent"),
    ],
)
def test_a_wrong_environment(variables: dict[str, str], code: int, text: str) -> None:
    environment = {**os.environ, **variables}
    done = subprocess.run([PROBITY, "search", "x"], env=environment, capture_output=True, text=True)
    assert done.returncode == code, done.stderr
    assert text in done.stderr
    assert "Traceback" not in done.stderr


def test_arguments_that_are_not_text() -> None:
    done = subprocess.run([PROBITY, "search", b"\xff\xfe"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "argument 2 is not UTF-8 text" in done.stderr


@given(st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_a_terminal_would_obey_is_written_out(text: str) -> None:
    shown = plain(text)
    assert shown.replace("\n", "").isprintable() or not any(
        character < " " or "\x7f" <= character <= "\x9f" for character in shown.replace("\n", "")
    )
    shown.encode()
