"""A snapshot says what the ledger says: at every position, however it was made, whoever was killed meanwhile."""

from __future__ import annotations

import os
import random
import resource
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pyarrow.compute as pc
import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from probity import dossier, ledger
from probity.errors import StoreError
from probity.identity import compose
from probity.ledger import Act, Draft, Position, Value
from probity.rulebook import Status, load
from probity.scoring import facts
from probity.scoring.snapshot import Snapshot, SnapshotSource, make_snapshot, snapshot_differences
from probity.scoring.snapshot import manifest as manifests
from probity.scoring.snapshot.arrays import MISSING, NO_END
from probity.scoring.snapshot.fold import Files, fold
from probity.scoring.snapshot.layout import write
from probity.scoring.tables import EPOCH, STATUSES
from probity.service.settings import database as described

LAW = load(Path(__file__).parents[2] / "rulebooks")
FIRST = date(2018, 1, 1)
DAYS = st.dates(FIRST - timedelta(days=1), date(2023, 12, 31))
SUBJECTS = (
    *(f"us-sf-business:{n}" for n in range(3)),
    *(
        f"cn-uscc:{compose(begins[0], begins[1], '330106', f'{n:08d}')}"
        for n, begins in enumerate(("91", "51", "12", "11") * 2)
    ),
    "lei:529900T8BM49AURSDO55",
)
RECORDS: dict[str, Callable[[random.Random], dict[str, Value]]] = {
    "penalty.administrative": lambda chance: {
        "severity": chance.choice(["minor", "general", "serious"]),
        "fine": chance.choice([None, 0, 5_000_000]),
        "conduct": '晚报\u2028 ["x"]',
    },
    "honour.award": lambda chance: {"level": chance.choice(["national", "province", None])},
    "charity.donation": lambda chance: {"amount": chance.randrange(2**53)},
    "tax.non-normal": lambda chance: {},
}
MARKS = ("objection.lodged", "objection.closed", "repair.granted")


@dataclass
class Town:
    """A ledger of a few organisations, written past the admission: whatever it could ever hold is in it."""

    address: str
    chance: random.Random
    stated: list[tuple[str, Draft]] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)
    place: dict[str, int] = field(default_factory=dict)

    def say(self, *drafts: Draft, generated: bool = False) -> None:
        """One batch."""
        content = sha256(repr((len(self.positions), drafts)).encode()).hexdigest()
        with ledger.receive(
            content, item=drafts[0].item, issuer="registry", source="x", rulebook=LAW.hash, generated=generated
        ) as writer:
            ids = writer.append(drafts)
            writer.settle()
            dossier.follow(writer.first, LAW, generated=writer.generated)
            self.place |= {id_: writer.first + n for n, id_ in enumerate(ids)}
            writer.finish({"rows": len(drafts)})
        self.stated += zip(ids, drafts, strict=True)
        self.positions.append(ledger.head())

    def day(self) -> date:
        return FIRST + timedelta(days=self.chance.randrange(6 * 365))

    def draft(self, subject: str, item: str, **more: object) -> Draft:
        said = {"valid_from": self.day(), "reference": str(self.chance.random()), "issuer": "registry", **more}
        return Draft(subject=subject, item=item, **said)  # type: ignore[arg-type]

    def register(self, subject: str) -> Draft:
        attributes: dict[str, Value] = {"name": '晚 ["x"]', "region": self.chance.choice([None, "上城区", "SF"])}
        if self.chance.random() < 0.3:
            attributes["kind"] = self.chance.choice(["unincorporated", "public-institution"])
        return self.draft(subject, "register.organisation", attributes=attributes)

    def step(self) -> None:
        """Something happens."""
        subject = self.chance.choice(SUBJECTS)
        mine = [(id_, draft) for id_, draft in self.stated if draft.subject == subject]
        dice = self.chance.random()
        if dice < 0.15 or not mine:
            self.say(self.register(subject), generated=self.chance.random() < 0.2)
        elif dice < 0.5:
            item = self.chance.choice(list(RECORDS))
            some = [self._record(self.chance.choice(SUBJECTS), item) for _ in range(self.chance.randint(1, 4))]
            self.say(*some)
        elif dice < 0.7:
            id_, _ = self._aim(mine)
            self.say(self.draft(subject, self.chance.choice(MARKS), target=id_))
        else:
            self._again(*self._aim(mine))

    def _aim(self, mine: list[tuple[str, Draft]]) -> tuple[str, Draft]:
        """Often at the same record, often at what was said last."""
        records = [each for each in mine if each[1].item in RECORDS]
        aims = [mine, mine[-2:], records[:1] or mine]
        return self.chance.choice(self.chance.choice(aims))

    def _record(self, subject: str, item: str) -> Draft:
        day = self.day()
        until = day + timedelta(days=self.chance.randrange(900)) if self.chance.random() < 0.3 else None
        attributes = RECORDS[item](self.chance)
        return self.draft(subject, item, valid_from=day, valid_to=until, attributes=attributes)

    def _again(self, id_: str, draft: Draft) -> None:
        """A correction or a withdrawal, of whatever it is."""
        if self.chance.random() < 0.4:
            self.say(replace(draft, act=Act.WITHDRAW, target=id_, attributes={}, valid_to=None))
            return
        make = RECORDS.get(draft.item, lambda _: dict(draft.attributes))
        self.say(replace(draft, act=Act.CORRECT, target=id_, valid_from=self.day(), valid_to=None,
                         attributes=make(self.chance)))  # fmt: skip


@pytest.fixture(scope="module")
def town(server: str, template: str) -> Iterator[Town]:
    """One for all tests; what some of them add does the others no harm."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS probity_town WITH (FORCE)")
        connection.execute(f"CREATE DATABASE probity_town TEMPLATE {template}")
    town = Town(psycopg.conninfo.make_conninfo(server, dbname="probity_town"), random.Random(5))
    connections["default"].close()
    connections["default"].settings_dict.update(described(town.address), CONN_MAX_AGE=None)
    for subject in SUBJECTS[:4]:
        town.say(town.register(subject))
    for _ in range(220):
        town.step()
    town.say(town.draft("register", "system.scoring-run", attributes={"card": "x"}))
    yield town
    connections["default"].close()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE probity_town WITH (FORCE)")


@pytest.fixture
def source(town: Town) -> Iterator[SnapshotSource]:
    with dossier.columns(town.address) as columns:
        yield replace(SnapshotSource.of(columns, LAW), span=4, stretch=100)


holds = settings(suppress_health_check=list(HealthCheck), max_examples=8)


def made(folder: Path, source: SnapshotSource, *cuts: Position) -> Snapshot:
    """A snapshot, made up to each of some positions in turn, and then to the end."""
    for cut in cuts:
        make_snapshot(folder, source, upto=source.ledger.end_at(cut, sorted(source.reading.registers)))
    make_snapshot(folder, source)
    return Snapshot.open(folder)


# -- what it says -----------------------------------------------------------------------------------

Said = dict[int, tuple[str, str, list[Any]]]


def by_dossier(town: Town, day: date, position: Position) -> Said:
    """Scheme, kind and records of everyone in the register, as the dossier gives them."""
    found: Said = {}
    plan = SnapshotSource.of(None, LAW).reading.plan  # type: ignore[arg-type]
    for ordinal, file in dossier.every_file(LAW, true_on=day, position=position):
        records = [
            (
                town.place[fact.record],
                fact.item,
                {
                    name: value
                    for name in plan[fact.item].texts
                    if (value := fact.attributes.get(name)) is not None
                },
                fact.day,
                fact.until,
                tuple(fact.attributes.get(name) for name in plan[fact.item].numbers),
                record.status,
            )
            for fact, record in zip(facts(file), file.records, strict=True)
            if fact.item in plan
        ]
        found[ordinal] = (file.scheme, file.kind.value, sorted(records, key=lambda each: each[0]))
    return found


def by_snapshot(snapshot: Snapshot, day: date, position: Position) -> Said:
    """The same by the snapshot."""
    found: Said = {}
    for part in snapshot.parts:
        files = fold(snapshot, part, day, position)
        for n, ordinal in enumerate(files.organisation.tolist()):
            if files.registered[n] >= 0:
                scheme = snapshot.manifest.schemes[files.scheme[n]]
                kind = snapshot.manifest.organisation_kinds[files.registered[n]]
                found[ordinal] = (scheme, kind, said_of(snapshot, files, n, day))
    return found


def said_of(snapshot: Snapshot, files: Files, n: int, day: date) -> list[Any]:
    records = []
    for row in range(files.offsets[n], files.offsets[n + 1]):
        if files.day[row] > day.toordinal() - EPOCH:
            continue
        assert files.until is not None
        assert files.record is not None
        kind = snapshot.manifest.kinds[files.kind[row]]
        numbers = [int(numbers[row]) for numbers in files.numbers if numbers is not None]
        numbers = numbers[: len(snapshot.manifest.plan[kind.item].numbers)]
        records.append(
            (
                int(files.record[row]),
                kind.item,
                dict(kind.attributes),
                date.fromordinal(int(files.day[row]) + EPOCH),
                None if files.until[row] == NO_END else date.fromordinal(int(files.until[row]) + EPOCH),
                tuple(None if number == MISSING else number for number in numbers),
                STATUSES[files.status[row]],
            )
        )
    return records


def test_at_any_two_times_it_says_what_the_dossier_says(
    town: Town, source: SnapshotSource, tmp_path: Path
) -> None:
    snapshot = made(tmp_path / "s", source)
    assert snapshot.verify() == []
    assert len(snapshot.parts) > 2
    assert {"past", "marks"} <= {name for part in snapshot.manifest.parts for name in part.files}
    seen: set[Status] = set()

    @given(DAYS, st.sampled_from(town.positions))
    @settings(holds, max_examples=40)
    def agree(day: date, position: Position) -> None:
        files = by_dossier(town, day, position)
        assert by_snapshot(snapshot, day, position) == files
        assert snapshot.position(position.known_at) == ledger.resolve(position.known_at)
        seen.update(record[-1] for _, _, records in files.values() for record in records)

    agree()
    day = date(2024, 1, 1)
    assert by_snapshot(snapshot, day, town.positions[-1]) == by_dossier(town, day, town.positions[-1])
    assert len(seen) == 4, "active, contested, repaired and withdrawn were all there"
    items = {item.item for item in LAW.items}
    for position in town.positions[::60]:
        assert snapshot.delivered(position, items) == ledger.delivered(position, items)


def test_made_in_steps_it_is_the_same_bytes(town: Town, source: SnapshotSource, tmp_path: Path) -> None:
    whole = made(tmp_path / "whole", source).manifest.hash
    folders = (tmp_path / f"s{n}" for n in range(1000))

    @given(st.lists(st.sampled_from(town.positions), max_size=4), st.integers(60, 500))
    @holds
    def same(cuts: list[Position], stretch: int) -> None:
        cuts.sort(key=lambda cut: cut.number)
        assert made(next(folders), replace(source, stretch=stretch), *cuts).manifest.hash == whole

    same()


def test_only_what_is_new_is_read_and_only_where_it_is_written(
    town: Town, source: SnapshotSource, tmp_path: Path
) -> None:
    before = make_snapshot(tmp_path / "s", source)
    assert (before.anew, before.kept, before.written) == (None, 0, len(before.manifest.parts))
    same = make_snapshot(tmp_path / "s", source)
    assert (same.statements, same.written, same.manifest) == (0, 0, before.manifest)
    town.say(town.draft(SUBJECTS[0], "tax.non-normal"))
    after = make_snapshot(tmp_path / "s", source)
    assert (after.statements, after.written, after.kept) == (1, 1, len(before.manifest.parts) - 1)
    assert after.manifest.parts[1:] == before.manifest.parts[1:]
    names = {path.name for path in (tmp_path / "s").iterdir()}
    assert names == {file.name for file in after.manifest.files} | {"manifest.json", "lock"}


def test_under_another_law_it_is_made_anew(source: SnapshotSource, tmp_path: Path) -> None:
    make_snapshot(tmp_path / "s", source)
    plan = {**source.reading.plan}
    plan["penalty.administrative"] = plan["penalty.administrative"].model_copy(update={"texts": ()})
    other = replace(source, reading=replace(source.reading, plan=plan))
    again = make_snapshot(tmp_path / "s", other)
    assert "the law" in str(again.anew)
    assert not any(kind.item == "penalty.administrative" and kind.attributes for kind in again.manifest.kinds)
    assert make_snapshot(tmp_path / "s", other).anew is None
    renamed = make_snapshot(tmp_path / "s", replace(other, rulebook_hash="ab" * 32))
    assert (renamed.manifest.rulebook_hash, renamed.written) == ("ab" * 32, 0)


def test_an_altered_one_is_made_anew(source: SnapshotSource, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    before = make_snapshot(folder, source).manifest
    for harm in (Path.unlink, lambda path: path.write_bytes(b""), lambda path: flip(path, 100)):
        harm(folder / before.parts[1].files["records"].name)
        again = make_snapshot(folder, source)
        assert before.parts[1].files["records"].name in str(again.anew)
        assert again.manifest == before
        assert Snapshot.open(folder).verify() == []
    (folder / "manifest.json").write_text('{"format": "probity-snapshot", "version": 0}')
    assert "version" in str(make_snapshot(folder, source).anew)


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_what_differs_from_the_ledger_is_named(source: SnapshotSource, tmp_path: Path) -> None:
    right, other = made(tmp_path / "right", source), made(tmp_path / "other", source)
    assert snapshot_differences(other, right) == []
    parts = list(other.manifest.parts)
    parts[2] = parts[2].model_copy(update={"files": {**parts[2].files, "marks": parts[1].files["marks"]}})
    wrong = other.manifest.model_copy(update={"parts": tuple(parts), "first_day": "1999-01-01"})
    found = snapshot_differences(replace(other, manifest=wrong), right)
    assert len(found) == 2
    assert "first_day" in found[0]
    assert parts[1].files["marks"].name in found[1]


# -- whatever happens meanwhile ---------------------------------------------------------------------


def in_a_process(act: Callable[[], None]) -> int:
    """Run it in a process of its own; its exit code (128 and the signal, where one ended it)."""
    if not (child := os.fork()):
        try:
            act()
            os._exit(0)
        except StoreError as error:
            os._exit(3 if "goes on" in str(error.remedy) else 4)
        except BaseException:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


def dying_at(point: int, folder: Path, address: str, like: SnapshotSource) -> None:
    """Make the snapshot, and be killed just before the ``point``-th file is made to last."""
    left, durable = iter(range(point)), os.fsync

    def fsync(handle: int) -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        durable(handle)

    os.fsync = fsync
    with dossier.columns(address) as columns:
        make_snapshot(folder, replace(like, ledger=columns))


def test_killed_at_any_point_it_goes_on_to_the_same_bytes(
    town: Town, source: SnapshotSource, tmp_path: Path
) -> None:
    whole = made(tmp_path / "whole", source)
    chance, killed = random.Random(11), 0
    for attempt in range(6):
        folder = tmp_path / f"s{attempt}"
        if attempt % 2:  # half of them on top of one that was there
            end = source.ledger.end_at(town.positions[60], sorted(source.reading.registers))
            make_snapshot(folder, source, upto=end)
        for point in (chance.randrange(20), chance.randrange(8)):
            code = in_a_process(lambda p=point, f=folder: dying_at(p, f, town.address, source))  # type: ignore[misc]
            assert code in (0, 128 + signal.SIGKILL)
            killed += code > 0
        assert made(folder, source).manifest.hash == whole.manifest.hash
        assert Snapshot.open(folder).verify() == []
        assert len(list(folder.iterdir())) == len(list(whole.folder.iterdir()))
    assert killed > 8


def test_what_was_done_is_not_done_again(town: Town, source: SnapshotSource, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    assert in_a_process(lambda: dying_at(12, folder, town.address, source)) == 128 + signal.SIGKILL
    done = {path: path.stat().st_mtime_ns for path in folder.rglob("*.arrow")}
    town.say(town.draft(SUBJECTS[0], "tax.non-normal"))  # the ledger has gone on
    told: list[tuple[str, int]] = []

    class Watched(dossier.Columns):
        def __init__(self) -> None:
            super().__init__(source.ledger._connection)

        def statements(self, *args: object, after: int, upto: int) -> object:  # type: ignore[override]
            told.append((str(after), upto))
            return super().statements(*args, after=after, upto=upto)  # type: ignore[arg-type]

    whole = made(tmp_path / "whole", source)
    again = make_snapshot(folder, replace(source, ledger=Watched()))
    assert (bool(done), again.manifest) == (True, whole.manifest)
    assert not {f"{after}-{upto}.arrow" for after, upto in told} & {path.name for path in done}


def test_a_full_disk_is_an_error_and_then_it_goes_on(town: Town, source: SnapshotSource, tmp_path: Path) -> None:
    folder = tmp_path / "s"

    def in_no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (6_000, 6_000))
        with dossier.columns(town.address) as columns:
            make_snapshot(folder, replace(source, ledger=columns))

    assert in_a_process(in_no_room) == 3
    assert not (folder / "manifest.json").exists()
    assert made(folder, source).verify() == []


def test_a_database_that_cannot_be_reached() -> None:
    with pytest.raises(StoreError, match="the database failed"), dossier.columns("postgresql://127.0.0.1:1/none"):
        pass


def test_another_ledger_is_noticed(town: Town, source: SnapshotSource, tmp_path: Path) -> None:
    before = make_snapshot(tmp_path / "s", source).manifest
    batches = Snapshot.open(tmp_path / "s").batches
    other = batches.set_column(3, batches.schema.field("item"), pc.utf8_upper(batches["item"]))
    write(other, tmp_path / "other.parquet")
    file = manifests.described(tmp_path / "other.parquet", len(other))
    (tmp_path / "other.parquet").rename(tmp_path / "s" / file.name)
    before.model_copy(update={"batches": file}).write(tmp_path / "s")
    assert "another ledger" in str(make_snapshot(tmp_path / "s", source).anew)


def test_of_an_empty_ledger(database: str, tmp_path: Path) -> None:
    with dossier.columns(database) as columns:
        empty = make_snapshot(tmp_path / "s", SnapshotSource.of(columns, LAW))
        assert (empty.manifest.position, empty.manifest.parts) == (0, ())
        assert Snapshot.open(tmp_path / "s").verify() == []
        assert Snapshot.open(tmp_path / "s").position(None).number == 0
        town = Town(database, random.Random(1))
        town.say(town.register(SUBJECTS[0]))
        assert make_snapshot(tmp_path / "s", SnapshotSource.of(columns, LAW)).written == 1
