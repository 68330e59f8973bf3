"""What each file of a generated province holds: columns by heading, drawn for a population."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from probity.service.demo.people import FIRST, LAST, Days, Population

Column = Sequence[object]
Columns = dict[str, Column]
Sheet = Callable[[np.random.Generator, Population], Columns]
Who = NDArray[np.int64]
"""Index of each row's organisation."""

SHORTEST_TERM = 1094
"""Days. No state outlasts the term of its record, which is at least three years."""
COMMITMENTS_BEGIN = int(np.datetime64("2019-07-09", "D").astype(np.int64))
"""The item is in force from that day."""


# -- drawing records -----------------------------------------------------------------------------------


def _draw(
    rng: np.random.Generator,
    people: Population,
    rate: float,
    shares: NDArray[np.float64] | None = None,
    since: int = FIRST,
) -> tuple[Who, Days]:
    """``rate`` records to an enterprise (at least one in all): whose, and on which day of its life ``since``."""
    count = max(1, round(people.enterprises * rate))
    who = rng.choice(people.enterprises, count, p=shares)
    born = np.maximum(people.born[who], since)
    return who, born + (rng.random(count) * (LAST - born + 1)).astype(np.int64)


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
    ends = days + np.clip(rng.exponential(mean, len(days)).astype(np.int64), 1, SHORTEST_TERM)
    return [text if end <= LAST else "" for text, end in zip(_iso(ends), ends.tolist(), strict=True)]


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


def _subject(people: Population, who: Who) -> dict[str, Column]:
    return {"统一社会信用代码": people.codes[who].tolist(), "主体名称": people.names[who].tolist()}


def _counterpart(people: Population, who: Who) -> dict[str, Column]:
    """The same under the headings of double publicity."""
    return {
        "行政相对人名称": people.names[who].tolist(),
        "行政相对人代码_1(统一社会信用代码)": people.codes[who].tolist(),
    }


# -- the sheets ----------------------------------------------------------------------------------------


def _register(*kinds: str) -> Sheet:
    """Registrations of organisations of these kinds."""
    forms = {
        "enterprise": ("企业", "有限责任公司"),
        "social-organisation": ("社会组织", "社会团体法人"),
        "public-institution": ("事业单位", "事业单位法人"),
        "government-body": ("机关", "机关法人"),
    }

    def sheet(rng: np.random.Generator, people: Population) -> Columns:
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
            **(_classes(people) if kinds == ("enterprise",) else {}),
        }

    return sheet


def _classes(people: Population) -> Columns:
    """What the statistics tell enterprises apart by."""
    return {"行业门类": people.sectors, "企业规模": people.sizes, "控股情况": people.owners}


def _scope(name: str) -> str:
    """What an organisation of that name does: the trade of a company, else public services."""
    return name.removesuffix("有限公司")[-2:] if name.endswith("有限公司") else "公共服务"


def _branches(rng: np.random.Generator, people: Population) -> Columns:
    pair = rng.permutation(people.enterprises)[: max(2, people.enterprises // 15 // 2 * 2)].reshape(2, -1)
    day = np.maximum(people.born[pair[0]], people.born[pair[1]])
    return {
        **_subject(people, pair[0]),
        "隶属单位统一社会信用代码": people.codes[pair[1]].tolist(),
        "登记日期": _iso(day),
    }


def _licences(rng: np.random.Generator, people: Population) -> Columns:
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


def _annual_reports(rng: np.random.Generator, people: Population) -> Columns:
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

    def sheet(rng: np.random.Generator, people: Population) -> Columns:
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
    """A sheet of one date and a few columns: ``said`` in turn, ``picked`` at random, ``money`` by median."""

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
    since: int = FIRST

    def __call__(self, rng: np.random.Generator, people: Population) -> Columns:
        who, day = _draw(rng, people, self.rate, people.merit if self.good else people.trouble, self.since)
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
        1.0, "检查日期", ("检查编号", "双随机"),
        said=(("检查事项", ("登记事项检查", "公示信息检查", "安全检查")),),
        picked=(("检查结果", {"未发现问题": 0.9, "已责令改正": 0.08, "待后续处理": 0.02}),), good=True,
    ),
    "quality-sampling": _Plain(
        0.3, "抽查日期", ("抽查编号", "抽"), said=(("产品名称", ("服装", "食品", "电线电缆", "涂料")),),
        picked=(("抽查结果", {"合格": 0.93, "不合格": 0.07}), ("不合格程度", _SEVERITY)),
    ),
    "penalties": _penalties("拟市监", "浙江省市场监督管理局", _CONDUCTS, "产品质量法、反不正当竞争法", 0.42),
    "penalties-ecology": _penalties(
        "拟环", "浙江省生态环境厅", ("超标排放", "未批先建", "固体废物管理违法"), "环境保护法", 0.03
    ),
    "compulsion": _Plain(0.008, "决定日期", ("决定文号", "拟强"), said=(("强制措施", ("查封", "扣押")),)),
    "safety": _Plain(
        0.006, "认定日期", ("报告文号", "拟应急"),
        picked=(("等级", {"重大隐患": 0.7, "一般事故": 0.25, "较大事故": 0.05}),),
    ),
    "environment-incidents": _Plain(
        0.002, "发生日期", ("报告文号", "拟环突"), picked=(("等级", {"一般": 0.9, "较大": 0.1}),)
    ),
    "commitments": _Plain(
        0.3, "承诺日期", ("承诺编号", "承"),
        said=(("承诺类型", ("审批替代型", "主动公示型")), ("承诺事由", ("办理许可",)), ("履行期限", ("",))),
        good=True, since=COMMITMENTS_BEGIN,
    ),
    "commitments-breached": _Plain(
        0.006, "认定日期", ("认定文号", "拟承违"), said=(("承诺事项", ("补齐材料",)),), since=COMMITMENTS_BEGIN
    ),
    "other-bad": _Plain(0.012, "认定日期", ("认定文书号", "拟认"), said=(("行为", ("提供虚假材料", "拒不整改")),)),
    "abnormal-operations": _Plain(
        0.44, "列入日期", ("列入决定文号", "拟市监异"), ("移出日期", 500),
        said=(("列入原因", ("未按期公示年度报告", "通过登记的住所无法联系")),),
    ),
    "serious-violations": _Plain(
        0.004, "列入日期", ("列入决定文号", "拟市监严"), ("移出日期", 900),
        said=(
            ("名单名称", ("市场监督管理严重违法失信名单",)),
            ("列入事由", ("被列入经营异常名录满三年", "生产销售不安全食品")),
        ),
    ),
    "court-defaulters": _Plain(
        0.008, "列入日期", ("列入决定文号", "拟执"), ("移出日期", 500),
        said=(("名单名称", ("失信被执行人名单",)), ("列入事由", ("有履行能力而拒不履行", "违反财产报告制度"))),
    ),
    "redlist": _Plain(
        0.09, "列入日期", ("文号", "拟税红"), ("移出日期", 500), said=(("名单名称", ("A级纳税人",)),), good=True
    ),
    "tax-arrears": _Plain(
        0.09, "公告日期", ("公告编号", "拟税欠"), ("清缴日期", 300),
        said=(("欠税税种", ("增值税", "企业所得税")),), money=("欠税余额(万元)", 40_000),
    ),
    "tax-non-normal": _Plain(0.06, "认定日期", ("认定文号", "拟税非"), ("解除日期", 400)),
    "social-insurance-arrears": _Plain(
        0.3, "认定日期", ("欠费编号", "拟社欠"), ("清缴日期", 350), money=("欠费金额(万元)", 15_000)
    ),
    "judgments": _Plain(
        0.04, "生效日期", ("案号", "拟民初"), ("履行日期", 350),
        picked=(("案由类别", {"融资": 0.4, "其他": 0.6}),), money=("未履行金额(万元)", 150_000),
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
