"""The words of the documents of a listing, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from probity.procedures.listing import acts
from probity.procedures.listing.acts import Ground
from probity.procedures.model import Means
from probity.rulebook import Period, Text, Within


def _t(en: str, zh: str) -> Text:
    return Text(en=en, zh=zh)


TITLES: Mapping[type[acts.Event], Text] = MappingProxyType(
    {
        acts.Warned: _t("Warning: a listing may come", "列入风险提示书"),
        acts.Proposed: _t("Proposal of an entry", "拟列入建议书"),
        acts.Consented: _t("Consent to a proposed entry", "同意列入意见书"),
        acts.Refused: _t("Refusal of consent to a proposed entry", "不同意列入意见书"),
        acts.Notified: _t("Notice of an intended entry", "列入事先告知书"),
        acts.Entered: _t("Decision to list", "列入决定书"),
        acts.Dismissed: _t("Decision not to list", "不予列入决定书"),
        acts.Withdrawn: _t("Notice that the case was dropped", "撤回案件告知书"),
        acts.Lapsed: _t("Notice that the case has lapsed", "逾期终结告知书"),
        acts.RemovalProposed: _t("Notice of an intended removal", "拟移出告知书"),
        acts.Ended: _t("Notice of removal", "移出通知书"),
    }
)
"""What each document is called."""

OF_REMOVAL: Mapping[type[acts.Event], Text] = MappingProxyType(
    {
        acts.Dismissed: _t("Decision not to remove", "不予移出决定书"),
        acts.Withdrawn: _t("Notice that the removal was dropped", "撤回移出告知书"),
        acts.Lapsed: _t("Notice that the removal has lapsed", "移出程序逾期终结告知书"),
    }
)
"""The same where it was about removal from a redlist."""

GROUNDS: Mapping[Ground, Text] = MappingProxyType(
    {
        Ground.EXPIRY: _t("its term is over", "列入期限届满"),
        Ground.PERFORMED: _t("what was owed has been performed in full", "义务已全部履行"),
        Ground.CORRECTION: _t("it should not have been made", "列入有误,予以更正"),
        Ground.COURT: _t("a court or a reviewing authority annulled it", "法院或者复议机关予以撤销"),
        Ground.DISSOLUTION: _t("the organisation is no more", "主体已经注销"),
        Ground.REVOKED: _t("what earned it holds no longer", "守信情形已经消失"),
    }
)

MEANS: Mapping[Means, Text] = MappingProxyType(
    {
        Means.PORTAL: _t("by the portal", "平台送达"),
        Means.POST: _t("by post", "邮寄送达"),
        Means.IN_PERSON: _t("in person", "直接送达"),
        Means.ANNOUNCEMENT: _t("by public announcement", "公告送达"),
    }
)

DUE: Mapping[str, Text] = MappingProxyType(
    {
        "consent": _t("the consent of the agency above", "上级机关的同意意见"),
        "notice": _t("the notice", "事先告知"),
        "hearing": _t("the hearing", "听证"),
        "decision": _t("the decision", "决定"),
    }
)

WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "number": _t("Number: {number}", "文号:{number}"),
        "day": _t("Date: {day}", "日期:{day}"),
        "from": _t("From: {agency}", "机关:{agency}"),
        "to": _t("To: {subject}", "主体:{subject}"),
        "about": _t("List: {list}", "名单:{list}"),
        "signed": _t("For {agency}: an officer of the agency.", "{agency}(经办人代表机关签发)"),
        "signed-other": _t(
            "For {agency}: an officer of the agency, who is not the one who proposed it.",
            "{agency}(由提出建议者以外的经办人代表机关签发)",
        ),
        "signed-nobody": _t(
            "Noted by software, on {day}; nobody decided anything.",
            "由系统于{day}记录;未作任何决定。",
        ),
        "ground": _t("The ground", "列入情形"),
        "criterion": _t("{name}.", "{name}。"),
        "basis": _t("Legal basis: {basis}", "法律依据:{basis}"),
        "band": _t("Severity: {band}.", "情节档次:{band}。"),
        "relisting": _t("The organisation was on this list {times} before.", "此前曾被列入本名单{times}次。"),
        "facts": _t("Facts", "事实"),
        "reasons": _t("Reasons", "理由"),
        "evidence": _t("Evidence", "证据"),
        "record": _t("Record {id}", "记录 {id}"),
        "record-of": _t("{name}, {day}, {reference} (record {id})", "{name},{day},{reference}(记录 {id})"),
        "proof": _t("Document: {name}", "材料:{name}"),
        "established": _t("Established by an officer: {fact}", "经办人认定:{fact}"),
        "able": _t("It is able to perform and does not.", "有履行能力而不履行。"),
        "none": _t("None.", "无。"),
        "risk": _t("What this means", "说明"),
        "at-risk": _t(
            "The organisation is close to a ground of this list, or something was found that may be one. "
            "Nothing follows from this warning: it is no entry, and it counts in no grade.",
            "该主体接近本名单的列入情形,或者发现可能构成列入情形的线索。本提示不产生任何后果:不是列入,"
            "也不计入评价。",
        ),
        "asks": _t("It needs the consent of {agency} first.", "须先经{agency}同意。"),
        "agreed": _t("{agency} agrees that the entry is pursued.", "{agency}同意继续办理列入。"),
        "not-agreed": _t(
            "{agency} does not agree. The case is closed; there is no entry.",
            "{agency}不同意。案件终结,不予列入。",
        ),
        "outcome": _t("Outcome", "结果"),
        "intended": _t("What is intended", "拟作决定"),
        "intended-entry": _t(
            "An entry on this list is intended. Nothing is decided yet, and nothing takes effect before the "
            "organisation has had its say.",
            "拟将该主体列入本名单。尚未作出任何决定;在该主体陈述申辩之前,不产生任何效力。",
        ),
        "intended-removal": _t(
            "It is intended to take the organisation off this list. Nothing is decided yet; until then the "
            "entry stands.",
            "拟将该主体移出本名单。尚未作出任何决定;在此之前列入继续有效。",
        ),
        "respond": _t("How to respond, and until when", "如何陈述申辩及期限"),
        "respond-until": _t(
            "The organisation may respond within {period} after the day on which it is proven that this "
            "notice has reached everyone to whom it is addressed; that day is not counted ({rule}). It may "
            "respond from the first delivery on.",
            "自证明本告知书已送达全部送达对象之日的次日起{period}内,可以陈述申辩({rule})。"
            "首次送达后即可陈述申辩。",
        ),
        "respond-how": _t(
            "It may say what it wishes, add documents, and ask to be heard; a hearing that is asked for "
            "takes place before anything is decided. A reply after the deadline needs its reason.",
            "可以提出意见、补充材料并申请听证;申请听证的,在作出决定之前举行。逾期陈述的,应当说明理由。",
        ),
        "respond-silence": _t(
            "Silence is no admission. The decision is made by an officer other than the one who proposed it.",
            "未陈述申辩的,不视为承认。决定由提出建议者以外的经办人作出。",
        ),
        "addressees": _t("To whom this is addressed", "送达对象"),
        "addressee": _t("{name} ({subject}), {means}", "{name}({subject}),{means}"),
        "leaving": _t("Attached: how an entry ends, and repair", "附:移出与修复须知"),
        "term": _t(
            "An entry lasts {least} to {most}; then it ends by itself.",
            "列入期限为{least}至{most},期满自动移出。",
        ),
        "shown": _t("It is shown for {display} at most.", "公示期最长{display}。"),
        "performed": _t(
            "Once everything owed is performed, the entry ends within {period} ({rule}).",
            "义务全部履行后,{period}内移出({rule})。",
        ),
        "early": _t("Early removal: {how}", "提前移出:{how}"),
        "no-early": _t(
            "The law of this list knows no early removal on application.",
            "本名单不设依申请提前移出。",
        ),
        "stay": _t("It can be sought after {stay} at the earliest.", "最早在列入{stay}后提出。"),
        "barred": _t(
            "Whoever is listed {count} times or more has no early removal.",
            "被列入{count}次及以上的,不得提前移出。",
        ),
        "barred-now": _t("With this entry that would be so here.", "本次列入后,该主体即属此种情形。"),
        "annulled": _t(
            "An entry that should not have been made is corrected at any time; one that a court annuls ends "
            "at once. Either leaves every view.",
            "列入有误的,随时更正;被法院撤销的,立即移出。两者均不再在任何页面显示。",
        ),
        "leaving-basis": _t("Legal basis: {basis}", "法律依据:{basis}"),
        "decision": _t("Decision", "决定"),
        "listed": _t(
            "The organisation is entered on this list from {day} to {until}, both included.",
            "自{day}起至{until}止(含首尾两日),将该主体列入本名单。",
        ),
        "said": _t("What the organisation said, and the answer", "陈述申辩及答复"),
        "no-reply": _t(
            "No reply was received in the time to respond, which ended before this decision.",
            "陈述申辩期内未收到陈述申辩。",
        ),
        "reply": _t("{day}: {text}", "{day}:{text}"),
        "heard": _t("It was heard on {day} (record: {record}).", "于{day}举行听证(笔录:{record})。"),
        "not-admitted": _t("{day}: came late and was not considered: {why}", "{day}:逾期提出,未予审查:{why}"),
        "answer": _t("Answer: {answers}", "答复:{answers}"),
        "contest": _t("How to contest it", "救济途径"),
        "contest-objection": _t(
            "An objection to the register, where the file is wrong.",
            "信息有误的,可以向登记簿提出异议。",
        ),
        "contest-review": _t("Administrative reconsideration of the decision.", "可以依法申请行政复议。"),
        "contest-court": _t("An action before a court.", "可以依法向人民法院提起诉讼。"),
        "not-listed": _t("The organisation is not entered on this list.", "不将该主体列入本名单。"),
        "not-removed": _t("The organisation stays on this list.", "该主体继续保留在本名单。"),
        "dropped": _t("The authority has dropped the case. There is no entry.", "机关已撤回案件,未予列入。"),
        "dropped-removal": _t(
            "The authority has dropped the proposal to remove. The entry stands.",
            "机关已撤回移出建议,列入继续有效。",
        ),
        "lapsed": _t(
            "The authority did not take a step in time: {what} was due by {due} ({rule}). The case is "
            "closed; there is no entry.",
            "机关未在期限内办理:{what}应于{due}前作出({rule})。案件终结,不予列入。",
        ),
        "no-ground-again": _t("The same facts are no ground again.", "同一事实不得再次作为列入情形。"),
        "lapsed-removal": _t(
            "The authority did not take a step in time: {what} was due by {due} ({rule}). The entry stands.",
            "机关未在期限内办理:{what}应于{due}前作出({rule})。列入继续有效。",
        ),
        "ended": _t(
            "The entry of {number} is over from {day} on: {ground}.",
            "{number}号列入自{day}起终止:{ground}。",
        ),
        "rests-on": _t("It rests on: {document}", "依据:{document}"),
        "measures-end": _t(
            "Every measure that rested on it ends with it, at latest on the next working day.",
            "以该列入为依据的措施随之终止,最迟于下一个工作日终止。",
        ),
        "leaves-view": _t("The entry leaves every view.", "该列入不再在任何页面显示。"),
    }
)
"""The sentences, with what is filled in."""

_UNITS = MappingProxyType(
    {
        "y": _t("{n} years", "{n}年"),
        "m": _t("{n} months", "{n}个月"),
        "d": _t("{n} days", "{n}日"),
        "days": _t("{n} days", "{n}日"),
        "working-days": _t("{n} working days", "{n}个工作日"),
    }
)


def say(key: str, language: str, **values: object) -> str:
    """The sentence of that key in ``language`` (``en`` or ``zh``)."""
    return WORDS[key].in_(language).format(**values)


def length(period: Period | Within, language: str) -> str:
    """A period in words: ``10 working days``."""
    words = _UNITS[period.unit].in_(language).format(n=period.number)
    return words.removesuffix("s") if period.number == 1 and not language.startswith("zh") else words
