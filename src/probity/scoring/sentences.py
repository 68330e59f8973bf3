"""What an explanation says, sentence by sentence, in English and Chinese."""

from __future__ import annotations

from collections.abc import Sequence

from probity.canon import Plain
from probity.rulebook import MILLI, Text
from probity.scoring.model import Ignored, NoGrade


def shown(milli: int) -> str:
    """Milli-points as a person writes points: ``-12.5``."""
    sign, whole, rest = "-" if milli < 0 else "", abs(milli) // MILLI, abs(milli) % MILLI
    return f"{sign}{whole}.{rest:03}".rstrip("0").rstrip(".")


def amount(value: int, unit: str | None) -> Text:
    """A whole number of minor units as people write it: 5000000 of CNY/100 is CNY 50,000."""
    currency, slash, parts = (unit or "").partition("/")
    if slash and parts.isdigit():
        whole, rest = divmod(value, int(parts))
        text = f"{whole:,}" + (f".{rest:0{len(parts) - 1}d}" if rest else "")
        return Text(en=f"{currency} {text}")
    return Text(en=f"{value:,} {currency}".strip())


def fill(sentence: Text, **values: object) -> Text:
    """The sentence with its values; those that are texts themselves stand in each language as they are in it."""
    en, zh = (
        sentence.in_(language).format(
            **{name: value.in_(language) if isinstance(value, Text) else value for name, value in values.items()}
        )
        for language in ("en", "zh")
    )
    return Text(en=en, zh=zh)


def listed(parts: Sequence[Text], en: str = ", ", zh: str = "、") -> Text:
    """Texts one after the other, with what stands between them in each language."""
    return Text(en=en.join(part.en for part in parts), zh=zh.join(part.in_("zh") for part in parts))


def joined(*sentences: Text) -> Text:
    """One sentence after the other."""
    return listed(sentences, " ", "")


def both(text: Text) -> dict[str, Plain]:
    """A text as plain JSON."""
    return {"en": text.en, "zh": text.zh}


IGNORED = {
    Ignored.NOT_YET: Text(
        en="It is dated {day}, after the day asked about ({as_of}).", zh="日期为{day},晚于查询日期({as_of})。"
    ),
    Ignored.OTHER_OCCASION: Text(
        en="It is dated {day} and does not belong to the occasion that is judged.",
        zh="日期为{day},不属于本次评定所依据的事项。",
    ),
    Ignored.OUTSIDE_WINDOW: Text(
        en="It is dated {day}, longer ago than the card looks back ({window}).",
        zh="日期为{day},超出评价回溯期({window})。",
    ),
    Ignored.ENDED: Text(
        en="It counts only while it lasts, and ended on {until}.", zh="仅在有效期间计分,已于{until}终止。"
    ),
    Ignored.EXPIRED: Text(
        en="Its term ended on {expires}; past it, a record is not counted.",
        zh="期限已于{expires}届满,届满后不再计分。",
    ),
    Ignored.REPAIRED: Text(en="It has been repaired and is not counted.", zh="已完成信用修复,不计分。"),
    Ignored.WITHDRAWN: Text(en="Its issuer has withdrawn it.", zh="已由信息提供单位撤回。"),
    Ignored.CONTESTED: Text(
        en="It is contested, and is not counted until that is settled.", zh="正在异议处理中,处理完毕前不计分。"
    ),
    Ignored.FADED: Text(
        en="It is dated {day}; its age has brought it to nothing.", zh="日期为{day},因时间久远已不计分。"
    ),
    Ignored.CONSUMES_NOTHING: Text(
        en="A record of this kind or amount carries no points.", zh="该类别或金额的记录不计分。"
    ),
    Ignored.NOT_THE_STRONGEST: Text(
        en="Only the weightiest record counts here, and another one is.", zh="此项仅计最重的一条记录,已计另一条。"
    ),
    Ignored.NOT_KNOWN: Text(
        en="The source of this indicator is not known to have delivered, so nothing is counted.",
        zh="该指标的信息来源尚未报送,不计分。",
    ),
}
"""Why a record gives no points."""

DEDUCTS = Text(en="Deducts {points} points.", zh="扣{points}分。")
AWARDS = Text(en="Awards {points} points.", zh="加{points}分。")
CONTESTED = Text(en="It is contested.", zh="该记录正在异议处理中。")
ADDS_AMOUNT = Text(
    en="Adds {amount} to the total from which the points follow.", zh="计入合计{amount},按合计计分。"
)
RESULT = Text(
    en="Its grade on {day} is {grade}, at {total} points.", zh="该评价于{day}的结果为{grade}级,{total}分。"
)
"""What another card said, where its result is read."""

UNKNOWN = Text(
    en="Not known: no source has delivered, so nothing is deducted or awarded.",
    zh="未知:信息来源尚未报送,不扣分也不加分。",
)
NO_RECORD = Text(en="No record.", zh="无记录。")
NOTHING_COUNTS = Text(en="None of the records ({read}) counts.", zh="{read}条记录均不计分。")
COUNTED = Text(
    en="Records that count: {counted}; together {uncapped} points.", zh="{counted}条记录计分,合计{uncapped}分。"
)
CAPPED = Text(
    en="Records that count: {counted}; together {uncapped} points, held at the weight of {weight}.",
    zh="{counted}条记录计分,合计{uncapped}分,以权重{weight}分为限。",
)

NO_GRADE = {
    NoGrade.NO_OCCASION: Text(
        en="No grade: up to {as_of} there is no occasion for this card to judge.",
        zh="不予评级:截至{as_of}没有可供评定的事项。",
    ),
    NoGrade.TOO_LITTLE_KNOWN: Text(
        en="No grade: {known} % of the card's weight is known, and {needed} % is needed.",
        zh="不予评级:已知指标权重占{known}%,至少需要{needed}%。",
    ),
    NoGrade.BELOW_EVERY_BAND: Text(
        en="No grade: the total lies below every band.", zh="不予评级:总分低于所有等级。"
    ),
}
"""Why there is no grade."""

TOTAL = Text(
    en="{base} to begin with, {deducted} deducted, {awarded} awarded: {total} points, grade {grade}.",
    zh="基础分{base}分,扣{deducted}分,加{awarded}分,总分{total}分,等级{grade}。",
)
GATED = Text(
    en=(
        "{base} to begin with, {deducted} deducted, {awarded} awarded: {total} points. "
        "Grade {grade} at most: {gates}."
    ),
    zh="基础分{base}分,扣{deducted}分,加{awarded}分,总分{total}分。最高等级为{grade}:{gates}。",
)
