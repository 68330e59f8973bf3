"""What is said of what would change a grade, sentence by sentence, in English and Chinese."""

from __future__ import annotations

from enum import StrEnum

from probity.rulebook import Text
from probity.scoring.outlook.ahead import Passing


class Lateness(StrEnum):
    """What a later statement was."""

    RECORD = "record"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    OBJECTION = "objection"
    SETTLEMENT = "settlement"
    REPAIR = "repair"
    REGISTRATION = "registration"


SILENT = Text(en="So nothing can be said of what would change it.", zh="因此无法说明哪些情况会改变等级。")
UNGRADED = "–"
"""Stands for the grade of one that has none."""
BEST = Text(en="This is the best grade of the card.", zh="已是本评价的最高等级。")

RISES = Text(
    en="If nothing new is recorded, the grade is {grade} from {day} on, with {total} points.",
    zh="如无新增记录,自{day}起等级为{grade},总分{total}分。",
)
RISES_DISCREET = Text(
    en="Time alone lifts the grade to {grade}; on which day depends on a record that is not open to the public.",
    zh="仅凭时间经过,等级可升为{grade};具体日期取决于未公开的记录。",
)
FALLS = Text(
    en="If nothing new is recorded, the grade falls to {grade} on {day}, with {total} points.",
    zh="如无新增记录,等级将于{day}降为{grade},总分{total}分。",
)
FALLS_DISCREET = Text(
    en="Time alone lowers the grade to {grade}; on which day depends on a record that is not open to the public.",
    zh="仅凭时间经过,等级将降为{grade};具体日期取决于未公开的记录。",
)
ENDS_UNGRADED = Text(
    en="If nothing new is recorded, there is no grade any more from {day} on.",
    zh="如无新增记录,自{day}起不再有等级。",
)
ENDS_UNGRADED_DISCREET = Text(
    en="With time alone the grade comes to an end; when depends on a record that is not open to the public.",
    zh="仅凭时间经过,等级将终止;具体日期取决于未公开的记录。",
)
TIME_NOTHING = Text(
    en="Up to {until}, time alone does not lift the grade.", zh="截至{until},仅凭时间经过,等级不会提高。"
)
TIME_NOTHING_BUT_INPUTS = Text(
    en="Up to {until}, time alone does not lift the grade, unless it lifts a card that this one reads.",
    zh="截至{until},除非所引用的其他评价等级因时间经过而提高,否则等级不会提高。",
)
PASSES = {
    Passing.LEAVES_WINDOW: Text(en="Leaves the window on {on}.", zh="{on}起超出评价回溯期。"),
    Passing.EXPIRES: Text(en="Its term is over from {on} on.", zh="{on}起期限届满。"),
    Passing.ENDS: Text(en="Is no longer in force from {on} on.", zh="{on}起不再有效。"),
    Passing.FADES: Text(en="Age has brought it to nothing by then.", zh="届时因时间久远已不计分。"),
    Passing.AGES: Text(en="Weighs less by then, as it grows older.", zh="届时因时间经过分值减少。"),
    Passing.BEGINS: Text(en="Begins on {on}.", zh="{on}起生效。"),
    Passing.NOT_JUDGED: Text(
        en="By then another occasion is judged, or none.", zh="届时评定其他事项,或已无可评定的事项。"
    ),
}
"""What time does to a record."""
GIVES = Text(en="That gives {points} points.", zh="相应增加{points}分。")
TAKES = Text(en="That takes {points} points.", zh="相应减少{points}分。")

REPAIR_ONE = Text(
    en="Repair of this record gives {gain} points: grade {grade} instead of {now}.",
    zh="该记录完成信用修复后增加{gain}分:等级由{now}变为{grade}。",
)
REPAIR_ALL = Text(
    en="Repair of these {number} records together gives {gain} points: grade {grade} instead of {now}.",
    zh="以下{number}条记录均完成信用修复后共增加{gain}分:等级由{now}变为{grade}。",
)
REPAIR_GATE = Text(
    en="Repair of the records named here ({number}) lifts what holds the grade down: {grade} instead of {now}.",
    zh="所列{number}条记录完成信用修复后,等级限制解除:等级由{now}变为{grade}。",
)
REPAIR_DISCREET = Text(
    en="Records whose repair lifts the grade to {grade}: {number}, not all of them open to the public.",
    zh="{number}条记录(其中有未公开的记录)完成信用修复后,等级升为{grade}。",
)
ALIKE = Text(en="One of {number} choices that do just the same.", zh="另有同样效果的选择,共{number}种。")
MAYBE_FEWER = Text(en="Fewer records may suffice.", zh="或许更少的记录即可。")
ALONE = Text(en="Its repair alone: {points} points.", zh="仅修复该记录:{points}分。")
ALONE_NOTHING = Text(en="Its repair alone gives no points.", zh="仅修复该记录不增加分数。")
REPAIR_NOTHING = Text(
    en="Repair alone does not lift the grade to {grade}.", zh="仅凭信用修复,等级不能升为{grade}。"
)
REPAIR_NOTHING_BUT_INPUTS = Text(
    en="Repair does not lift the grade to {grade}, unless it lifts a card that this one reads.",
    zh="除非所引用的其他评价等级因信用修复而提高,否则等级不能升为{grade}。",
)
REPAIR_NOTHING_FOUND = Text(
    en="No repairs were found that lift the grade to {grade}.", zh="未找到能使等级升为{grade}的信用修复。"
)

WAY = Text(en="{deeds}: {gain} points, grade {grade}.", zh="{deeds}:增加{gain}分,等级{grade}。")
CONDUCT_NOTHING = Text(
    en="Good conduct alone does not lift the grade to {grade}.", zh="仅凭守信行为,等级不能升为{grade}。"
)
CONDUCT_NOTHING_BUT_INPUTS = Text(
    en="Good conduct does not lift the grade to {grade}, unless it lifts a card that this one reads.",
    zh="除非所引用的其他评价等级因守信行为而提高,否则等级不能升为{grade}。",
)
BLOCKED = Text(
    en="However much good is done, the grade does not rise to {grade} while this holds: {names}.",
    zh="在下列情形存续期间,无论有多少守信行为,等级均不能升为{grade}:{names}。",
)
ANEW = Text(
    en="This card judges one occasion; what is done from now on counts at the next.",
    zh="本评价只评定一次检查;此后的行为在下一次检查时计入。",
)

HELD = Text(
    en="“{gate}” holds the grade at {grade}; the records that do so are {number} in number.",
    zh="“{gate}”使等级最高为{grade};相关记录共{number}条。",
)
INPUTS = Text(
    en="Results of other cards are taken as they are on {as_of}; see there what would change them: {names}.",
    zh="其他评价的结果以{as_of}为准;其变化请查看相应评价:{names}。",
)
CARD_ENDS = Text(
    en="This version of the card is law until {to}; what is said of later days holds if its rules stay the same.",
    zh="本版评价标准有效期至{to};此后各日的说明以规则不变为前提。",
)
DECIDED = Text(
    en="Whether and when a record is repaired, the competent agency decides; this says only what it would give.",
    zh="能否及何时修复由有权机关决定;此处只说明修复后的效果。",
)
CONTEST = Text(
    en="Whoever holds a record to be wrong can object to it, whatever is said here.",
    zh="认为记录有误的,可随时提出异议,不受以上内容影响。",
)

MISSING = Text(en="Points missing to {grade}: {points}.", zh="距{grade}还差{points}分。")
TO_SPARE = Text(
    en="Points that can be lost before it is {grade}: {points}.",
    zh="失去超过{points}分即降为{grade}。",
)
RESTS_ON_NONE = Text(en="No single record decides the grade.", zh="没有任何单条记录决定等级。")
RESTS_ON_ONE = Text(en="Without one single record the grade would be another.", zh="缺少某一条记录,等级即会不同。")
RESTS_ON_ANY = Text(
    en="Without any one of {number} records the grade would be another.",
    zh="有{number}条记录,缺少其中任何一条,等级即会不同。",
)
WITHOUT = Text(en="Without it: {total} points, grade {grade}.", zh="如无该记录:{total}分,等级{grade}。")
WITHOUT_SAME = Text(en="Without it: {total} points, and the same grade.", zh="如无该记录:{total}分,等级不变。")
WITHOUT_UNGRADED = Text(en="Without it there would be no grade.", zh="如无该记录,则不予评级。")

LATER = {
    Lateness.RECORD: Text(
        en="Recorded only on {recorded}, though dated {day}.", zh="{recorded}才录入,日期为{day}。"
    ),
    Lateness.CORRECTION: Text(en="Corrected on {recorded}.", zh="{recorded}更正。"),
    Lateness.WITHDRAWAL: Text(en="Withdrawn on {recorded}.", zh="{recorded}撤回。"),
    Lateness.OBJECTION: Text(
        en="Objected to as of {day}, recorded on {recorded}.", zh="{day}提出异议,{recorded}录入。"
    ),
    Lateness.SETTLEMENT: Text(
        en="Objection closed as of {day}, recorded on {recorded}.", zh="{day}异议处理完毕,{recorded}录入。"
    ),
    Lateness.REPAIR: Text(en="Repaired as of {day}, recorded on {recorded}.", zh="{day}完成修复,{recorded}录入。"),
    Lateness.REGISTRATION: Text(
        en="Registration as of {day}, recorded on {recorded}.", zh="{day}的登记信息,{recorded}录入。"
    ),
}
"""What was stated after a day and speaks of it."""
