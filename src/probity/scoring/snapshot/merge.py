"""A part as it was, and what was stated since, made into the part as it is.

However the statements are cut into stretches, the same statements give the same tables.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from probity.rulebook import Effect
from probity.scoring.snapshot.arrays import (
    MISSING,
    NEVER,
    NO_END,
    Column,
    Columns,
    chosen,
    plain,
    plain_columns,
    stacked,
    table_of,
)
from probity.scoring.snapshot.layout import (
    ACTS,
    CLASSES,
    MARKS,
    NAMES,
    NUMBERS,
    ORGANISATIONS,
    ORIGINS,
    PAST,
    RECORDS,
    REGISTRATIONS,
    SPAN,
    TABLES,
)
from probity.scoring.snapshot.plan import Reading
from probity.scoring.snapshot.rows import CORRECT, EFFECTS, STATE, WITHDRAW

Tables = Mapping[str, pa.Table]
"""The tables of a part, by the names of ``layout.TABLES``."""

_BITS = 44
"""Of a position: with the place of an organisation in its part it fits into one whole number."""

_ACT_OF = {Effect.CONTESTS: "contests", Effect.SETTLES: "settles", Effect.REPAIRS: "repairs"}
_SAID = ["organisation", "kind", "day", "until", *NUMBERS]
_ORIGIN = ["record", "known"]
_VERSION = [*_SAID, *_ORIGIN]


def nothing() -> Tables:
    """The tables of a part that nothing was stated about."""
    return {name: schema.empty_table() for name, schema in TABLES.items()}


def merge(old: Tables, said: pa.Table, newcomers: pa.Table, reading: Reading) -> Tables:
    """The tables of a part after ``said`` (rows of ``ROWS``, in the order of the ledger).

    ``newcomers``: the ordinals and subjects that the register gained in this part, in order. The statements about
    them are all in ``said``.
    """
    new = plain_columns(said, ["organisation", "position", "act", "effect", "kept", "kind", "day", "until"])
    new |= plain_columns(said, [*NUMBERS, "about", "generated"])
    new["record"] = np.where(new["act"] == STATE, new["position"], new["about"])
    new["stated"] = said["stated"].fill_null(-1).to_numpy()
    new["row"] = np.arange(len(said))
    records, past = _records(old, new)
    marks = _marks(old, new, records, past)
    people = pa.concat_tables([old["names"].select(["organisation", "subject"]), newcomers])
    registrations = _registrations(old, new, said, people, reading)
    newest = _newest(registrations, people)
    return {
        "records": table_of(records, RECORDS),
        "origins": table_of(records, ORIGINS),
        "past": table_of(past, PAST),
        "marks": table_of(marks, MARKS),
        "registrations": registrations,
        "organisations": _organisations(old, new, people, records, registrations, newest, reading),
        "names": _names(people, registrations, newest),
    }


def _place(organisation: Column, record: Column) -> NDArray[np.int64]:
    """Organisation and record as one number, in the order of both within a part."""
    return (organisation.astype(np.int64) % SPAN << _BITS) | record


def _records(old: Tables, new: Columns) -> tuple[Columns, Columns]:
    """Records as they speak now, and what they said before."""
    stated = chosen(new, new["kept"] & (new["act"] != WITHDRAW) & (new["record"] > 0))
    stated["known"] = stated["position"]
    # What is known of one record comes in the order of its positions: past, present, then what is new.
    versions = stacked(
        plain_columns(old["past"], _VERSION),
        plain_columns(old["records"], _SAID) | plain_columns(old["origins"], _ORIGIN),
        {name: stated[name] for name in _VERSION},
    )
    place = _place(versions["organisation"], versions["record"])
    order = np.argsort(place, kind="stable")
    versions, place = chosen(versions, order), place[order]
    speaks = np.append(place[1:] != place[:-1], True)[: len(place)]
    versions["superseded"] = np.append(versions["known"][1:], NEVER)[: len(place)]
    return chosen(versions, speaks), chosen(versions, ~speaks)


def _standing(first: Column, known: Column, ended: Columns) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which versions ever stood, and until when, where a later version or a withdrawal supersedes the one before.

    Versions lie by ``first`` and ``known``; ``ended`` holds the ``first`` and ``known`` of withdrawals.
    """
    end = np.full(len(first), NEVER)
    after = np.flatnonzero(first[1:] == first[:-1])
    end[after] = known[after + 1]
    order = np.lexsort((ended["known"], ended["first"]))
    firsts, at = np.unique(ended["first"][order], return_index=True)
    withdrawn = np.full(len(first), NEVER)
    if len(firsts):
        found = np.minimum(np.searchsorted(firsts, first), len(firsts) - 1)
        withdrawn = np.where(firsts[found] == first, ended["known"][order][at][found], NEVER)
    return known < withdrawn, np.minimum(end, withdrawn)


def _ended(versions: Columns) -> Columns:
    """Withdrawals as they show in versions that lie by ``first`` and ``known``: nothing stands after the last."""
    first, superseded = versions["first"], versions["superseded"]
    last = np.append(first[1:] != first[:-1], True)[: len(first)] & (superseded != NEVER)
    return {"first": first[last], "known": superseded[last]}


def _marks(old: Tables, new: Columns, records: Columns, past: Columns) -> Columns:
    """What became of the records. Numbers them anew, in ``records`` and ``past`` too."""
    place = _place(records["organisation"], records["record"])
    marks = _marking(old, new)
    at = np.searchsorted(place, marks["place"])
    at[at == len(place)] = 0
    real = place[at] == marks["place"] if len(place) else np.zeros(len(at), np.bool_)
    marks, at = chosen(marks, real), at[real]
    marked = np.unique(at)
    records["marks"] = np.zeros(len(place), np.int32)
    records["marks"][marked] = np.arange(1, len(marked) + 1)
    past["marks"] = records["marks"][np.searchsorted(place, _place(past["organisation"], past["record"]))]
    marks["marks"] = records["marks"][at]
    return chosen(marks, np.lexsort([marks[name] for name in ("known", "first", "day", "marks")]))


def _marking(old: Tables, new: Columns) -> Columns:
    """Every act upon a record in every version that ever stood, with the place of its record."""
    acts = np.full(len(EFFECTS), -1, np.int8)
    for effect, act in _ACT_OF.items():
        acts[EFFECTS.index(effect)] = ACTS.index(act)
    new = {**new, "first": new["record"], "known": new["position"], "mark": acts[new["effect"]]}
    new["superseded"] = np.full(len(new["first"]), NEVER)
    withdraws = chosen(new, new["kept"] & (new["act"] == WITHDRAW))
    withdraws |= {
        "place": _place(withdraws["organisation"], withdraws["record"]),
        "first": withdraws["position"],
        "act": np.full(len(withdraws["position"]), ACTS.index("withdraws"), np.int8),
    }
    aimed = chosen(new, (new["mark"] >= 0) & (new["act"] != WITHDRAW) & (new["first"] > 0))
    aimed["place"] = np.where(aimed["act"] == STATE, _place(aimed["organisation"], aimed["about"]), MISSING)
    aimed["act"] = aimed["mark"]
    before = _marked_before(old)
    ended = stacked(
        {name: new[name][(new["mark"] >= 0) & (new["act"] == WITHDRAW)] for name in ("first", "known")},
        _ended(before),
    )
    names = list(before)
    all_ = stacked(before, *({name: each[name] for name in names} for each in (aimed, withdraws)))
    all_ = chosen(all_, np.lexsort((all_["known"], all_["first"])))
    starts = np.append(True, all_["first"][1:] != all_["first"][:-1])[: len(all_["first"])]
    all_["place"] = all_["place"][np.maximum.accumulate(np.where(starts, np.arange(len(starts)), 0))]
    stood, all_["superseded"] = _standing(all_["first"], all_["known"], ended)
    return chosen(all_, stood)


def _marked_before(old: Tables) -> Columns:
    """The marks there were, each with the place of its record, by ``first`` and ``known``."""
    marks = plain_columns(old["marks"])
    number = plain(old["records"], "marks")
    marked = np.flatnonzero(number)
    places = np.zeros(len(marked) + 1, np.int64)
    places[number[marked]] = _place(
        plain(old["records"], "organisation")[marked], plain(old["origins"], "record")[marked]
    )
    found = {
        "place": places[marks["marks"]],
        **{name: marks[name] for name in ("act", "day", "first", "known", "superseded")},
    }
    return chosen(found, np.lexsort((found["known"], found["first"])))


def _registrations(old: Tables, new: Columns, said: pa.Table, people: pa.Table, reading: Reading) -> pa.Table:
    registers = new["effect"] == EFFECTS.index(Effect.REGISTERS)
    subjects = people["subject"].combine_chunks()
    told = reading.told(subjects, reading.scheme_of(subjects))
    first = plain(people, "organisation")[0] if len(people) else 0
    stated = chosen(new, registers & (new["act"] <= CORRECT) & (new["record"] > 0))
    by_code = told[stated["organisation"] - first]
    stated |= {
        "known": stated["position"],
        "superseded": np.full(len(stated["position"]), NEVER),
        "kind": np.where(stated["stated"] >= 0, stated["stated"], by_code),
    }
    names = ["organisation", "record", "known", "superseded", "day", "kind"]
    before = plain_columns(old["registrations"], names)
    versions = stacked(before, {name: stated[name] for name in names})
    order = np.lexsort((versions["known"], versions["record"]))
    versions = {**chosen(versions, order), "first": versions["record"][order]}
    withdrawn = registers & (new["act"] == WITHDRAW)
    ended = stacked(
        {"first": new["record"][withdrawn], "known": new["position"][withdrawn]}, _ended_before(before)
    )
    stood, versions["superseded"] = _standing(versions["first"], versions["known"], ended)
    rows = np.flatnonzero(stood)
    rows = rows[np.lexsort([versions[name][rows] for name in ("known", "day", "organisation")])]
    classes = pa.concat_tables([_texts(old["registrations"]), _texts(said.take(pa.array(stated["row"])))])
    return _with_classes(chosen(versions, rows), classes.take(pa.array(order[rows])), REGISTRATIONS)


def _ended_before(before: Columns) -> Columns:
    order = np.lexsort((before["known"], before["record"]))
    return _ended({"first": before["record"][order], "superseded": before["superseded"][order]})


def _newest(registrations: pa.Table, people: pa.Table) -> NDArray[np.int64]:
    """By organisation: the row of its newest registration that stands; -1: none."""
    newest = np.full(len(people), -1)
    alive = np.flatnonzero(plain(registrations, "superseded") == NEVER)
    newest[_own(registrations, people)[alive]] = alive
    return newest


def _own(table: pa.Table, people: pa.Table) -> NDArray[np.int64]:
    """The places of a table's organisations among the people of the part."""
    organisation = plain(table, "organisation").astype(np.int64)
    return organisation - plain(people, "organisation")[0] if len(organisation) else organisation


def _organisations(
    old: Tables,
    new: Columns,
    people: pa.Table,
    records: Columns,
    registrations: pa.Table,
    newest: NDArray[np.int64],
    reading: Reading,
) -> pa.Table:
    organisation, count = plain(people, "organisation"), len(people)
    first = organisation[0] if count else 0
    generated = np.zeros(count, np.bool_)
    before = plain(old["organisations"], "generated")
    generated[: len(before)] = before
    generated[new["organisation"][new["generated"]] - first] = True
    alive = np.flatnonzero(plain(registrations, "superseded") == NEVER)
    since = np.full(count, NO_END)
    np.minimum.at(since, _own(registrations, people)[alive], plain(registrations, "day")[alive])
    columns = {
        "organisation": organisation,
        "scheme": reading.scheme_of(people["subject"].combine_chunks()),
        "kind": _at(plain(registrations, "kind"), newest, -1),
        "registered": _at(plain(registrations, "day"), newest, NO_END),
        "since": since,
        "generated": generated,
        "records": np.bincount(records["organisation"] - first, minlength=count),
    }
    return table_of(columns, ORGANISATIONS)


def _at(values: Column, rows: NDArray[np.int64], none: int) -> Column:
    """The values of some rows, and ``none`` where the row is -1."""
    return np.where(rows < 0, none, values[rows] if len(values) else none)


def _names(people: pa.Table, registrations: pa.Table, newest: NDArray[np.int64]) -> pa.Table:
    classes = _texts(registrations).take(pa.array(newest, mask=newest < 0))
    columns = {"organisation": plain(people, "organisation"), "subject": people["subject"].combine_chunks()}
    return _with_classes(columns, classes, NAMES)


def _texts(table: pa.Table) -> pa.Table:
    """The classes as plain texts: numbers of a dictionary mean something in their own table only."""
    return pa.table({name: table[name].cast(pa.string()) for name in CLASSES})


def _with_classes(columns: Mapping[str, Column | pa.Array], classes: pa.Table, schema: pa.Schema) -> pa.Table:
    others = pa.schema([field for field in schema if field.name not in CLASSES])
    table = table_of(dict(columns), others)
    for name in CLASSES:
        texts = pc.dictionary_encode(classes[name].combine_chunks())
        table = table.append_column(schema.field(name), texts)
    return table.select(schema.names).cast(schema)
