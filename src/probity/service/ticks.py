"""What time alone brings about in all cases: windows open, cases lapse, entries end. Never to anybody's harm.

Some cases at a time, each time in one transaction under the ledger's lock. A case that was done is not due any
more, so whatever is cut short goes on from there, and doing it twice does nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from probity import dossier, ledger
from probity.errors import LedgerError, ProcedureError
from probity.ledger import Draft, Statement
from probity.procedures import calendar_of, concerned, dissolved_on, rule_of, store
from probity.procedures.listing import Circumstances, Listing, acts, cases_of, decide
from probity.rulebook import Law
from probity.scoring import Days
from probity.service import acts as statements
from probity.service.cases import entry_of, stated
from probity.service.wiring import days

AT_ONCE = 2_000
"""Cases done and committed together."""

UNSOUND = "unsound"

Told = Callable[[int, int], None]
"""Is told how many cases are done, of how many."""

Done = Mapping[str, int]
"""How many cases time has brought something about in, by what: opened, lapsed, dissolved, expiry, dissolution; and
how many organisations have cases that cannot have happened (``UNSOUND``): nothing was done in these."""


def let_time_pass(law: Law, day: date, told: Told | None = None) -> Done:
    """Let time do its work in every case up to ``day``, today for all but made-up organisations.

    Raises StoreError where the database fails.
    """
    meant, done, seen, after = Days(day, days().fixed), Counter[str](), 0, None
    total = store.count_due(day)
    while True:
        with ledger.writing():
            some = store.due(day, after=after, limit=AT_ONCE)
            if not some:
                return dict(sorted(done.items()))
            done.update(_tick(some, law, meant))
        after, seen = some[-1][:2], seen + len(some)
        if told:
            told(seen, max(seen, total))


@dataclass(frozen=True, slots=True)
class _Turn:
    """What time brought about in one case, as drafts."""

    what: str
    said: tuple[Draft, ...]
    generated: bool


def _tick(some: Sequence[tuple[date, str, str]], law: Law, meant: Days) -> Iterator[str]:
    """Let time do its work in these cases, in the transaction that is open; what happened in each."""
    numbers = {number for _, number, _ in some}
    stated_of = ledger.by_subject([subject for _, _, subject in some], items=concerned(law).items)
    turns: list[_Turn] = []
    for subject, mine in stated_of.items():
        try:
            cases = [case for case in cases_of(mine, law) if case.number in numbers]
        except LedgerError:  # fsck says what is wrong; the others' time passes all the same
            turns.append(_Turn(UNSOUND, (), generated=False))
            continue
        turns += filter(None, (_turn(subject, case, mine, law, meant) for case in cases))
    for generated in (False, True):
        said = list(_in_layers(turn.said for turn in turns if turn.generated is generated))
        if said:
            statements.record(said, law, source="the passing of time", generated=generated)
    return (turn.what for turn in turns)


def _turn(subject: str, case: Listing, mine: Sequence[Statement], law: Law, meant: Days) -> _Turn | None:
    """What time brings about in a case; None where it is nothing yet (a year is not announced)."""
    rule = rule_of(case, law)
    generated = any(each.generated for each in mine if each.attributes.get("case") == case.number)
    now = Circumstances(
        today=meant.of(subject) if generated else meant.today,
        rule=rule,
        law=law,
        calendar=calendar_of(rule, law),
        verdicts={},
        dissolved_on=dissolved_on(dossier.records_of(mine, law, date.max), law),
    )
    try:
        events = decide(case, acts.Tick(), now)
    except ProcedureError:
        return None
    _, said = stated(case, events, rule, entry_of(case, mine))
    last = events[-1]
    what = last.ground.value if isinstance(last, acts.Ended) else type(last).__name__.lower()
    return _Turn(what, said, generated)


def _in_layers(said: Iterable[Sequence[Draft]]) -> Iterator[Draft]:
    """The drafts of many cases, those of one item and issuer together; each case keeps its order."""
    for layer in zip_longest(*said):
        together = (draft for draft in layer if draft is not None)
        yield from sorted(together, key=lambda draft: (draft.item, draft.issuer))
