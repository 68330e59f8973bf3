"""Names of Chinese administrative divisions by their code of six digits (GB/T 2260).

The table is today's. A USCC keeps the region of its registrar for life, also after a merger or a split, so a
code that is not found is an older one more often than a wrong one: it is worth a warning, never an error (O2).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_PLACEHOLDERS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
"""Names that only fill the level of the city where a county lies directly under its province."""


PROVINCES = {
    "11": "Beijing", "12": "Tianjin", "13": "Hebei", "14": "Shanxi", "15": "Inner Mongolia",
    "21": "Liaoning", "22": "Jilin", "23": "Heilongjiang",
    "31": "Shanghai", "32": "Jiangsu", "33": "Zhejiang", "34": "Anhui", "35": "Fujian", "36": "Jiangxi",
    "37": "Shandong", "41": "Henan", "42": "Hubei", "43": "Hunan",
    "44": "Guangdong", "45": "Guangxi", "46": "Hainan",
    "50": "Chongqing", "51": "Sichuan", "52": "Guizhou", "53": "Yunnan", "54": "Tibet",
    "61": "Shaanxi", "62": "Gansu", "63": "Qinghai", "64": "Ningxia", "65": "Xinjiang",
    "71": "Taiwan", "81": "Hong Kong", "82": "Macao",
}  # fmt: skip
"""English names of the divisions of the first level, by the first two digits of a code."""


@dataclass(frozen=True, slots=True)
class Region:
    """A division, named from the province down. ``exact`` is false where only a part above it is known."""

    code: str
    name: str | None
    exact: bool


@cache
def region(code: str) -> Region:
    """The region of ``code``; where that code is unknown, the name of the city or province that holds it."""
    table = _table()
    above = dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code))
    names = [table[step] for step in above if step in table]
    name = "".join(n for n in names if n not in _PLACEHOLDERS or n is names[-1])
    return Region(code, name or None, code in table)


@cache
def _table() -> dict[str, str]:
    text = (files(__package__) / "regions.csv").read_text(encoding="utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(text.splitlines())}
