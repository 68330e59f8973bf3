"""The charter, as far as a rulebook could break it (articles 1, 2, 6 and 7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from probity.rulebook.finding import Finding
from probity.rulebook.model import FORBIDDEN_SUBJECTS, Disclosure, Effect, Item, Polarity, Scheme, Text
from probity.rulebook.reading import Loc
from probity.rulebook.shelf import Entry, Shelf

_PLACEHOLDER = re.compile(
    r"\W*(tb[dca]|to ?do|to be (determined|confirmed|decided|added|done)|n[ ./]*a|n[ .]*n"
    r"|see (above|below)|xyz|none|no|null|nil|unknown"
    r"|not known|fixme|x+|basis|law||待定|待补充?|待查|待确认|无|暂无|没有|不详|未知|不明)\W*",
    re.IGNORECASE,
)
"""What people write where they know of no legal basis."""

_SAYS_SOMETHING = re.compile(r"[A-Za-z]{3}|[\u4e00-\u9fff]{2}|[A-Z]\d")
"""The least of a name: a word, two characters, or the handle of a rule."""

_NATURAL_PERSON = re.compile(
    r"\bcitizen|\bresident (id|identity)|\bidentity card|\bpassport\b|\bnatural persons?\b"
    r"|\bindividual (trader|business)|\bsole (trader|proprietor)|\bsocial security number"
    r"|\bpersonal (id|identity|number|code)\b|身份证|公民身份|自然人|个体工商户|个体户|护照",
    re.IGNORECASE,
)
_PERSON_IN_ROLE = re.compile(
    r"\blegal rep|\b(owner|proprietor|director|officer|manager|shareholder|partner|inspector|representative"
    r"|contact|person|signatory|chairman|supervisor|investor|trustee|beneficiary)s?\b"
    r"|法定代表人|法人代表|负责人|股东|董事|监事|高管|管理人员|联系人|经办人|经营者|投资人|检查人员|执法人员",
    re.IGNORECASE,
)
_CODES_OF_PERSONS = {
    "a citizen number": "11010519491231002X",
    "the code of an individual trader": "92330106MA2B0K8Y3T",
    "the RFC of a natural person": "GODE561231GR8",
}
"""The specimen numbers of GB 11643 and of the Mexican tax service, and the shape of a USCC of type 92."""


def check_charter(shelf: Shelf) -> Iterator[Finding]:
    """Forbidden matters, missing bases, things without an end, natural persons."""
    for kind in shelf.dated():
        for entry in kind:
            yield from check_basis(entry)
    for scheme in shelf.schemes:
        yield from check_persons(scheme, texts_of(scheme.id, scheme.model.name, "scheme"))
        yield from _admits_persons(scheme)
    for item in shelf.items:
        texts = list(texts_of(item.id, item.model.name, "item"))
        for number, attribute in enumerate(item.model.attributes):
            texts += texts_of(attribute.attribute, attribute.name, "attribute", ("attributes", number))
        yield from check_forbidden(item, texts)
        yield from check_persons(item, texts)
        yield from _masks(item)
        yield from _registers_in_public(item)
        yield from _ends(item)


def texts_of(id_: str, name: Text, key: str, at: Loc = ()) -> Iterator[tuple[str, Loc]]:
    """The words by which a thing gives away what it is about, and where they stand."""
    yield re.sub(r"[-_./]", " ", id_), (*at, key)
    yield name.en, (*at, "name", "en")
    if name.zh:
        yield name.zh, (*at, "name", "zh")


def check_basis(entry: Entry[Any], part: Any = None, at: Loc = ()) -> Iterator[Finding]:
    """Faults of the legal basis and the reference of an entry, or of a part of it at ``at``."""
    for key in ("basis", "reference"):
        written = getattr(entry.model if part is None else part, key)
        if says_nothing(written):
            noun = "legal basis" if key == "basis" else "reference"
            remedy = "Name the law, regulation or decision, and where to read it; without it there is no record."
            yield entry.error(f"{written!r} is no {noun}", f"{remedy} (charter 2)", *at, key)


def says_nothing(written: str) -> bool:
    """Whether this is what people write where they know of no legal basis."""
    return len(written) < 40 and bool(_PLACEHOLDER.fullmatch(written) or not _SAYS_SOMETHING.search(written))


def check_forbidden(entry: Entry[Any], texts: list[tuple[str, Loc]]) -> Iterator[Finding]:
    """Findings where the words of an entry give a forbidden matter away."""
    for matter, pattern in FORBIDDEN_SUBJECTS.items():
        for text, loc in texts:
            if re.search(pattern, text, re.IGNORECASE):
                reason = f"{entry.id} is about {matter} ({text!r}): no record of that may exist"
                yield entry.error(reason, "Delete it (charter 2, R2.17).", *loc)
                break


def check_persons(entry: Entry[Any], texts: Any) -> Iterator[Finding]:
    """Findings where the words of an entry speak of natural persons."""
    for text, loc in texts:
        if _NATURAL_PERSON.search(text):
            reason = f"{text!r} is about natural persons or individual traders, who can have no file"
            yield entry.error(reason, "Delete it; only organisations have files (charter 1).", *loc)


def _admits_persons(scheme: Entry[Scheme]) -> Iterator[Finding]:
    pattern = scheme.model.pattern
    if pattern is None:
        return
    try:
        admitted = [whose for whose, code in _CODES_OF_PERSONS.items() if re.fullmatch(pattern, code)]
    except (re.error, OverflowError, RecursionError):
        return
    if admitted:
        reason = f"the pattern admits {admitted[0]}"
        yield scheme.error(reason, "Narrow it: codes of persons are refused everywhere (charter 1).", "pattern")


def _masks(item: Entry[Item]) -> Iterator[Finding]:
    if item.model.disclosure is not Disclosure.OPEN:
        return
    for number, attribute in enumerate(item.model.attributes):
        if attribute.type != "text" or attribute.mask != "none":
            continue
        texts = texts_of(attribute.attribute, attribute.name, "attribute")
        if any(_PERSON_IN_ROLE.search(text) for text, _ in texts):
            reason = (
                f"{attribute.attribute} names a person and {item.id} is open to the public, but it is not masked"
            )
            yield item.error(reason, "Add mask: partial, or mask: hidden (charter 1).", "attributes", number)


def _registers_in_public(item: Entry[Item]) -> Iterator[Finding]:
    """Names are searched and shown beside relations, so what gives them is open and unmasked."""
    if item.model.effect is not Effect.REGISTERS:
        return
    if item.model.disclosure is not Disclosure.OPEN:
        yield item.error(f"{item.id} registers and is not open", "Write disclosure: open.", "disclosure")
    for number, attribute in enumerate(item.model.attributes):
        if attribute.attribute == "name" and attribute.mask != "none":
            reason = f"{item.id} registers a name that is masked"
            remedy = "Take the mask away: an organisation's name is public; a person is none (charter 1)."
            yield item.error(reason, remedy, "attributes", number, "mask")


def _ends(item: Entry[Item]) -> Iterator[Finding]:
    if item.model.polarity is Polarity.NEGATIVE and item.model.term is None:
        reason = f"{item.id} is negative and has no term"
        yield item.error(reason, "Add term: everything adverse ends (charter 6, R7.11).")
