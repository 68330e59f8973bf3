"""Every kind of fault that the checker knows, each with its file and line."""

from __future__ import annotations

import pytest

# Each row: the file, what is replaced, by what, (the text that stands on the line reported), words of the reason.
ERRORS = {
    # shape
    "not YAML": ("card", "subjects: [enterprise]", "subjects: [enterprise", "scale:", "not YAML"),
    "tab": ("card", "base: 90", "base:\n\t90", "\t90", "not YAML"),
    "duplicate key": ("card", "base: 90", "base: 90\nbase: 80", "base: 80", "base is written twice"),
    "deep duplicate key": (
        "catalogue",
        "unit: CNY/100",
        "unit: CNY\n        unit: USD",
        "unit: USD",
        "written twice",
    ),
    "unknown key": ("card", "weight: 90", "wieght: 90", "wieght: 90", "no key wieght|weight is missing"),
    "missing key": ("card", "    weight: 100\n", "", "- group: conduct", "groups.0.weight is missing"),
    "wrong type": ("card", "base: 90", "base: lots", "base: lots", "not a number"),
    "infinite": ("card", "base: 90", "base: .inf", "base: .inf", "not a number"),
    "absurd points": ("card", "base: 90", "base: 1000000000000", "base: 10000", "beyond what a card may hold"),
    "absurd exponent": ("card", "base: 90", "base: '9e999999999'", "base: '9e", "beyond|not a number"),
    "not a number": ("card", "base: 90", "base: NaN", "base: NaN", "beyond what a card"),
    "too many decimals": ("card", "minor: 4.5", "minor: 4.5555", "table:", "more than three decimals"),
    "impossible day": ("card", "from: 2020-01-01", "from: 2020-02-30", "in_force:", "valid date"),
    "ends before it begins": (
        "card",
        "{from: 2020-01-01}",
        "{from: 2020-01-01, to: 2019-01-01}",
        "in_force:",
        "ends on",
    ),
    "number for text": ("card", "basis: Tiny Act, section 9", "reference2: 3\nbasis: x y", "reference2", "no key"),
    "period": ("catalogue", "minor: 3m", "minor: 3 months", "periods:", "not a period"),
    "anchor": ("card", "name: {en: Tiny card}", "name: &n {en: Tiny card}", "name: &n", "anchors"),
    "tag": ("card", "base: 90", "base: !!python/object:os.system 90", "base: !!py", "tag"),
    "nested too deep": ("card", "base: 90", "base: " + "[" * 99 + "]" * 99, "base: [", "nested more than"),
    "list expected": ("schemes", "schemes:\n", "scheme:\n", "scheme:", "must hold a list under schemes"),
    "stray top key": ("schemes", "schemes:\n", "more: 1\nschemes:\n", "more: 1", "no key more"),
    "comma within braces": ("catalogue", "{en: Complaint}", "{en: Tip, or two}", "{en: Tip", "no key or two"),
    "local without pattern": (
        "schemes",
        "    pattern: '[0-9]{1,6}'\n",
        "",
        "- scheme: tiny-id",
        "needs a pattern",
    ),
    "amount without unit": ("catalogue", "        unit: CNY/100\n", "", "- attribute: amount", "needs its unit"),
    "text with choices": ("catalogue", "type: choice", "type: text", "- attribute: severity", "choices belong"),
    "term says nothing": ("catalogue", "      by: severity\n", "", "term:", "say either display, or by"),
    "calendar both ways": ("days", "years:\n", "holidays: US\nyears:\n", "calendar:", "either years or holidays"),
    "each and table": ("card", "of: severity", "each: 1\n          of: severity", "consumes:", "exactly one of"),
    "table without of": ("card", "          of: severity\n", "", "consumes:", "need of"),
    "steps fall": (
        "card",
        "of: severity\n          table: {minor: 4.5, serious: 90}",
        "of: amount\n          steps: [{from: 2, points: 1}, {from: 1, points: 2}]",
        "consumes:",
        "steps must rise",
    ),
    "consumes less than nothing": ("card", "consumes: 10", "consumes: -10", "consumes: -10", "less than nothing"),
    "ageing twice": (
        "card",
        "consumes: 10",
        "ageing: {linear: 1y, half_life: 1y}\n        consumes: 10",
        "ageing:",
        "not both",
    ),
    "treatment": ("card", "50%", "half", "treatment:", "is not a treatment"),
    "no weight": ("card", "weight: 10\n", "weight: 0\n", "- indicator: honours", "more than nothing"),
    "sum by each": (
        "card",
        "consumes: 10",
        "measure: sum\n        consumes: 10",
        "- indicator: honours",
        "a sum is turned",
    ),
    "empty group": (
        "card",
        "groups:\n",
        "groups:\n  - {group: a, name: {en: A}, weight: 1}\n",
        "- {group: a",
        "holds either",
    ),
    "no groups": ("rulebook", "uses: [base]", "uses: base", "uses: base", "a list is wanted"),
    # dates and ids
    "same id in two rulebooks": (
        "base",
        "rulebook: base",
        "rulebook: tiny",
        None,
        "already belongs|folder|no rulebook",
    ),
    "calendar year twice": (
        "days",
        "year: 2021",
        "year: 2020",
        "year: 2020\n    off: [2021",
        "2020 is here twice",
    ),
    "off and worked": ("days", "worked: [2020-10-10]", "worked: [2020-10-01]", "worked:", "both off and worked"),
    "day of another year": ("days", "2020-10-01]", "2025-10-01]", "- year: 2020", "does not belong to 2020"),
    "no working day": ("days", "day_zero", "weekend: [0, 1, 2, 3, 4, 5, 6]\nday_zero", "weekend:", "working day"),
    # references
    "absent rulebook": ("rulebook", "uses: [base]", "uses: [bass]", "uses:", "no rulebook bass"),
    "circle": ("base", "jurisdiction", "uses: [tiny]\njurisdiction", "uses:", "circle"),
    "unknown category": (
        "catalogue",
        "category: penalties",
        "category: penaltys",
        "category: penaltys",
        "no category",
    ),
    "attribute twice": (
        "catalogue",
        "- attribute: amount",
        "- attribute: severity",
        None,
        "severity is here twice",
    ),
    "choice twice": ("catalogue", "{value: minor, name", "{value: serious, name", None, "here twice|not a choice"),
    "term by nothing": ("catalogue", "by: severity", "by: severty", "by: severty", "which it does not have"),
    "term by an amount": ("catalogue", "by: severity", "by: amount", "by: amount", "is of type amount"),
    "term of no choice": (
        "catalogue",
        "{minor: 3m, ",
        "{minor: 3m, mayor: 1y, ",
        "periods:",
        "mayor is not a choice",
    ),
    "relates without related": (
        "catalogue",
        "origin: market",
        "effect: relates",
        "effect:",
        "no required attribute relat",
    ),
    "registers without a name": (
        "catalogue",
        "disclosure: restricted\n    origin: market",
        "disclosure: open\n    effect: registers",
        "effect:",
        "no required attribute",
    ),
    "relation not required": (
        "catalogue",
        "origin: market",
        "effect: relates\n    attributes:\n"
        "      - {attribute: related, name: {en: Other}, type: organisation}\n"
        "      - {attribute: relation, name: {en: How}, type: text, required: true}",
        "effect:",
        "no required attribute related of type organisation",
    ),
    "a register that is not open": (
        "catalogue",
        "disclosure: restricted\n    origin: market",
        "disclosure: restricted\n    effect: registers\n    attributes:\n"
        "      - {attribute: name, name: {en: Name}, type: text, required: true}",
        "disclosure: restricted",
        "registers and is not open",
    ),
    "a name that is masked": (
        "catalogue",
        "disclosure: restricted\n    origin: market",
        "disclosure: open\n    effect: registers\n    attributes:\n"
        "      - {attribute: name, name: {en: Name}, type: text, required: true, mask: partial}",
        "- {attribute: name,",
        "a name that is masked",
    ),
    "a closed occasion": ("card", "gates:", "occasion: tip\ngates:", "occasion:", "which is not open"),
    "points by a masked attribute": (
        "catalogue",
        "required: true\n        choices:",
        "required: true\n        mask: hidden\n        choices:",
        None,
        "is masked, and the explanation",
    ),
    "a kind in free text": (
        "catalogue",
        "disclosure: restricted\n    origin: market",
        "disclosure: open\n    effect: registers\n    attributes:\n"
        "      - {attribute: name, name: {en: Name}, type: text, required: true}\n"
        "      - {attribute: kind, name: {en: Kind}, type: text}",
        "- {attribute: kind",
        "not free text",
    ),
    "a kind of persons": (
        "catalogue",
        "disclosure: restricted\n    origin: market",
        "disclosure: open\n    effect: registers\n    attributes:\n"
        "      - {attribute: name, name: {en: Name}, type: text, required: true}\n"
        "      - {attribute: kind, name: {en: Kind}, type: choice, choices: [{value: person, name: {en: P}}]}",
        "- {attribute: kind",
        "person is not a kind of organisation",
    ),
    "pattern": ("schemes", "'[0-9]{1,6}'", "'[0-9'", "pattern:", "does not compile"),
    # charter
    "missing basis": (
        "catalogue",
        "    basis: Tiny Act, section 5\n",
        "",
        "- item: penalty.fine",
        "legal basis is missing",
    ),
    "blank basis": ("catalogue", "basis: Tiny Act, section 5", "basis: ' '", "basis: ' '", "legal basis is blank"),
    "empty basis": ("catalogue", "basis: Tiny Act, section 5", "basis:", "basis:\n", "legal basis is blank"),
    "placeholder basis": (
        "catalogue",
        "basis: Tiny Act, section 5",
        "basis: TBD.",
        "basis: TBD",
        "no legal basis",
    ),
    "placeholder basis zh": (
        "agencies",
        "basis: Tiny Act, section 3",
        "basis: 待定",
        "basis: 待定",
        "no legal basis",
    ),
    "placeholder reference": ("card", "reference: R0", "reference: n/a", "reference: n/a", "no reference"),
    "no term": ("catalogue", "polarity: neutral", "polarity: negative", "- item: tip", "negative and has no term"),
    "forbidden id": ("catalogue", "item: tip", "item: party-membership", "item: party", "political opinion"),
    "forbidden name": ("catalogue", "{en: Complaint}", "{en: Petitions made}", "{en: Petitions", "petitioning"),
    "forbidden zh": ("catalogue", "zh: 罚款", "zh: 宗教信仰", "zh: 宗教", "religion"),
    "forbidden attribute": ("catalogue", "{en: Amount}", "{en: Blood type}", "{en: Blood", "genetics"),
    "scheme of persons": (
        "schemes",
        "{en: Tiny number}",
        "{en: Number, zh: 居民身份证}",
        "居民身份证",
        "natural persons",
    ),
    "scheme of traders": (
        "schemes",
        "scheme: tiny-id",
        "scheme: sole-trader",
        "scheme: sole",
        "natural persons|no scheme tiny-id",
    ),
    "pattern admits persons": ("schemes", "[0-9]{1,6}", "[0-9X]+", "pattern:", "admits a citizen number"),
    "attribute of persons": ("catalogue", "{en: Amount}", "{en: Passport number}", "{en: Pass", "natural persons"),
    "unmasked person": ("catalogue", "        mask: partial\n", "", "attribute: legal_rep", "is not masked"),
    "counts expired": ("card", "repaired: 50%", "expired: 10%", "treatment:", "past their term"),
    "counts repaired": ("card", "repaired: 50%", "repaired: count", "treatment:", "as if nothing"),
    "deducts market": (
        "card",
        "- item: penalty.fine\n            where:",
        "- item: tip\n          - item: penalty.fine\n            where:",
        "- item: tip",
        "market information|no attribute severity",
    ),
    "gate on market": ("card", "reads: [penalty.fine]", "reads: [tip]", "reads: [tip]", "market information"),
    # intake
    "mapping: item": ("fines", "item: penalty.fine", "item: penalty.fien", "item: penalty.fien", "no item"),
    "mapping: agency": ("fines", "agency: inspectorate", "agency: nobody", "agency: nobody", "no agency nobody"),
    "mapping: scheme": ("fines", "scheme: tiny-id", "scheme: tiny", "subject:", "no scheme tiny"),
    "not competent": ("agencies", "['penalty.*', ", "[", ("fines", "agency: insp"), "is not competent for"),
    "mapping: attribute": ("fines", "  amount:", "  amuont:", "  amuont:", "no attribute amuont"),
    "mapping: lookup": ("fines", "lookup: grades", "lookup: grade", "lookup: grade", "no lookup table grade"),
    "mapping: choice": ("fines", "{low: minor,", "{low: miner,", "values:", "miner is not a choice"),
    "mapping: days after of text": (
        "fines",
        "lookup: grades",
        "days_after: {column: day}",
        "days_after",
        "is of type choice",
    ),
    "mapping: days after, scaled": (
        "fines",
        "scale: 100",
        "scale: 100\n    days_after: {column: day}",
        "days_after",
        "between two columns|is of type amount",
    ),
    "mapping: days after of a column that is ignored": (
        "fines",
        "    scale: 100\nignores: [remarks]",
        "    days_after: {column: remarks}\nignores: [remarks]",
        "ignores",
        "both used and ignored|is of type amount",
    ),
    "mapping: scale": ("fines", "lookup: grades", "scale: 10", "scale: 10", "is of type choice"),
    "mapping: format": ("fines", "lookup: grades", "format: '%d'", "format: '%d'", "is of type choice"),
    "mapping: regex": ("fines", "'([0-9.]+)'", "'([0-9.]+'", "extract:", "does not compile"),
    "mapping: group": ("fines", "'([0-9.]+)'", "'[0-9.]+'", "extract:", "no group"),
    "mapping: RE2": ("fines", "'([0-9.]+)'", "'(?=x)([0-9.]+)'", "extract:", "RE2"),
    "mapping: constant": (
        "fines",
        "column: fine\n    extract: '([0-9.]+)'\n    scale: 100",
        "constant: many",
        "constant: many",
        "not a whole number",
    ),
    "mapping: neither": ("fines", "    column: fine\n", "", "  amount:", "either column or constant"),
    "key column twice": ("fines", "key: [number]", "key: [number, number]", "key:", "twice"),
    "key column ignored": (
        "fines",
        "ignores: [remarks]",
        "ignores: [number]",
        "ignores:",
        "both used and ignored",
    ),
    "ignored twice": ("fines", "ignores: [remarks]", "ignores: [remarks, remarks]", "ignores:", "ignored twice"),
    "required not filled": (
        "catalogue",
        "unit: CNY/100",
        "unit: CNY/100\n      - {attribute: why, name: {en: Why}, type: text, required: true}",
        None,
        "requires why",
    ),
    # cards
    "weights": ("card", "weight: 90", "weight: 80", "weight: 100", "indicators of conduct add up to 90"),
    "scale": ("card", "to: 100}", "to: 0}", "scale:", "not above its beginning|no total reaches"),
    "base": ("card", "base: 90", "base: 101", "base: 101", "lies outside the scale"),
    "nearest": ("card", "to: 100}", "to: 100, to_nearest: 0}", "scale:", "cannot be rounded"),
    "bands do not fall": ("card", "from: 80}", "from: -1}", "- {grade: B", "not below A"),
    "lowest band": (
        "card",
        "en: Fair}, from: 0}",
        "en: Fair}, from: 1}",
        "- {grade: B",
        "the lowest band begins at 1",
    ),
    "best band": ("card", "from: 80}", "from: 200}", "- {grade: A", "no total reaches A"),
    "grade twice": ("card", "{grade: B", "{grade: A", "{grade: A, name: {en: Fair}", "A is here twice|no grade B"),
    "gate grade": ("card", "at_most: B", "at_most: C", "at_most: C", "no grade C"),
    "indicator twice": (
        "card",
        "indicator: honours",
        "indicator: fines",
        "indicator: fines\n        name: {en: Hon",
        "fines is here twice",
    ),
    "card: scheme": ("card", "base: 90", "base: 90\nschemes: [tiny]", "schemes: [tiny]", "no scheme tiny"),
    "no item": ("card", "reads: [honour]", "reads: [honor]", "reads: [honor]", "no item honor"),
    "condition attribute": (
        "card",
        "attribute: severity,",
        "attribute: colour,",
        "- {attribute: c",
        "no attribute colour",
    ),
    "condition value": (
        "card",
        "is: [minor, serious]",
        "is: [minor, grave]",
        "- {attribute",
        "grave is not a value",
    ),
    "condition type": ("card", "is: [minor, serious]", "at_least: 3", "- {attribute", "compare whole numbers"),
    "condition word": (
        "card",
        "severity, is: [minor, serious]",
        "amount, is: ['3']",
        "- {attribute",
        "compares words",
    ),
    "condition empty": (
        "card",
        "severity, is: [minor, serious]",
        "severity",
        "- {attribute",
        "needs is, at_least",
    ),
    "of nothing": ("card", "of: severity", "of: gravity", "of: gravity", "no attribute gravity"),
    "of a number": ("card", "of: severity", "of: amount", "of: amount", "a table looks at a choice"),
    "absurd quantity": (
        "card",
        "severity, is: [minor, serious]",
        "amount, at_least: 99999999999999999999999",
        "- {attribute: amount",
        "less than or equal to",
    ),
    "of a choice": (
        "card",
        "table: {minor: 4.5, serious: 90}",
        "linear: {per: 1, points: 1}",
        "of: severity",
        "steps and linear look at whole numbers",
    ),
    "table key": ("card", "{minor: 4.5,", "{minor: 4, mild: 1,", "table:", "mild is not a choice"),
    "presence by table": (
        "card",
        "direction: deduct",
        "direction: deduct\n        measure: presence",
        "- indicator: fines",
        "presence consumes the same",
    ),
    # worked cases
    "case: card": ("card.cases", "card: tiny/card", "card: tiny/cart", "card: tiny/cart", "no card tiny/cart"),
    "case: item": ("card.cases", "item: penalty.fine", "item: penalty.find", "- {item", "no item penalty.find"),
    "case: attribute": ("card.cases", "{severity: minor}", "{severe: minor}", "- {item", "no attribute severe"),
    "case: choice": ("card.cases", "{severity: minor}", "{severity: no}", "- {item", "no is not a choice"),
    "case: indicator": (
        "card.cases",
        "{fines: -4.5}",
        "{fine: -4.5}",
        "expect: {score: 85.5",
        "no indicator fine",
    ),
    "case: grade": ("card.cases", "grade: A", "grade: Z", "expect: {score: 90", "no grade Z"),
    "case: day": ("card.cases", "as_of: 2021-01-01", "as_of: 2019-01-01", "as_of: 2019", "not in force on 2019"),
    "case: twice": (
        "card.cases",
        "case: fined",
        "case: clean",
        "case: clean\n    given:\n",
        "clean is here twice",
    ),
    "case: kind": (
        "card.cases",
        "why: nothing",
        "kind: government-body\n    why: nothing",
        "kind: gov",
        "does not grade",
    ),
    "case: days": (
        "card.cases",
        "on: 2020-12-01,",
        "on: 2020-12-01, to: 2020-11-01,",
        "- {item",
        "before it begins",
    ),
}


@pytest.mark.parametrize("name", ERRORS)
def test_a_fault_is_found_on_its_line(books, name):
    short, old, new, where, reason = ERRORS[name]
    books.replace(short, old, new)
    text = books.path(short).read_text(encoding="utf-8")
    findings = books.errors()
    assert findings, "the fault was not found"
    if where is None:
        assert any(part in finding.reason for finding in findings for part in reason.split("|"))
        return
    if isinstance(where, tuple):
        short, where = where
        text = books.path(short).read_text(encoding="utf-8")
    line = text[: text.index(where)].count("\n") + 1
    found = [(finding.file, finding.line) for finding in findings]
    assert (str(books.path(short)), line) in found, "\n".join(map(str, findings))
    for finding in findings:
        assert any(part in finding.reason for part in reason.split("|")), str(finding)
        assert finding.remedy
