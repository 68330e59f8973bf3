"""Words that give a rule away: open ends, persons, content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from probity.rulebook.finding import Finding
from probity.rulebook.reading import Loc
from probity.rulebook.shelf import Entry

_OPEN_ENDED = re.compile(
    r"\bother\b[\w\s,-]{0,30}\b(circumstances?|situations?|violations?|acts?|conduct|behaviou?rs?|cases?|reasons?"
    r"|grounds?|matters?|dishonesty)\b(?! of another)"
    r"|\betc\b|&c\b|\band so (on|forth)\b|\band the like\b|\bor (the )?(similar|like)\b"
    r"|\bas (otherwise )?(prescribed|provided|determined)\b|\bincluding but not limited to\b|\bdiscretion"
    r"|\bdeems?( it)? (necessary|fit|appropriate)\b|\bsees fit\b"
    r"|其[他它](?!.{0,4}(名单|机关|部门)).{0,12}(情形|情况|行为|事由|原因|事项|失信|违法|规定)|等(其[他它])?(情形|情况|事由)|等等"
    r"|包括但不限于|认为(确?有)?(必要|需要)|酌情|视情况",
    re.IGNORECASE,
)
"""What leaves it to an authority what else may be a ground (R4.3)."""

_BINDS_PERSONS = re.compile(
    r"\blegal rep|\b(persons?|individuals?|citizens?|personnel)\b"
    r"|\b(managers?|directors?|executives?|shareholders?|employees?|owners?|proprietors?|supervisors?)\b"
    r"|\bactual controllers?\b|\bmanagement (posts?|staff|positions?)\b"
    r"|\bfamil(y|ies)\b|\bspouses?\b|\bchild(ren)?\b(?![- ]care)|\brelatives?\b"
    r"|\btravel\b(?! (agenc|industr|servic|trade))|\bflights?\b|\bno-(fly|ride)\b"
    r"|\b(air|train|high-speed|rail) (tickets?|travel|rail)"
    r"|\bpassports?\b|\bexit (ban|restriction)|\bleav(e|ing) the country\b|\bschool|\btuition\b|\bluxur"
    r"|\b(high|restricted|restrict\w*|limit\w*|curb\w*) (\w+ )?consumption\b|\bholidays?\b"
    r"|法定代表人|法人代表|负责人|责任人|控制人|股东|董事|监事|高管|管理人员|从业人员|自然人|公民|个人|人员|家属|家庭|子女|配偶"
    r"|亲属|出行|乘坐|乘机|飞机|航班|高铁|列车|火车|机票|出境|离境|护照|学校|就学|入学|学费|高消费|消费限制|限制.{0,4}消费|度假",
    re.IGNORECASE,
)
"""What a measure says that binds somebody else than the listed organisation (charter 1 and 5)."""

_LISTS_PERSONS = re.compile(
    r"\blegal rep|\b(persons?|personnel|individuals?|citizens?|volunteers?)\b"
    r"|法定代表人|责任人|有关人员|相关人员|自然人|个人|公民|志愿者|负责人",
    re.IGNORECASE,
)
"""Whom a list names that is no organisation (charter 1)."""

_CONTENT = re.compile(
    r"\b(illegal|unlawful|prohibited|banned|harmful|online|internet|published) (online )?(content|information)\b"
    r"|\bcontent (violation|moderation)|\bopinions?\b|\bexpression\b|\brumou?rs?\b|\bcensor"
    r"|谣言|舆论|意见表达|表达自由|信息内容|网络信息|(违法|违规|违禁|禁止|有害).{0,4}(内容|信息)|传播.{0,8}(内容|信息)",
    re.IGNORECASE,
)
"""What a ground says that is about content, opinion or expression (charter 2)."""


def check_open_ended(by: Entry[Any], texts: Iterable[tuple[str, Loc]]) -> Iterator[Finding]:
    """Findings where a ground has no end: nobody can know it beforehand."""
    reason = "is open-ended: nobody can know beforehand what it covers"
    yield from _found(by, _OPEN_ENDED, texts, reason, "Name each ground, or leave it out and say so (R4.3).")


def check_content(by: Entry[Any], texts: Iterable[tuple[str, Loc]]) -> Iterator[Finding]:
    """Findings where a ground is about what somebody said or published."""
    reason = "is about content, opinion or expression, which can be the ground of nothing"
    yield from _found(by, _CONTENT, texts, reason, "Leave it out, and say so in lists/left-out.yaml (charter 2).")


def check_listed_persons(by: Entry[Any], texts: Iterable[tuple[str, Loc]]) -> Iterator[Finding]:
    """Findings where a list is one of persons."""
    reason = "names persons, and only organisations are listed"
    yield from _found(
        by, _LISTS_PERSONS, texts, reason, "Leave it out, and say so in lists/left-out.yaml (charter 1)."
    )


def check_bound_persons(by: Entry[Any], texts: Iterable[tuple[str, Loc]]) -> Iterator[Finding]:
    """Findings where a measure binds persons, or what persons do."""
    reason = "binds persons; a measure binds the listed organisation and nobody else"
    yield from _found(by, _BINDS_PERSONS, texts, reason, "Leave it out (charter 1 and 5).")


def _found(
    by: Entry[Any], pattern: re.Pattern[str], texts: Iterable[tuple[str, Loc]], reason: str, remedy: str
) -> Iterator[Finding]:
    for text, loc in texts:
        if word := pattern.search(text):
            yield by.error(f"{text!r} ({word[0]}) {reason}", remedy, *loc)
