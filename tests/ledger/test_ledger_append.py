"""Appending: all or nothing, once, in order, and never changed again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from django.db import DataError, InternalError, ProgrammingError, connection, transaction

from probity.canon import digest
from probity.errors import CharterError, NotFoundError, QuestionError, StoreError
from probity.ledger import (
    Act,
    AlreadyReceived,
    Chunk,
    Draft,
    delivered,
    head,
    prepared,
    receive,
    resolve,
    statement,
    statements,
    stream,
    together,
)

RULEBOOK = "ab" * 32


def batch(name: str) -> str:
    return digest(name.encode())


def chunk(references: Sequence[str], *, first_row: int = 1) -> Chunk:
    return Chunk(
        rows=range(first_row, first_row + len(references)),
        subjects=[f"test:{reference}" for reference in references],
        references=references,
        valid_from=["2020-01-02"] * len(references),
        valid_to=[None] * len(references),
        attributes=[
            {"name": f'Tab\t"quoted", \\ and 中文 {n}', "count": n, "none": None} for n in range(len(references))
        ],
    )


def write(name: str, *chunks: Chunk, generated: bool = False) -> dict[str, object]:
    with receive(
        batch(name), item="test.item", issuer="test", source=name, rulebook=RULEBOOK, generated=generated
    ) as writer:
        for each in chunks:
            writer.write(each)
        return writer.finish({"rows": sum(len(each.rows) for each in chunks)})


def append(name: str, *drafts: Draft) -> None:
    with receive(
        batch(name), item="test.item", issuer="test", source=name, rulebook=RULEBOOK, generated=False
    ) as writer:
        writer.append(drafts)
        writer.finish({})


@pytest.mark.usefixtures("database")
def test_what_is_written_is_read_back_verified() -> None:
    receipt = write("one", chunk(["a", "b"]), chunk(["c"], first_row=3))
    found = [each for block in stream() for each in block]
    assert [each.reference for each in found] == ["a", "b", "c"]
    assert all(each.verified() for each in found)
    assert found[0].attributes == {"name": 'Tab\t"quoted", \\ and 中文 0', "count": 0, "none": None}
    assert (receipt["first_position"], receipt["last_position"]) == (found[0].position, found[2].position)
    assert head().number == found[2].position
    assert statement(found[1].id) == found[1]
    assert statements(["test:b"]) == [found[1]]


@pytest.mark.usefixtures("database")
def test_the_same_batch_twice_changes_nothing() -> None:
    first = write("one", chunk(["a"]))
    with pytest.raises(AlreadyReceived) as refused:
        write("one", chunk(["a"]))
    assert refused.value.receipt == first
    assert sum(len(block) for block in stream()) == 1


@pytest.mark.usefixtures("database")
def test_a_batch_that_is_left_unfinished_leaves_no_trace() -> None:
    with (
        pytest.raises(ZeroDivisionError),
        receive(
            batch("one"), item="i.j", issuer="test", source="one", rulebook=RULEBOOK, generated=False
        ) as writer,
    ):
        writer.write(chunk(["a"]))
        raise ZeroDivisionError
    with receive(
        batch("two"), item="i.j", issuer="test", source="t", rulebook=RULEBOOK, generated=False
    ) as writer:
        writer.write(chunk(["a"]))
    assert head().number == 0
    assert list(stream()) == []
    write("one", chunk(["a"]))
    assert sum(len(block) for block in stream()) == 1


@pytest.mark.usefixtures("database")
def test_existing_finds_earlier_batches_and_earlier_chunks() -> None:
    write("one", chunk(["a", "b"]))
    with receive(
        batch("two"), item="test.item", issuer="test", source="two", rulebook=RULEBOOK, generated=False
    ) as writer:
        assert set(writer.existing(["a", "x"])) == {"a"}
        writer.write(chunk(["x"]))
        assert set(writer.existing(["x", "y"])) == {"x"}
    with receive(
        batch("three"), item="other.item", issuer="test", source="three", rulebook=RULEBOOK, generated=False
    ) as writer:
        assert writer.existing(["a", "x"]) == {}
        writer.write(chunk(["x"]))
        assert set(writer.existing(["x", "y"])) == {"x"}


@pytest.mark.usefixtures("database")
def test_a_withdrawn_record_may_be_stated_again() -> None:
    write("one", chunk(["a"]))
    (first,) = statements(["test:a"])
    append("two", Draft("test:a", "test.item", "test", "a", date(2020, 1, 2), act=Act.WITHDRAW, target=first.id))
    with receive(
        batch("three"), item="test.item", issuer="test", source="three", rulebook=RULEBOOK, generated=False
    ) as writer:
        assert writer.existing(["a"]) == {}


@pytest.mark.usefixtures("database")
def test_known_at_is_a_position_and_the_future_cannot_be_asked() -> None:
    write("one", chunk(["a"]))
    first = head()
    write("two", chunk(["b"]))
    second = head()
    assert second.known_at > first.known_at
    assert resolve(first.known_at).number == first.number
    assert resolve(second.known_at - timedelta(microseconds=1)).number == first.number
    assert resolve(None) == second
    assert resolve(datetime(2000, 1, 1, tzinfo=UTC)).number == 0
    with pytest.raises(QuestionError, match="future"):
        resolve(datetime.now(UTC) + timedelta(seconds=5))


@pytest.mark.usefixtures("database")
def test_an_empty_delivery_is_a_delivery() -> None:
    assert delivered(head(), ["test.item", "other"]) == frozenset()
    write("empty")
    assert delivered(head(), ["test.item", "other"]) == {"test.item"}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("table", ["ledger_statement", "ledger_batch"])
@pytest.mark.parametrize("command", ["UPDATE {} SET issuer = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("role", ["origin", "replica"])
def test_nobody_changes_what_was_written(table: str, command: str, role: str) -> None:
    write("one", chunk(["a"]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() == (True,):
            cursor.execute(f"SET session_replication_role = {role}")
        with pytest.raises((InternalError, ProgrammingError), match="is refused"), transaction.atomic():
            cursor.execute(command.format(table))
        cursor.execute("RESET session_replication_role")
    assert statements(["test:a"])[0].verified()


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "subject",
    ["cn-uscc:92330100MA2B0K8Y3T", "mx-rfc:GODE561231GR8", "nobody", "", ":1"],
)
def test_the_database_takes_no_person_and_no_stray_subject(subject: str) -> None:
    with pytest.raises(CharterError):
        append("one", Draft(subject, "test.item", "test", "a", date(2020, 1, 2)))
    assert head().number == 0


@pytest.mark.usefixtures("database")
def test_an_end_before_the_beginning_is_refused() -> None:
    with pytest.raises(CharterError):
        append("one", Draft("test:a", "test.item", "test", "a", date(2020, 1, 2), valid_to=date(2020, 1, 1)))


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("id_", ["", "zz", "ab" * 32, "'; DROP TABLE ledger_statement", "AB" * 32])
def test_an_unknown_statement_is_not_found(id_: str) -> None:
    with pytest.raises(NotFoundError):
        statement(id_)


def test_two_writers_take_turns(database: str) -> None:
    with receive(batch("one"), item="i.j", issuer="t", source="one", rulebook=RULEBOOK, generated=False):
        with psycopg.connect(database) as other:
            (free,) = other.execute("SELECT pg_try_advisory_xact_lock(1886547810)").fetchone() or (None,)
        assert free is False


def test_a_batch_does_not_wait_for_ever(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("probity.ledger.store.append.PATIENCE", "50ms")
    with psycopg.connect(database) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [0x70726F62])
        with pytest.raises(StoreError, match="another batch"):
            write("one", chunk(["a"]))
    write("one", chunk(["a"]))


def test_what_fails_of_a_prepared_command_is_an_error_of_the_database_as_any_other(database: str) -> None:
    with pytest.raises(DataError, match="division by zero"), transaction.atomic():
        prepared("SELECT 1 / %s", [0])
    assert prepared("SELECT %s::int", [7]).fetchone() == (7,)


def test_commands_sent_together_go_with_the_outermost_block(database: str) -> None:
    with together():
        first = prepared("SELECT 1")
        with together():
            second = prepared("SELECT 2")
        assert first.pgresult is None  # nothing was waited for
        assert connection.connection.info.pipeline_status
        assert second.fetchone() == (2,)
    assert not connection.connection.info.pipeline_status
    assert first.fetchone() == (1,)


def test_what_fails_of_commands_sent_together_is_an_error_of_the_database_as_any_other(database: str) -> None:
    with pytest.raises(DataError, match="division by zero"), transaction.atomic(), together():
        prepared("SELECT 1 / %s", [0])
        prepared("SELECT 1")
    assert prepared("SELECT %s::int", [7]).fetchone() == (7,)


def test_what_a_batch_says_is_committed_at_its_end_and_by_nobody_else(database: str) -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        write("one", chunk(["a"]))
    assert head().number == 0
