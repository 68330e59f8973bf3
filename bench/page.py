"""One organisation's page data (dossier, grade, explanation) among many organisations.

``python -m bench.page --organisations 1000000 --json``. The register and its records are written straight into the
ledger, skewed as registers are: most organisations have a few records, one in a thousand has hundreds.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice

import numpy as np

from bench.harness import Figures, main, own_house
from bench.peak import peak
from probity import dossier, ledger
from probity.canon import digest
from probity.identity import compose
from probity.ledger import Chunk, Value
from probity.rulebook import Law
from probity.service import house, organisation_page

DAY = date(2023, 6, 30)
AT_ONCE = 50_000
PAGES = 3_000
ITEMS: dict[str, tuple[str, dict[str, Value]]] = {
    "licence.administrative": ("zj-amr", {"decision_number": "x", "class": "ordinary", "content": "经营许可"}),
    "penalty.administrative": ("zj-amr", {"decision_number": "x", "severity": "general", "amount": 500_000}),
    "honour.award": ("zj-amr", {}),
}


def measure(organisations: int) -> Figures:
    """The figures of one run in a house of its own."""
    with own_house() as (opened, _):
        began = time.perf_counter()
        subjects = fill(organisations, opened.law)
        filled = time.perf_counter() - began
        chance = np.random.default_rng(7)
        asked = [subjects[n] for n in chance.integers(0, organisations, PAGES)]
        times(asked[:100])
        page = times(asked)
        busiest = times([subjects[n * 1000] for n in range(min(organisations // 1000, 200))])
        found = [_search(text) for text in ("第77", "99有限", "123456", "91999999")]
        return {
            "organisations": dossier.count(),
            "statements": ledger.count(),
            "seconds_to_fill": round(filled, 1),
            "page_p50_ms": percentile(page, 50),
            "page_p99_ms": percentile(page, 99),
            "busiest_p50_ms": percentile(busiest, 50),
            "search_worst_ms": round(max(found), 2),
            "peak_rss_mb": peak(),
        }


def times(subjects: list[str]) -> list[float]:
    """Milliseconds that the data of each page take."""
    law, taken = house().law, []
    for subject in subjects:
        began = time.perf_counter()
        page = organisation_page(subject, law, true_on=DAY, known_at=None)
        taken.append((time.perf_counter() - began) * 1000)
        assert page.grades
    return taken


def _search(text: str) -> float:
    began = time.perf_counter()
    dossier.search(text)
    return (time.perf_counter() - began) * 1000


def percentile(taken: Sequence[float], which: int) -> float:
    """A percentile, to the hundredth of a millisecond."""
    return round(float(np.percentile(taken, which)), 2)


def fill(organisations: int, law: Law) -> list[str]:
    """A register of so many, and their records; returns the subjects."""
    subjects = [f"cn-uscc:{compose('9', '1', '999999', f'{n:08d}')}" for n in range(organisations)]
    registrations = ((subject, {"name": f"测试第{n}有限公司"}) for n, subject in enumerate(subjects))
    write("register.organisation", "registry", registrations, law)
    chance = np.random.default_rng(1)
    for item, (issuer, attributes) in ITEMS.items():
        counts = chance.poisson(1.3, organisations)
        counts[::1000] = 100
        rows = ((subjects[n], attributes) for n in np.repeat(np.arange(organisations), counts))
        write(item, issuer, rows, law)
    return subjects


def write(item: str, issuer: str, rows: Iterator[tuple[str, dict[str, Value]]], law: Law) -> None:
    """One batch of records, on days spread over two years."""
    first = date(2021, 7, 1)
    days = [(first + timedelta(days=n)).isoformat() for n in range(700)]
    with ledger.receive(
        digest(item.encode()), item=item, issuer=issuer, source="bench", rulebook=law.hash, generated=True
    ) as writer:
        done = 0
        while some := list(islice(rows, AT_ONCE)):
            numbers = range(done + 1, done + len(some) + 1)
            writer.write(
                Chunk(
                    rows=numbers,
                    subjects=[subject for subject, _ in some],
                    references=[f"{item} {n}" for n in numbers],
                    valid_from=[days[n % 700] for n in numbers],
                    valid_to=[None] * len(some),
                    attributes=[attributes for _, attributes in some],
                )
            )
            done += len(some)
        writer.settle()
        dossier.follow(writer.first, law, generated=writer.generated)
        writer.finish({})


if __name__ == "__main__":
    main(measure, "organisations", 1_000_000, __doc__)
