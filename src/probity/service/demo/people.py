"""The organisations of a generated province: invented names in invented places, codes that no registrar gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from probity.identity import compose

LAST_DAY = date(2023, 6, 30)
"""The last day of which the files know anything; nothing but a fault is later."""
FIRST_DAY = date(2015, 10, 1)
"""Unified codes begin (R1.2), and so do the organisations."""

Days = NDArray[np.int64]
"""Days since 1970-01-01."""

LAST = int(np.datetime64(LAST_DAY, "D").astype(np.int64))
FIRST = int(np.datetime64(FIRST_DAY, "D").astype(np.int64))

# Places that do not exist. Their first characters 拟样例试范测仿虚 say so: simulated, sample, example, trial,
# model, test, mock, fictive.
PLACES = {
    "339901": "拟州市",
    "339902": "样安市",
    "339903": "例港市",
    "339904": "试溪县",
    "339905": "范川县",
    "339906": "测湖县",
    "339907": "仿海县",
    "339908": "虚岭县",
}
WORDS = (
    "云禾晨谷嘉木宏远锦程博涵瑞泽恒昌明达华茂启新正和立成"
    "广源天衡永盛安泰金石东篱南山西岭北辰春晖秋实星河海纳百川致诚弘毅"
)
TRADES = (
    *(
        "纺织",
        "服饰",
        "机械",
        "电子",
        "食品",
        "建材",
        "物流",
        "科技",
        "贸易",
        "化工",
        "包装",
        "家具",
        "五金",
        "塑料",
    ),
    *(
        "印刷",
        "餐饮",
        "农业",
        "环保",
        "电气",
        "仪器",
        "光学",
        "园林",
        "咨询",
        "广告",
        "装饰",
        "运输",
        "造纸",
        "陶瓷",
    ),
    *("玩具", "文具", "茶业", "水产"),
)
SUFFIXES = {
    "enterprise": tuple(f"{trade}有限公司" for trade in TRADES),
    "social-organisation": ("行业协会", "商会", "慈善会", "研究会", "体育协会", "促进会"),
    "public-institution": ("图书馆", "文化馆", "检测院", "水利站", "中学", "医院"),
    "government-body": ("街道办事处", "财政所", "水务局", "档案局", "统计局", "气象局"),
}
KINDS = {
    "enterprise": ("9", "1"),
    "social-organisation": ("5", "1"),
    "public-institution": ("1", "2"),
    "government-body": ("1", "1"),
}
"""Registering department and type in the code."""
SECTORS = {
    "A": ("农业", "水产"),
    "C": (
        *("纺织", "服饰", "机械", "电子", "食品", "建材", "化工", "包装", "家具", "五金", "塑料", "印刷"),
        *("电气", "仪器", "光学", "造纸", "陶瓷", "玩具", "文具", "茶业"),
    ),
    "E": ("装饰",),
    "F": ("贸易",),
    "G": ("物流", "运输"),
    "H": ("餐饮",),
    "L": ("咨询", "广告"),
    "M": ("科技",),
    "N": ("环保", "园林"),
}
"""The trades of each section of GB/T 4754-2017."""
SIZES = {"大型": 0.01, "中型": 0.05, "小型": 0.26, "微型": 0.68}
OWNERS = {
    "大型": {
        "国有控股": 0.35,
        "集体控股": 0.05,
        "私人控股": 0.4,
        "港澳台商控股": 0.08,
        "外商控股": 0.1,
        "其他": 0.02,
    },
    "中型": {
        "国有控股": 0.15,
        "集体控股": 0.05,
        "私人控股": 0.65,
        "港澳台商控股": 0.06,
        "外商控股": 0.07,
        "其他": 0.02,
    },
    "小型": {
        "国有控股": 0.04,
        "集体控股": 0.03,
        "私人控股": 0.87,
        "港澳台商控股": 0.02,
        "外商控股": 0.03,
        "其他": 0.01,
    },
    "微型": {
        "国有控股": 0.01,
        "集体控股": 0.02,
        "私人控股": 0.95,
        "港澳台商控股": 0.005,
        "外商控股": 0.01,
        "其他": 0.005,
    },
}
"""Who controls enterprises of each size; plausible, and no more than that."""
SHARES = {"social-organisation": 0.04, "public-institution": 0.025, "government-body": 0.01}
"""Of all organisations; the rest are enterprises."""


@dataclass(frozen=True, slots=True)
class Population:
    """Every organisation, enterprises first. ``trouble`` and ``merit``: each one's share of bad and good.

    ``sectors``, ``sizes`` and ``owners`` are those of the enterprises.
    """

    codes: NDArray[np.object_]
    names: NDArray[np.object_]
    kinds: tuple[str, ...]
    places: NDArray[np.object_]
    born: Days
    enterprises: int
    trouble: NDArray[np.float64]
    merit: NDArray[np.float64]
    sectors: tuple[str, ...]
    sizes: tuple[str, ...]
    owners: tuple[str, ...]


def populate(n: int, seed: int) -> Population:
    """``n`` organisations; the same arguments give the same ones."""
    rng = np.random.default_rng([seed, 0])
    counts = {kind: round(n * share) for kind, share in SHARES.items()}
    counts = {"enterprise": n - sum(counts.values()), **counts}
    kinds = tuple(kind for kind, count in counts.items() for _ in range(count))
    regions, names = [], []
    for kind, count in counts.items():
        drawn = rng.choice(len(PLACES) * len(WORDS) ** 2 * len(SUFFIXES[kind]), count, replace=False)
        for number in drawn.tolist():
            region, name = _name(number, SUFFIXES[kind])
            regions.append(region)
            names.append(name)
    bodies = rng.choice(10**8, n, replace=False).tolist()
    codes = [
        compose(department, type_, region, f"{body:08}")
        for (department, type_), region, body in zip((KINDS[kind] for kind in kinds), regions, bodies, strict=True)
    ]
    enterprises = counts["enterprise"]
    born = FIRST + rng.integers(0, LAST - FIRST - 180, n)
    trouble, merit = _shares(rng, enterprises, some=0.5), _shares(rng, enterprises, some=0.10)
    sizes = _sizes(np.random.default_rng([seed, 1]), trouble + merit)
    return Population(
        codes=np.array(codes, dtype=object),
        names=np.array(names, dtype=object),
        kinds=kinds,
        places=np.array([PLACES[region] for region in regions], dtype=object),
        born=born,
        enterprises=enterprises,
        trouble=trouble,
        merit=merit,
        sectors=tuple(_SECTOR_OF[name.removesuffix("有限公司")[-2:]] for name in names[:enterprises]),
        sizes=sizes,
        owners=_owners(np.random.default_rng([seed, 2]), sizes),
    )


_SECTOR_OF = {trade: sector for sector, trades in SECTORS.items() for trade in trades}


def _sizes(rng: np.random.Generator, busy: NDArray[np.float64]) -> tuple[str, ...]:
    """The larger an enterprise, the more is on record of it (F7), good and bad: sizes by rank, with much noise."""
    rank = np.argsort(np.argsort(-np.log(busy) - 2.5 * rng.standard_normal(len(busy))))
    ends = np.cumsum(list(SIZES.values())) * len(busy)
    names = list(SIZES)
    return tuple(names[min(place, len(names) - 1)] for place in np.searchsorted(ends, rank, "right").tolist())


def _owners(rng: np.random.Generator, sizes: Sequence[str]) -> tuple[str, ...]:
    ends = {size: np.cumsum(list(shares.values())) for size, shares in OWNERS.items()}
    owners = {size: list(shares) for size, shares in OWNERS.items()}
    drawn = rng.random(len(sizes)).tolist()
    return tuple(
        owners[size][min(int(np.searchsorted(ends[size], at, "right")), len(owners[size]) - 1)]
        for size, at in zip(sizes, drawn, strict=True)
    )


def _name(number: int, suffixes: Sequence[str]) -> tuple[str, str]:
    """The region and the name of that number; different numbers give different names."""
    number, suffix = divmod(number, len(suffixes))
    number, second = divmod(number, len(WORDS))
    place, first = divmod(number, len(WORDS))
    region = list(PLACES)[place]
    return region, f"{PLACES[region]}{WORDS[first]}{WORDS[second]}{suffixes[suffix]}"


def _shares(rng: np.random.Generator, n: int, some: float) -> NDArray[np.float64]:
    """Shares that add up to one: nearly nothing for most, very unequal ones for ``some`` of them."""
    weights = np.where(rng.random(n) < some, 1 + np.minimum(rng.pareto(2.2, n), 30), 0.01)
    shares: NDArray[np.float64] = weights / weights.sum()
    return shares
