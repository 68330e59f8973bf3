"""Intake against a bare COPY: the same rows into the same table and indexes, in the same run.

``python -m bench.intake --rows 1000000 --json``. Penalties on generated organisations, from a CSV file on disk
to validated, hashed, indexed statements; then the very rows that came of it by COPY into a twin of the table.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from django.db import connection

from probity.identity import compose
from probity.intake import Receipt
from probity.service import running
from probity.service.intake import take_file

ORGANISATIONS = 20_000
BLOCK = 1 << 20
REGISTER = "cn-zhejiang-2020/organisations"
PENALTIES = "cn-zhejiang-2020/penalties"

COPIED = "id, batch, row, act, subject, item, issuer, reference, key, valid_from, valid_to, attributes, target"


def main() -> None:
    """Run, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    figures = measure(arguments.rows)
    if arguments.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, value in figures.items():
            print(f"{name:<22} {value:>14,}" if isinstance(value, int) else f"{name:<22} {value:>14}")


def measure(rows: int) -> dict[str, float]:
    """The figures of one run in a data folder of its own."""
    with tempfile.TemporaryDirectory(prefix="probity-bench-") as folder:
        Path(folder).chmod(0o755)
        os.environ["PROBITY_HOME"] = folder
        os.environ.pop("DATABASE_URL", None)
        codes = [compose("9", "1", "999999", f"{n:08d}") for n in range(ORGANISATIONS)]
        register = write(Path(folder) / "organisations.csv", organisations(codes))
        penalties = write(Path(folder) / "penalties.csv", penalty_rows(codes, rows))
        with running():
            take_file(register, REGISTER, generated=True)
            before = peak()
            began = time.perf_counter()
            receipt = take_file(penalties, PENALTIES, generated=True)
            intake = time.perf_counter() - began
            after = peak()
            copy = bare_copy(receipt, Path(folder) / "rows.copy")
    assert receipt.accepted == rows, receipt.quarantined
    return {
        "rows": rows,
        "rows_per_second": round(rows / intake),
        "bare_copy_rows_per_second": round(rows / copy),
        "ratio_to_copy": round(intake / copy, 2),
        "seconds": round(intake, 2),
        "peak_rss_mb": after,
        "rss_before_mb": before,
    }


def bare_copy(receipt: Receipt, rows: Path) -> float:
    """Seconds that a COPY of the batch's rows into a twin of the table takes, commit included."""
    with connection.cursor() as cursor:
        with (
            rows.open("wb") as file,
            cursor.copy(
                f"COPY (SELECT {COPIED} FROM ledger_statement WHERE position >= {receipt.first_position}"
                " ORDER BY position) TO STDOUT"
            ) as out,
        ):
            for block in out:
                file.write(block)
        cursor.execute("CREATE TABLE twin (LIKE ledger_statement INCLUDING ALL)")
        cursor.execute("CHECKPOINT")
        began = time.perf_counter()
        with rows.open("rb") as file, cursor.copy(f"COPY twin ({COPIED}) FROM STDIN") as into:
            while block := file.read(BLOCK):
                into.write(block)
        return time.perf_counter() - began


def peak() -> int:
    """The most memory that this process held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def write(path: Path, rows: Iterator[tuple[object, ...]]) -> Path:
    """A CSV file of these rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def organisations(codes: list[str]) -> Iterator[tuple[object, ...]]:
    """The register's file."""
    yield (
        "统一社会信用代码",
        "名称",
        "类型",
        "住所",
        "行政区划",
        "成立日期",
        "登记状态",
        "注册资本(万元)",
        "业务范围",
    )
    for n, code in enumerate(codes):
        yield code, f"测试第{n}有限公司", "有限责任公司", "测试路1号", "浙江省", "2010-01-01", "存续", 100, "测试"


def penalty_rows(codes: list[str], count: int) -> Iterator[tuple[object, ...]]:
    """The file of penalties: seeded, so that every run has the same."""
    chance = random.Random(20200804)
    first = date(2015, 1, 1)
    yield (
        "行政相对人代码_1(统一社会信用代码)",
        "行政处罚决定文书号",
        "处罚决定日期",
        "违法行为类型",
        "违法事实",
        "处罚依据",
        "处罚类别",
        "违法程度",
        "罚款金额(万元)",
    )
    for n in range(count):
        day = first + timedelta(days=chance.randrange(3000))
        yield (
            codes[chance.randrange(len(codes))],
            f"浙市监罚处〔{day.year}〕{n}号",
            day.strftime("%Y/%m/%d"),
            "产品质量",
            "销售不合格产品",
            "产品质量法第四十九条",
            "罚款",
            ("轻微", "一般", "严重")[chance.randrange(3)],
            f"{chance.randrange(1, 5000) / 100:.2f}",
        )


if __name__ == "__main__":
    main()
