"""A generated province: the files that the agencies of an invented Zhejiang deliver, for demo and tests.

No Chinese penalties, lists or arrears exist as public data, so these are made up, from a seed, and every row says so
in its column 提示. Nothing here can be mistaken for a real organisation: the cities do not exist, and the region in
every code begins with 3399, a prefecture that Zhejiang has never had (its codes are 3301 to 3311).

The skew is that of the published distribution (rulesheet O9): most enterprises are clean, a few have many records. A few
rows in a thousand are wrong on purpose (see ``FAULTS``), and one source, volunteering, never delivers, so that
quarantine and "not known" can be seen. Objections and repairs are no part of the files: they refer to statements.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from probity.errors import QuestionError
from probity.identity import compose

__all__ = ["LAST_DAY", "MOST", "NOTICE", "GeneratedFile", "generate"]

NOTICE = "生成数据 generated data"
LAST_DAY = date(2023, 6, 30)
"""The last day of which the files know anything; nothing but a fault is later."""
FIRST_DAY = date(2015, 10, 1)
"""Unified codes begin (R1.2), and so do the organisations."""
MOST = 1_000_000
"""The most organisations that get a name of their own."""

Column = Sequence[object]
Days = NDArray[np.int64]
"""Days since 1970-01-01."""
Who = NDArray[np.int64]
"""Index of each row's organisation."""

_LAST = int(np.datetime64(LAST_DAY, "D").astype(np.int64))
_FIRST = int(np.datetime64(FIRST_DAY, "D").astype(np.int64))

# Places that do not exist: 拟, 样, 例, 试, 范, 测, 仿, 虚 mean simulated, sample, example, trial, model, test, mock, fictive.
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
WORDS = "云禾晨谷嘉木宏远锦程博涵瑞泽恒昌明达华茂启新正和立成广源天衡永盛安泰金石东篱南山西岭北辰春晖秋实星河海纳百川致诚弘毅"
TRADES = (
    "纺织 服饰 机械 电子 食品 建材 物流 科技 贸易 化工 包装 家具 五金 塑料 印刷 餐饮 农业 环保 电气 仪器 光学 园林 咨询 广告 "
    "装饰 运输 造纸 陶瓷 玩具 文具 茶业 水产"
).split()
SUFFIXES = {
    "enterprise": [f"{trade}有限公司" for trade in TRADES],
    "social-organisation": "行业协会 商会 慈善会 研究会 体育协会 促进会".split(),
    "public-institution": "图书馆 文化馆 检测院 水利站 中学 医院".split(),
    "government-body": "街道办事处 财政所 水务局 档案局 统计局 气象局".split(),
}
KINDS = {"enterprise": "91", "social-organisation": "51", "public-institution": "12", "government-body": "11"}
SHARES = {"social-organisation": 0.04, "public-institution": 0.025, "government-body": 0.01}
FAULTS = ("wrong-check-character", "individual-trader", "unknown-organisation", "future-date", "duplicate")
"""What is wrong on purpose, about one row in a thousand of the larger files, in turn."""


@dataclass(frozen=True, slots=True)
class GeneratedFile:
    """A file and the intake mapping that reads it."""

    path: Path
    mapping: str


def generate(folder: Path, organisations: int = 20_000, seed: int = 2020) -> list[GeneratedFile]:
    """Write the files of a province of that many organisations into ``folder``, in the order of intake.

    About seven records to an organisation. The same arguments give the same bytes. Raises QuestionError where
    there are not between 100 and a million organisations.
    """
    if not 100 <= organisations <= MOST:
        raise QuestionError(
            f"a province of {organisations} organisations cannot be generated",
            remedy=f"Ask for 100 to {MOST:,}.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    people = _populate(organisations, seed)
    made = []
    for name, sheet in SHEETS.items():
        rng = np.random.default_rng([seed, *name.encode()])
        columns = sheet(rng, people)
        path = folder / f"{name}.csv"
        _write(path, columns, rng)
        made.append(GeneratedFile(path, f"cn-zhejiang-2020/{name}"))
    return made


# -- the population ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Population:
    """Every organisation, enterprises first. ``trouble`` and ``merit`` are the enterprises' shares of bad and good."""

    codes: NDArray[np.object_]
    names: NDArray[np.object_]
    kinds: tuple[str, ...]
    places: NDArray[np.object_]
    born: Days
    enterprises: int
    trouble: NDArray[np.float64]
    merit: NDArray[np.float64]


def _populate(n: int, seed: int) -> _Population:
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
        compose(*KINDS[kind], region, f"{body:08}")
        for kind, region, body in zip(kinds, regions, bodies, strict=True)
    ]
    enterprises = counts["enterprise"]
    return _Population(
        codes=np.array(codes, dtype=object),
        names=np.array(names, dtype=object),
        kinds=kinds,
        places=np.array([PLACES[region] for region in regions], dtype=object),
        born=_FIRST + rng.integers(0, _LAST - _FIRST - 180, n),
        enterprises=enterprises,
        trouble=_shares(rng, enterprises, some=0.35),
        merit=_shares(rng, enterprises, some=0.10),
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
    weights = np.where(rng.random(n) < some, 0.5 + rng.pareto(1.8, n), 0.01)
    shares: NDArray[np.float64] = weights / weights.sum()
    return shares


# -- drawing records -----------------------------------------------------------------------------------


def _draw(
    rng: np.random.Generator, people: _Population, rate: float, shares: NDArray[np.float64] | None = None
) -> tuple[Who, Days]:
    """``rate`` records to an enterprise (at least one in all): whose, and on which day of its life."""
    count = max(1, round(people.enterprises * rate))
    who = rng.choice(people.enterprises, count, p=shares)
    born = people.born[who]
    return who, born + (rng.random(count) * (_LAST - born + 1)).astype(np.int64)


def _iso(days: Days) -> list[str]:
    texts: list[str] = np.datetime_as_string(days.astype("datetime64[D]")).tolist()
    return texts


def _slashed(days: Days) -> list[str]:
    return [text.replace("-", "/") for text in _iso(days)]


def _years(days: Days) -> list[int]:
    years: list[int] = (days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970).tolist()
    return years


def _until(rng: np.random.Generator, days: Days, mean: int) -> list[str]:
    """The day on which each state ended, after ``mean`` days on average; nothing where it lasts."""
    ends = days + 1 + rng.exponential(mean, len(days)).astype(np.int64)
    return [text if end <= _LAST else "" for text, end in zip(_iso(ends), ends.tolist(), strict=True)]


def _pick(rng: np.random.Generator, n: int, shares: dict[str, float]) -> list[str]:
    picked: list[str] = np.array(list(shares), dtype=object)[
        rng.choice(len(shares), n, p=list(shares.values()))
    ].tolist()
    return picked


def _money(rng: np.random.Generator, n: int, median: int, spread: float = 1.2) -> list[str]:
    """Amounts in 10,000 yuan, to the yuan; ``median`` is in yuan."""
    yuan = np.maximum(1, median * np.exp(spread * rng.standard_normal(n))).astype(np.int64).tolist()
    return [f"{amount // 10_000}.{amount % 10_000:04}" for amount in yuan]


def _numbers(pattern: str, days: Days) -> list[str]:
    """Numbers of documents: ``pattern`` with year and running number."""
    return [pattern.format(year=year, n=n) for n, year in enumerate(_years(days), start=1)]


def _said(n: int, *texts: str) -> list[str]:
    """``n`` times the texts in turn."""
    return [texts[i % len(texts)] for i in range(n)]


def _subject(people: _Population, who: Who) -> dict[str, Column]:
    return {"统一社会信用代码": people.codes[who].tolist(), "主体名称": people.names[who].tolist()}


def _counterpart(people: _Population, who: Who) -> dict[str, Column]:
    """The same under the headings of double publicity."""
    return {
        "行政相对人名称": people.names[who].tolist(),
        "行政相对人代码_1(统一社会信用代码)": people.codes[who].tolist(),
    }


# -- the sheets ----------------------------------------------------------------------------------------

Columns = dict[str, Column]
Sheet = Callable[[np.random.Generator, _Population], Columns]


def _register(*kinds: str) -> Sheet:
    """Registrations of organisations of these kinds."""
    forms = {
        "enterprise": ("企业", "有限责任公司"),
        "social-organisation": ("社会组织", "社会团体法人"),
        "public-institution": ("事业单位", "事业单位法人"),
        "government-body": ("机关", "机关法人"),
    }

    def sheet(rng: np.random.Generator, people: _Population) -> Columns:
        who = np.flatnonzero(np.isin(np.array(people.kinds), kinds)).astype(np.int64)
        n = len(who)
        rooms = rng.integers(1, 999, n).tolist()
        places = people.places[who].tolist()
        return {
            "统一社会信用代码": people.codes[who].tolist(),
            "名称": people.names[who].tolist(),
            "主体类型": [forms[people.kinds[i]][0] for i in who.tolist()],
            "类型": [forms[people.kinds[i]][1] for i in who.tolist()],
            "住所": [f"{place}样板路{room}号" for place, room in zip(places, rooms, strict=True)],
            "行政区划": places,
            "注册资本(万元)": _money(rng, n, 1_000_000),
            "业务范围": [_scope(name) for name in people.names[who].tolist()],
            "成立日期": _iso(people.born[who]),
            "登记状态": _pick(rng, n, {"存续": 0.94, "停业": 0.02, "吊销": 0.02, "注销": 0.02}),
        }

    return sheet


def _scope(name: str) -> str:
    """What an organisation of that name does: the trade of a company, else public services."""
    return name.removesuffix("有限公司")[-2:] if name.endswith("有限公司") else "公共服务"


def _branches(rng: np.random.Generator, people: _Population) -> Columns:
    pair = rng.permutation(people.enterprises)[: max(2, people.enterprises // 15 // 2 * 2)].reshape(2, -1)
    day = np.maximum(people.born[pair[0]], people.born[pair[1]])
    return {
        **_subject(people, pair[0]),
        "隶属单位统一社会信用代码": people.codes[pair[1]].tolist(),
        "登记日期": _iso(day),
    }


def _licences(rng: np.random.Generator, people: _Population) -> Columns:
    who, day = _draw(rng, people, 1.6)
    n = len(who)
    numbers = _numbers("拟许准〔{year}〕{n}号", day)
    return {
        **_counterpart(people, who),
        "行政许可决定文书名称": _said(n, "准予行政许可决定书"),
        "行政许可决定文书号": numbers,
        "许可类别": _pick(rng, n, {"普通": 0.7, "核准": 0.15, "登记": 0.1, "认可": 0.05}),
        "许可内容": _said(n, "食品经营", "危险化学品经营", "道路货物运输", "印刷经营", "取水", "排污"),
        "许可决定日期": _slashed(day),
        "有效期至": _slashed(day + 365 * rng.integers(3, 6, n)),
        "数据来源单位": _said(n, "浙江省市场监督管理局"),
    }


def _annual_reports(rng: np.random.Generator, people: _Population) -> Columns:
    first = np.array(_years(people.born[: people.enterprises]))
    pairs = [np.flatnonzero((first <= year) & (rng.random(len(first)) < 0.93)) for year in range(2015, 2023)]
    who = np.concatenate(pairs).astype(np.int64)
    years = np.repeat(np.arange(2015, 2023), [len(part) for part in pairs])
    january = (years - 1970 + 1).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    return {
        **_subject(people, who),
        "报告年度": years.tolist(),
        "报送日期": _iso(january + rng.integers(0, 180, len(who))),
    }


def _penalties(office: str, source: str, conducts: Sequence[str], ground: str, rate: float) -> Sheet:
    """Penalties of one agency, in the format of double publicity."""

    def sheet(rng: np.random.Generator, people: _Population) -> Columns:
        who, day = _draw(rng, people, rate, people.trouble)
        n = len(who)
        return {
            **_counterpart(people, who),
            "行政处罚决定文书号": _numbers(office + "罚〔{year}〕{n}号", day),
            "违法行为类型": _said(n, *conducts),
            "违法事实": _said(n, "当事人的行为经现场检查和调查属实"),
            "处罚依据": _said(n, ground),
            "处罚类别": _said(n, "罚款", "警告;罚款", "罚款;没收违法所得"),
            "违法程度": _pick(rng, n, {"轻微": 0.35, "一般": 0.61, "严重": 0.04}),
            "罚款金额(万元)": _money(rng, n, 8_000),
            "处罚决定日期": _slashed(day),
            "数据来源单位": _said(n, source),
        }

    return sheet


@dataclass(frozen=True, slots=True)
class _Plain:
    """A sheet of one date and a few columns: ``said`` in turn, ``picked`` at random, ``money`` by median in yuan."""

    rate: float
    day: str
    number: tuple[str, str] | None = None
    ended: tuple[str, int] | None = None
    """The column of the day on which it ended, and after how many days on average."""
    said: tuple[tuple[str, tuple[str, ...]], ...] = ()
    picked: tuple[tuple[str, dict[str, float]], ...] = ()
    money: tuple[str, int] | None = None
    year: str | None = None
    good: bool = False

    def __call__(self, rng: np.random.Generator, people: _Population) -> Columns:
        who, day = _draw(rng, people, self.rate, people.merit if self.good else people.trouble)
        if self.year:
            once = np.unique(np.stack([who, _years(day)]), axis=1, return_index=True)[1]
            who, day = who[once], day[once]
        columns = _subject(people, who)
        if self.number:
            columns[self.number[0]] = _numbers(self.number[1] + "〔{year}〕{n}号", day)
        columns[self.day] = _iso(day)
        if self.ended:
            columns[self.ended[0]] = _until(rng, day, self.ended[1])
        for name, texts in self.said:
            columns[name] = _said(len(who), *texts)
        for name, shares in self.picked:
            columns[name] = _pick(rng, len(who), shares)
        if self.money:
            columns[self.money[0]] = _money(rng, len(who), self.money[1])
        if self.year:
            columns[self.year] = [year - 1 for year in _years(day)]
        return columns


_ROLES = {"法定代表人": 0.5, "董事": 0.2, "监事": 0.1, "高级管理人员": 0.1, "实际控制人": 0.1}
_SEVERITY = {"轻微": 0.5, "一般": 0.4, "严重": 0.1}
_CONDUCTS = ("未按规定公示信息", "虚假宣传", "无证经营", "销售不合格产品", "计量违法", "价格违法")

SHEETS: dict[str, Sheet] = {
    "organisations": _register("enterprise"),
    "organisations-social": _register("social-organisation"),
    "organisations-public": _register("public-institution", "government-body"),
    "branches": _branches,
    "licences": _licences,
    "annual-reports": _annual_reports,
    "inspections": _Plain(
        1.0, "检查日期", ("检查编号", "双随机"), said=(("检查事项", ("登记事项检查", "公示信息检查", "安全检查")),),
        picked=(("检查结果", {"未发现问题": 0.9, "已责令改正": 0.08, "待后续处理": 0.02}),), good=True,
    ),
    "quality-sampling": _Plain(
        0.3, "抽查日期", ("抽查编号", "抽"), said=(("产品名称", ("服装", "食品", "电线电缆", "涂料")),),
        picked=(("抽查结果", {"合格": 0.93, "不合格": 0.07}), ("不合格程度", _SEVERITY)),
    ),
    "penalties": _penalties("拟市监", "浙江省市场监督管理局", _CONDUCTS, "产品质量法、反不正当竞争法", 0.2),
    "penalties-ecology": _penalties(
        "拟环", "浙江省生态环境厅", ("超标排放", "未批先建", "固体废物管理违法"), "环境保护法", 0.03
    ),
    "compulsion": _Plain(0.008, "决定日期", ("决定文号", "拟强"), said=(("强制措施", ("查封", "扣押")),)),
    "safety": _Plain(
        0.006, "认定日期", ("报告文号", "拟应急"), picked=(("等级", {"重大隐患": 0.7, "一般事故": 0.25, "较大事故": 0.05}),)
    ),
    "environment-incidents": _Plain(
        0.002, "发生日期", ("报告文号", "拟环突"), picked=(("等级", {"一般": 0.9, "较大": 0.1}),)
    ),
    "commitments": _Plain(
        0.3, "承诺日期", ("承诺编号", "承"), said=(("承诺类型", ("审批替代型", "主动公示型")), ("承诺事由", ("办理许可",)), ("履行期限", ("",))),
        good=True,
    ),
    "commitments-breached": _Plain(0.006, "认定日期", ("认定文号", "拟承违"), said=(("承诺事项", ("补齐材料",)),)),
    "other-bad": _Plain(0.012, "认定日期", ("认定文书号", "拟认"), said=(("行为", ("提供虚假材料", "拒不整改")),)),
    "abnormal-operations": _Plain(
        0.14, "列入日期", ("列入决定文号", "拟市监异"), ("移出日期", 500),
        said=(("列入原因", ("未按期公示年度报告", "通过登记的住所无法联系")),),
    ),
    "serious-violations": _Plain(
        0.004, "列入日期", ("列入决定文号", "拟市监严"), ("移出日期", 900),
        said=(("名单名称", ("市场监督管理严重违法失信名单",)), ("列入事由", ("被列入经营异常名录满三年", "生产销售不安全食品"))),
    ),
    "court-defaulters": _Plain(
        0.008, "列入日期", ("列入决定文号", "拟执"), ("移出日期", 500),
        said=(("名单名称", ("失信被执行人名单",)), ("列入事由", ("有履行能力而拒不履行", "违反财产报告制度"))),
    ),
    "redlist": _Plain(
        0.08, "列入日期", ("文号", "拟税红"), ("移出日期", 500), said=(("名单名称", ("A级纳税人",)),), good=True
    ),
    "tax-arrears": _Plain(
        0.05, "公告日期", ("公告编号", "拟税欠"), ("清缴日期", 300), said=(("欠税税种", ("增值税", "企业所得税")),),
        money=("欠税余额(万元)", 40_000),
    ),
    "tax-non-normal": _Plain(0.04, "认定日期", ("认定文号", "拟税非"), ("解除日期", 400)),
    "social-insurance-arrears": _Plain(
        0.10, "认定日期", ("欠费编号", "拟社欠"), ("清缴日期", 350), money=("欠费金额(万元)", 15_000)
    ),
    "judgments": _Plain(
        0.04, "生效日期", ("案号", "拟民初"), ("履行日期", 350), picked=(("案由类别", {"融资": 0.4, "其他": 0.6}),),
        money=("未履行金额(万元)", 150_000),
    ),
    "crimes": _Plain(0.0008, "生效日期", ("案号", "拟刑初"), picked=(("罪名类别", {"融资": 0.3, "其他": 0.7}),)),
    "false-litigation": _Plain(0.0008, "认定日期", ("案号", "拟民终")),
    "key-personnel-lists": _Plain(
        0.012, "列入日期", ("告知编号", "拟告"), ("移出日期", 500), picked=(("职务", _ROLES),)
    ),
    "key-personnel-judgments": _Plain(
        0.02, "生效日期", ("告知编号", "拟告裁"), ("履行日期", 400), picked=(("职务", _ROLES),)
    ),
    "debt-evasion": _Plain(
        0.002, "认定日期", ("认定文号", "拟金"), ("解除日期", 700), money=("金额(万元)", 2_000_000)
    ),
    "outbound-equity": _Plain(0.002, "认定日期", ended=("补登日期", 300), year="未登记年度"),
    "donations": _Plain(0.08, "捐赠日期", ("捐赠票据号", "捐"), money=("捐赠金额(万元)", 20_000), good=True),
    "honours": _Plain(
        0.06, "授予日期", ("文号", "拟表彰"), said=(("荣誉名称", ("诚信示范单位", "质量奖", "科技进步奖")),),
        picked=(("级别", {"县级": 0.6, "市级": 0.3, "省级": 0.09, "国家级": 0.01}),), good=True,
    ),
}  # fmt: skip
"""Every file by the name of its mapping, registrations first."""


# -- writing -------------------------------------------------------------------------------------------


def _write(path: Path, columns: Columns, rng: np.random.Generator) -> None:
    header = [*columns, "提示"]
    rows = [[*row, NOTICE] for row in zip(*columns.values(), strict=True)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(_spoiled(rows, header, rng))


def _spoiled(rows: list[list[object]], header: list[str], rng: np.random.Generator) -> Iterator[list[object]]:
    """The rows, of which about one in a thousand is wrong. Registrations only gain rows, since the rest hangs on them."""
    code = next(i for i, name in enumerate(header) if "统一社会信用代码" in name)
    day = next(i for i, name in enumerate(header) if name.endswith("日期"))
    registers = "成立日期" in header
    wrong = set(rng.choice(len(rows), len(rows) // 1000, replace=False).tolist())
    for fault, number in enumerate(sorted(wrong)):
        kind = "individual-trader" if registers else FAULTS[fault % len(FAULTS)]
        row = list(rows[number])
        if registers or kind == "duplicate":
            yield list(rows[number])
        _break(row, kind, code, day)
        rows[number] = row
    yield from rows


def _break(row: list[object], kind: str, code: int, day: int) -> None:
    sound = str(row[code])
    if kind == "wrong-check-character":
        row[code] = sound[:-1] + ("0" if sound[-1] != "0" else "1")
    elif kind == "individual-trader":
        row[code] = "92" + sound[2:]
    elif kind == "unknown-organisation":
        row[code] = compose("9", "1", "339999", sound[8:16])
    elif kind == "future-date":
        row[day] = "2096" + str(row[day])[4:]
