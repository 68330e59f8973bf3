"""A small rulebook of lists, measures and memoranda, without a fault, that tests lay beside the tiny one.

Its faults stand in ``faults_*.yaml``, with what is reported of each and where.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

RULEBOOK = """\
rulebook: listed
name: {en: Listed}
jurisdiction: {en: Nowhere}
uses: [base, tiny]
in_force: {from: 2020-01-01}
basis: Lists Act, section 1
reference: R0
"""

_END = """\
    in_force: {from: 2020-01-01}
    basis: Lists Act, section 2
    reference: R0
"""

AGENCIES = f"""\
agencies:
  - agency: bureau
    name: {{en: Bureau}}
    level: county
    competent_for: ['entry.*', declarations, lodged]
    part_of: office
{_END}  - agency: office
    name: {{en: Office}}
    level: city
    competent_for: ['entry.*']
    part_of: ministry
{_END}  - agency: ministry
    name: {{en: Ministry}}
    level: national
    competent_for: ['entry.*', step]
{_END}  - agency: treasury
    name: {{en: Treasury}}
    level: national
    competent_for: [grading]
{_END}"""

_SAYS = (
    "".join(
        f"      - {{attribute: {name}, name: {{en: Words}}, type: text}}\n"
        for name in (
            "list",
            "decision_number",
            "reason",
            "case",
            "criterion",
            "band",
            "legal_basis",
            "facts",
            "answers",
            "evidence",
            "contest",
        )
    )
    + "      - {attribute: officer, name: {en: Officer}, type: text, mask: hidden}\n"
)

CATALOGUE = f"""\
items:
  - item: entry.bad
    name: {{en: Serious list}}
    category: penalties
    polarity: negative
    disclosure: open
    term: {{display: 5y}}
    attributes:
{_SAYS}{_END}  - item: entry.watched
    name: {{en: Watch list}}
    category: penalties
    polarity: neutral
    disclosure: shared
{_END}  - item: entry.good
    name: {{en: Redlist}}
    category: penalties
    polarity: positive
    disclosure: open
    attributes:
{_SAYS}{_END}  - item: declarations
    name: {{en: Declarations}}
    category: penalties
    polarity: neutral
    disclosure: open
    attributes:
      - {{attribute: number, name: {{en: Number}}, type: integer}}
      - {{attribute: year, name: {{en: Year}}, type: integer}}
      - {{attribute: amount, name: {{en: Amount}}, type: amount, unit: days}}
{_END}  - item: lodged
    name: {{en: Objection}}
    category: penalties
    polarity: neutral
    disclosure: open
    effect: contests
{_END}  - item: step
    name: {{en: Notice}}
    category: penalties
    polarity: neutral
    disclosure: restricted
    effect: step
{_END}  - item: key-personnel.judged
    name: {{en: Somebody in a key role was judged}}
    category: penalties
    polarity: negative
    disclosure: shared
    term: {{display: 1y}}
{_END}  - item: grading
    name: {{en: Yearly credit grade, zh: 信用等级}}
    category: penalties
    polarity: neutral
    disclosure: open
{_END}"""

_STEPS = """\
    decides: {level: county, consent_below: national}
    steps:
      calendar: tiny/days
      respond: {number: 10, unit: working-days, rule: Lists Act section 3}
      announcement: {number: 30, unit: days, rule: Lists Act section 4}
      consent: {number: 20, unit: working-days, rule: Lists Act section 5}
      notify: {number: 5, unit: working-days, rule: Lists Act section 6}
      hear: {number: 30, unit: days, rule: Lists Act section 7}
      decide: {number: 30, unit: days, rule: Lists Act section 8, lapse: reminds}
    leaving: {basis: Lists Act section 9, early: {en: Put it right}}
"""

LISTS = f"""\
lists:
  - list: listed/bad
    name: {{en: Seriously dishonest organisations, zh: 严重失信名单}}
    kind: serious-violation
    record: entry.bad
    authorities: [bureau, ministry]
{_STEPS}    lasts: {{minimum: 6m, maximum: 5y, stay: 3m, display: 3y}}
    bands:
      measured_by: {{of: penalty.fine, attribute: amount}}
      bands:
        - {{band: small, name: {{en: Small}}, from: 0, lists: false}}
        - {{band: large, name: {{en: Large}}, from: 1000, maximum: 4y}}
    ability: true
    criteria:
      - criterion: fined-much
        name: {{en: Fined, zh: 罚款}}
        basis: Lists Act section 10
        reference: R0
        requires:
          all:
            - sum:
                of: {{item: penalty.fine, within: 1y, where: [{{attribute: severity, is: serious}}]}}
                attribute: amount
              more_than: 1000
            - none: {{items: [honour, tip], year: this}}
        warns:
          count: penalty.fine
          at_least: 1
      - criterion: fined-often
        name: {{en: Fined often}}
        basis: Lists Act section 11
        reference: R0
        requires:
          any:
            - rate:
                of: penalty.fine
                per: {{of: {{item: declarations, year: previous}}, attribute: number}}
                more_than: 1/1000
            - established: {{fact: conceals-property, name: {{en: Conceals its property, zh: 隐匿财产}}}}
{_END}  - list: listed/watch
    name: {{en: Organisations at risk}}
    kind: watch
    record: entry.watched
    authorities: [ministry]
    decides: {{level: county}}
    not_given: it is kept by others
    warns_of: listed/bad
    public: false
{_END}  - list: listed/good
    name: {{en: Honest organisations}}
    kind: red
    record: entry.good
    authorities: [ministry]
{_STEPS}    lasts: {{minimum: 1y, maximum: 2y}}
    criteria:
      - criterion: always-declared
        name: {{en: Declared two years in a row and on no other list}}
        basis: Lists Act section 12
        reference: R0
        requires:
          all:
            - years: {{of: declarations, attribute: year, consecutive: 2}}
            - not_listed: {{kinds: [serious-violation, abnormal-operation]}}
            - none: {{item: penalty.fine, within: 3y}}
{_END}"""

CASES = """\
list: listed/bad
cases:
  - case: fined once
    given:
      - {item: penalty.fine, on: 2020-12-01, attributes: {severity: serious, amount: 1000}}
    as_of: 2021-01-01
    expect: {criteria: {fined-often: possible}, near: [fined-much], band: large}
    why: not more than a thousand
  - case: hides what it owns
    given: []
    established: [conceals-property]
    held: [listed/good]
    delivered: [penalty.fine]
    as_of: 2021-01-01
    expect: {criteria: {fined-often: met}}
    why: it was established
"""

GOOD_CASES = """\
list: listed/good
cases:
  - case: nothing declared
    given: []
    as_of: 2021-01-01
    expect: {}
    why: no years
"""

LEFT_OUT = """\
left_out:
  - {row: 4.1/41, target: {en: National no-fly list}, why: It is about persons}
"""

MEASURES = """\
measures:
  - measure: listed/no-tenders
    name: {en: Not admitted to public tenders, zh: 限制参加政府采购}
    category: rights-reducing
    binding: mandatory
    binds: listed-organisation
    executors: [treasury, ministry]
    decisions: [procurement]
    conduct: Who does not pay what it owes is no safe contractor of public bodies
    maximum: 3y
    number: 1
    in_force: {from: 2020-01-01}
    basis: Procurement Act, section 13
    reference: R0
  - measure: listed/closer-look
    name: {en: Included in key supervision}
    category: management
    binding: mandatory
    binds: listed-organisation
    executors: [bureau]
    decisions: [inspection]
    conduct: Where something went wrong it may again
    number: 12
    in_force: {from: 2020-01-01}
    basis: Inspections Act, section 14
    reference: R0
  - measure: listed/lenders-look
    name: {en: Lenders consult the entry}
    category: market
    binding: reference
    binds: listed-organisation
    executors: [treasury]
    decisions: [credit]
    conduct: Lenders judge whether debts are paid
    number: 14
    in_force: {from: 2020-01-01}
    basis: Credit Regulation, section 15
    reference: R0
  - measure: listed/fast-track
    name: {en: Applications are dealt with first}
    category: reward
    binding: reference
    binds: listed-organisation
    executors: [bureau]
    decisions: [licence]
    conduct: Who was always reliable needs less checking
    in_force: {from: 2020-01-01}
    basis: Licences Act, section 16
    reference: R0
"""

MEMORANDA = f"""\
memoranda:
  - memorandum: listed/against
    name: {{en: Joint measures}}
    lists: [listed/bad]
    signatories: [ministry, treasury, bureau]
    measures:
      - {{measure: listed/no-tenders, by: [treasury]}}
      - {{measure: listed/closer-look}}
{_END}  - memorandum: listed/warned
    name: {{en: A closer look at those at risk}}
    lists: [listed/watch]
    signatories: [ministry, bureau, treasury]
    measures:
      - {{measure: listed/closer-look}}
      - {{measure: listed/lenders-look}}
{_END}  - memorandum: listed/for
    name: {{en: Joint rewards}}
    lists: [listed/good]
    signatories: [ministry, bureau]
    measures:
      - {{measure: listed/fast-track}}
{_END}"""

INTAKE = (
    f"""\
mapping: listed/imported
item: entry.bad
agency: ministry
subject: {{scheme: tiny-id, column: id}}
key: [number]
valid_from: {{column: day}}
attributes: {{}}
{_END}""".replace("    in_force", "in_force")
    .replace("    basis", "basis")
    .replace("    reference", "reference")
)

FILES = {
    "rulebook": RULEBOOK,
    "agencies": AGENCIES,
    "catalogue": CATALOGUE,
    "lists/all": LISTS,
    "lists/bad.cases": CASES,
    "lists/good.cases": GOOD_CASES,
    "lists/left-out": LEFT_OUT,
    "measures": MEASURES,
    "memoranda": MEMORANDA,
    "intake/imported": INTAKE,
}


def path(short: str) -> str:
    """The file of that short name, relative to the folder of rulebooks."""
    return f"listed/{short}.yaml"


def faults(name: str) -> dict[str, dict[str, str]]:
    """The faults of that file, by name."""
    return yaml.safe_load((Path(__file__).parent / name).read_text(encoding="utf-8"))


def assert_found(books: Any, fault: dict[str, str]) -> None:
    """Lay the fault into the books and hold the findings against what it says."""
    file = path(fault["file"])
    books.replace(file, fault["old"], fault["new"])
    text = books.path(file).read_text(encoding="utf-8")
    where = fault["at"]
    if where is None:
        assert any(part in each.reason for each in books.errors() for part in fault["says"].split("|"))
        return
    place = text.rindex(where[6:]) if where.startswith("last: ") else text.index(where)
    line = text[:place].count("\n") + 1
    findings = books.errors()
    here = [each for each in findings if (each.file, each.line) == (str(books.path(file)), line)]
    assert here, "\n".join(map(str, findings)) or "no finding"
    said = fault["says"].split("|")
    assert any(part in each.reason for each in here for part in said), "\n".join(map(str, here))
    assert all(each.remedy for each in findings)
