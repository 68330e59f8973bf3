"""The question agencies ask all day, and the night: 2 million organisations, 100,000 entries, 40 memoranda.

``python -m bench.check --organisations 2000000 --entries 100000 --json``. What is real: every entry is a case
whose statements lie in the ledger, written in bulk as the procedure would state them, and the tables of cases and
entries are derived from them by the store's own function. The memoranda are generated rulebooks, loaded and
checked as any. What is not: the register is copied straight into its table, without statements and without the
pairs by which names are searched, since nothing here reads those. A question is timed from the codes to the whole
answer, its row in the log committed to disk. The night is timed on a day on which a twentieth of all entries
expire and as many cases lapse.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import yaml
from django.db import connection

from bench import cards
from bench.harness import Figures, own_house, printed
from bench.page import percentile
from bench.peak import peak
from probity import ledger
from probity.canon import digest
from probity.identity import compose
from probity.ledger import Chunk, Draft
from probity.procedures import Contact, Means, Officer
from probity.procedures import store as procedures
from probity.procedures.listing import acts, begin, drafts, evolve
from probity.rulebook import Law, ListRule
from probity.service.check import check
from probity.service.ticks import let_time_pass
from probity.service.wiring import today

LISTS = {
    "cn-tax-violations": "cn-sta",
    "cn-wage-arrears": "cn-mohrss",
    "cn-court-defaulters": "cn-spc",
    "cn-serious-violations": "cn-samr",
    "cn-red-taxpayers": "cn-sta",
}
"""The lists that entries are on, and who decides."""
MEMORANDA = 40
TERM = timedelta(days=364)
"""From the first day of an entry to its last."""
DUE = 20
"""One entry in so many expires on the night that is timed; as many cases lapse."""
ONE = 3_000
WARM = 200
MANY = 10_000
TURNS = 5
AT_ONCE = 50_000
BY = Officer("cn-mof", "1")
ASKED = ("procurement", "deciding", "政府采购法 art. 22")


def measure(organisations: int, entries: int) -> Figures:
    """The figures of one run in a house of its own."""
    os.environ["PROBITY_RULEBOOKS"] = str(rulebooks(cards.WORKPLACE / "check-rulebooks"))
    with own_house() as (opened, _):
        law, chance = opened.law, np.random.default_rng(5)
        began = time.perf_counter()
        subjects = register(organisations)
        listed = [subjects[n] for n in chance.choice(organisations, entries + entries // DUE, replace=False)]
        lapsing, listed = listed[entries:], listed[:entries]
        conduct(listed, lapsing, law)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        filled = time.perf_counter() - began
        mixed = [subjects[n] for n in chance.integers(0, organisations, ONE)]
        mixed[::2] = [listed[n] for n in chance.integers(0, entries, len(mixed[::2]))]
        one = [milliseconds([each], law) for each in mixed][WARM:]
        anybody = [subjects[n] for n in chance.choice(organisations, MANY, replace=False)]
        everyone = [listed[n] for n in chance.choice(entries, min(MANY, entries), replace=False)]
        figures: Figures = {
            "organisations": organisations,
            "entries": entries,
            "memoranda": len({each.memorandum for each in law.memoranda}),
            "agreed_measures": sum(len(each.measures) for each in law.memoranda),
            "seconds_to_fill": round(filled, 1),
            "one_p50_ms": percentile(one, 50),
            "one_p99_ms": percentile(one, 99),
            "one_worst_ms": round(max(one), 2),
            "bare_commit_p50_ms": percentile([bare_commit(n) for n in range(500)], 50),
            "ten_thousand_s": median(anybody, law),
            "ten_thousand_listed_s": median(everyone, law),
        }
        return figures | night(law) | {"peak_rss_mb": peak()}


def milliseconds(codes: Sequence[str], law: Law) -> float:
    """The time of one question, its log row committed."""
    began = time.perf_counter()
    found = check(codes, *ASKED, BY, law)
    taken = (time.perf_counter() - began) * 1000
    assert len(found.answers) == len(codes)
    return taken


def median(codes: Sequence[str], law: Law) -> float:
    """Seconds of one question about many."""
    return round(statistics.median(milliseconds(codes, law) for _ in range(TURNS)) / 1000, 3)


def bare_commit(number: int) -> float:
    """The time of one row and nothing else: what the disk takes."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bare (number int)" if not number else "SELECT 1")
        began = time.perf_counter()
        cursor.execute("INSERT INTO bare VALUES (%s)", [number])
    return (time.perf_counter() - began) * 1000


def night(law: Law) -> Figures:
    """Lapse and expiry of the night that is to come, up to everything committed."""
    began = time.perf_counter()
    done = let_time_pass(law, today())
    taken = time.perf_counter() - began
    return {"nightly_cases": sum(done.values()), "nightly_s": round(taken, 2)}


# -- the law --------------------------------------------------------------------------------------------------


def rulebooks(folder: Path) -> Path:
    """A copy of the rulebooks with so many more memoranda that there are ``MEMORANDA``, in ``folder``."""
    cards.rulebooks(folder)
    china = folder / "cn-national"
    written = yaml.safe_load((china / "memoranda.yaml").read_text("utf-8"))["memoranda"]
    there = sum(
        len(yaml.safe_load(path.read_text("utf-8"))["memoranda"])
        for path in (*folder.glob("*/memoranda.yaml"), *folder.glob("*/memoranda/*.yaml"))
    )
    adverse = [each for each in written if "red" not in each["memorandum"] and len(each["measures"]) > 7]
    lists = [name for name in LISTS if "red" not in name]
    more = []
    for number in range(max(0, MEMORANDA - there)):
        model = adverse[number % len(adverse)]
        covered = [lists[(number + shift) % len(lists)] for shift in range(2)]
        fits = [each for each in model["measures"] if each["measure"] != "cn/land-restriction"]
        more.append({
            **model, "memorandum": f"cn/bench-{number}", "lists": covered, "measures": fits,
            "in_force": {"from": date(2022, 2, 1)},
        })  # fmt: skip
    written += more
    path = china / "memoranda.yaml"
    path.write_text(yaml.dump({"memoranda": written}, Dumper=InFull, allow_unicode=True, sort_keys=False), "utf-8")
    return folder


class InFull(yaml.SafeDumper):
    """Writes out what comes twice."""

    def ignore_aliases(self, data: object) -> bool:
        return True


# -- the register and the cases -----------------------------------------------------------------------------


def register(organisations: int) -> list[str]:
    """So many organisations in the register; their keys."""
    subjects = [f"cn-uscc:{compose('9', '1', '999999', f'{n:08d}')}" for n in range(organisations)]
    command = "COPY dossier_organisation (ordinal, subject, name, kind, generated, search, grams) FROM STDIN"
    with connection.cursor() as cursor:
        raw = cursor.connection.cursor()
        with raw.copy(command) as copy:
            for n, subject in enumerate(subjects):
                name = f"测试第{n}有限公司"
                copy.write(f"{n}\t{subject}\t{name}\tenterprise\tt\t{subject[8:].lower()} {name}\t{{}}\n")
    return subjects


@dataclass(frozen=True, slots=True)
class Played:
    """A case that was played once: its drafts, to be said again about others."""

    number: str
    said: tuple[Draft, ...]

    def about(self, subject: str, number: str) -> Iterator[Draft]:
        """The same about another organisation, under another number."""
        for draft in self.said:
            attributes = {
                name: value.replace(self.number, number).replace(SOMEBODY, subject)
                if isinstance(value, str)
                else value
                for name, value in draft.attributes.items()
            }
            reference = draft.reference.replace(self.number, number)
            yield replace(draft, subject=subject, reference=reference, attributes=attributes)


SOMEBODY = f"cn-uscc:{compose('9', '1', '999999', '99999999')}"


def conduct(listed: Sequence[str], lapsing: Sequence[str], law: Law) -> None:
    """A case about each: entered on days of the last year, or proposed and left lying; and what is derived."""
    now = today()
    expire = now - TERM - timedelta(days=1)
    said: dict[tuple[int, str, str], list[Draft]] = defaultdict(list)
    plays: dict[tuple[str, date, bool], Played] = {}
    names = list(LISTS)
    for n, subject in enumerate((*listed, *lapsing)):
        enters = n < len(listed)
        name = names[n % len(names)]
        begins = (expire if n % DUE == 0 else now - timedelta(days=1 + n % 300)) if enters else now
        key = (name, begins, enters)
        if key not in plays:
            plays[key] = play(name, begins, law, enters=enters)
        number = f"{LISTS[name]}/{name}/{begins.year}/{n + 1}"
        for place, draft in enumerate(plays[key].about(subject, number)):
            said[place, draft.item, draft.issuer].append(draft)
    for (place, item, issuer), some in sorted(said.items()):
        write(f"{place} {item} {issuer}", some, law)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE ledger_statement")
    procedures.follow([*listed, *lapsing], law, generated=True)


def play(name: str, begins: date, law: Law, *, enters: bool) -> Played:
    """A case on a list: entered on ``begins``, or proposed so long before it that it lapses by then."""
    authority = LISTS[name]
    number = f"{authority}/{name}/0000/0"
    found_on = begins - timedelta(days=45 if enters else 120)
    rule = law.list(name, found_on)
    events = steps(
        rule, Officer(authority, "1"), Officer(authority, "2"), (found_on, begins) if enters else (found_on,)
    )
    case = begin(number, name, SOMEBODY, events[0])
    said = list(drafts(case, events[0], rule=rule))
    for event in events[1:]:
        case = evolve(case, event)
        said += drafts(case, event, rule=rule)
    return Played(number, tuple(said))


def steps(rule: ListRule, proposer: Officer, decider: Officer, days: tuple[date, ...]) -> list[acts.Event]:
    """What happens in a case that begins on the first of ``days`` and is decided on the second, if any."""
    on, band = days[0], rule.bands.bands[-1].band if rule.bands else None
    criterion = rule.criteria[0]
    said = {"facts": "invoices for goods that never moved", "reasons": "as the law names it"}
    found = acts.Found(on=on, by=None, authority=proposer.agency, criterion=criterion.criterion, evidence=(),
                       facts=said["facts"], near=False)  # fmt: skip
    proposed = acts.Proposed(on=on, by=proposer, document="1", consent_from=None, evidence=(), established=(),
                             documents=("file 1",), able=True, amount=None, band=band, **said)  # fmt: skip
    if len(days) == 1:
        return [found, proposed]
    contact, later = Contact("organisation", SOMEBODY, Means.PORTAL), on + timedelta(days=2)
    notified = acts.Notified(on=later, by=proposer, document="2", contacts=(contact,), relisting=0)
    delivered = acts.Delivered(on=later, by=proposer, contact="organisation", means=Means.PORTAL, received=later,
                               proof="receipt")  # fmt: skip
    opened = acts.Opened(on=later, by=None)
    entered = acts.Entered(on=days[1], by=decider, document="3", criterion=criterion.criterion, band=band,
                           basis=criterion.basis, answers=None, evidence=(), contest="objection",
                           until=days[1] + TERM, **said)  # fmt: skip
    return [found, proposed, notified, delivered, opened, entered]


def write(name: str, some: Sequence[Draft], law: Law) -> None:
    """One batch of statements, by COPY."""
    with ledger.receive(
        digest(name.encode()),
        item=some[0].item,
        issuer=some[0].issuer,
        source="bench",
        rulebook=law.hash,
        generated=True,
    ) as writer:
        for start in range(0, len(some), AT_ONCE):
            part = some[start : start + AT_ONCE]
            writer.write(
                Chunk(
                    rows=range(start + 1, start + len(part) + 1),
                    subjects=[each.subject for each in part],
                    references=[each.reference for each in part],
                    valid_from=[each.valid_from.isoformat() for each in part],
                    valid_to=[each.valid_to.isoformat() if each.valid_to else None for each in part],
                    attributes=[each.attributes for each in part],
                )
            )
        writer.settle()
        writer.finish({})


def main() -> None:
    """Read the arguments, measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--organisations", type=int, default=2_000_000)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    printed(measure(arguments.organisations, arguments.entries), arguments.json)


if __name__ == "__main__":
    main()
