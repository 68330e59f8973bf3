"""Intake against a bare COPY: the same rows into the same table and indexes, in the same run.

``python -m bench.intake --rows 1000000 --json``. Penalties on generated organisations, from a CSV file on disk
to validated, hashed, indexed statements; then the very rows that came of it by COPY into a twin of the table.
"""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from django.db import connection

from bench.harness import Figures, main, own_house
from bench.peak import peak
from probity.identity import compose
from probity.intake import Receipt
from probity.service.intake import take_file

ORGANISATIONS = 20_000
BLOCK = 1 << 20
REGISTER = "cn-zhejiang-2020/organisations"
PENALTIES = "cn-zhejiang-2020/penalties"

COPIED = "id, batch, row, act, subject, item, issuer, reference, key, valid_from, valid_to, attributes, target"


def measure(rows: int) -> Figures:
    """The figures of one run in a house of its own."""
    with own_house() as (_, folder):
        penalties = prepared(folder, rows)
        before = peak()
        began = time.perf_counter()
        receipt = take_file(penalties, PENALTIES, generated=True)
        intake = time.perf_counter() - began
        after = peak()
        copy = bare_copy(receipt, folder / "rows.copy")
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


def prepared(folder: Path, rows: int) -> Path:
    """A register that is taken in, and a file of so many penalties that is not."""
    codes = [compose("9", "1", "999999", f"{n:08d}") for n in range(ORGANISATIONS)]
    take_file(write(folder / "organisations.csv", organisations(codes)), REGISTER, generated=True)
    return write(folder / "penalties.csv", penalty_rows(codes, rows))


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
        "行业门类",
        "企业规模",
        "控股情况",
    )
    for n, code in enumerate(codes):
        name, classes = f"测试第{n}有限公司", ("C", "微型", "私人控股")
        yield code, name, "有限责任公司", "测试路1号", "浙江省", "2010-01-01", "存续", 100, "测试", *classes


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
    main(measure, "rows", 1_000_000, __doc__)
