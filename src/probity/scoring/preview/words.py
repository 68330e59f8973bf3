"""What a preview says in sentences, in English and Chinese."""

from __future__ import annotations

from probity.rulebook import Text

DIMENSIONS = {
    "size": Text(en="Size", zh="企业规模"),
    "sector": Text(en="Sector", zh="行业门类"),
    "region": Text(en="Region", zh="地区"),
    "ownership": Text(en="Controlling ownership", zh="控股情况"),
}
NOT_STATED = Text(en="Not stated", zh="未填报")
TOGETHER = Text(en="{number} small classes, together", zh="{number}个小类合并")

NOTHING_IS_GRADED = Text(
    en=(
        "This is a preview: nobody was graded by it and nothing was recorded. Both cards were applied to the "
        "same records, whatever the days on which they are in force."
    ),
    zh="本页为预演:未对任何主体作出评价,也未作任何记录。新旧两套指标适用于同一批记录,不论其生效日期。",
)
BY_GRADE = Text(en="Better and worse mean a better and a worse grade.", zh="“变好”“变差”指等级变好、变差。")
BY_TOTAL = Text(
    en=(
        "The two cards do not have the same grades, so that better and worse mean a higher and a lower place "
        "of the total on the card's own scale."
    ),
    zh="新旧指标等级设置不同,“变好”“变差”指总分在各自分值范围内的位置升高、降低。",
)
INTERVAL = Text(
    en=(
        "Everyone in the register is counted, so that the counts are exact. An interval (Wilson, 95 per cent) "
        "says how far the share of such a group might lie from the one seen if its records had come about by "
        "the same chances once more: the smaller the group, the wider."
    ),
    zh=(
        "登记的主体全部计入,计数准确无误。区间(威尔逊法,95%)表示:若同样的机会再来一次,"
        "该类主体的比例可能偏离所见比例多远;类越小,区间越宽。"
    ),
)
MANY = Text(
    en=(
        "{number} intervals are compared with the share of everyone. If no group differed in truth, about "
        "{false} of them would still exclude it by chance. Those marked twice exclude it even when corrected "
        "for their number (Bonferroni)."
    ),
    zh=(
        "共有{number}个区间与总体比例比较。即使各类之间实际并无差别,仍约有{false}个会因偶然而不含总体比例。"
        "有双重标记者,按区间个数校正(邦费罗尼法)后仍不含总体比例。"
    ),
)
TOO_FEW = Text(
    en=(
        "Classes in which fewer than {least} are compared are put together, so that no table of classes speaks "
        "of a single organisation or makes much of a few."
    ),
    zh="可比主体不足{least}个的类别合并列示,避免表格指向单个主体,也避免以少数推断整体。",
)
SIZE_MATTERS = Text(
    en=(
        "The larger an organisation, the more happens to it that can be on record: compare the sizes before "
        "judging sectors, regions or owners."
    ),
    zh="规模越大,可能留下的记录越多:先比较规模,再比较行业、地区和控股情况。",
)
NOT_WHY = Text(
    en=(
        "The tables show what the new card does, not that its points are right: to say why is for those who "
        "make the rule."
    ),
    zh="以上各表说明新指标的效果,不说明其分值是否合理;理由应由规则制定者说明。",
)

BOTH = Text(en="Before: {before} Now: {after}", zh="原:{before}现:{after}")
SAME_WORDS = Text(en="{after} The rule counts them otherwise.", zh="{after}计分规则不同。")
ONLY_AFTER = Text(en="The old card does not have it. Now: {after}", zh="旧指标无此项。现:{after}")
ONLY_BEFORE = Text(en="The new card does not have it. Before: {before}", zh="新指标无此项。原:{before}")

BASE = Text(en="To begin with", zh="基础分")
SCALE = Text(en="Scale", zh="分值范围")
GRADES = Text(en="Grades", zh="等级")
APPLIES = Text(en="Applies to", zh="适用主体")
KNOWN = Text(en="Known weight needed for a grade", zh="评级所需已知权重")
OCCASION = Text(en="Occasion", zh="评定事项")
GATE = Text(en="Gate: {name}", zh="等级上限:{name}")
POINTS = Text(en="{points} points", zh="{points}分")
FROM_TO = Text(en="from {lowest} to {highest}", zh="{lowest}至{highest}")
WHILE = Text(en="{grade} at most while there is: {records}", zh="存在{records}时,等级不高于{grade}")
DEDUCTS = Text(en="Deducts {weight} at most. {rule}", zh="最多扣{weight}分。{rule}")
AWARDS = Text(en="Awards {weight} at most. {rule}", zh="最多加{weight}分。{rule}")
