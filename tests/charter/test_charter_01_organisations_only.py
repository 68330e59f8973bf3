"""Article 1: a natural person can have no file, score, grade, list entry or measure, through whatever door."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from pydantic import ValidationError
from tests.charter.doors import (
    ALIBABA,
    CARD,
    CITIZEN,
    DAY,
    INSERT,
    LAW,
    PERSONS,
    RFC,
    TENCENT,
    TRADER,
    Draft,
    as_json,
    left,
    penalty,
    register,
    say,
    take,
    write,
)

from probity import dossier, ledger
from probity.canon import canonical
from probity.errors import CharterError, IdentifierError, NaturalPersonError, ProbityError
from probity.identity import identify, identify_column
from probity.intake import Reason, export, listed
from probity.rulebook import OrganisationKind, Scheme, Scorecard
from probity.scoring import applies
from probity.service import organisation_page, search_page, subject_of

WORDS = ("person", "individual", "trader", "citizen", "owner", "proprietor", "human", "natural")

# -- types and identity -----------------------------------------------------------------------------


def test_article_1_no_type_has_a_word_for_a_person() -> None:
    assert not [kind for kind in OrganisationKind if any(word in kind for word in WORDS)]
    for word in WORDS:
        with pytest.raises(ValueError, match="not a valid"):
            OrganisationKind(word)


def test_article_1_no_card_can_grade_persons() -> None:
    card = LAW.card(CARD).model_dump(by_alias=True)
    for word in WORDS:
        with pytest.raises(ValidationError, match="subjects"):
            Scorecard.model_validate({**card, "subjects": [word]})
        assert not any(applies(each, word, "cn-uscc") for each in LAW.cards)  # type: ignore[arg-type]


def test_article_1_no_registration_can_say_that_somebody_is_a_person() -> None:
    for item in LAW.items:
        if (kind := item.attribute("kind")) and item.effect == "registers":
            assert {choice.value for choice in kind.choices} == set(OrganisationKind)
    with pytest.raises(ValidationError, match="kind"):
        Scheme.model_validate({**LAW.scheme("cn-uscc").model_dump(by_alias=True), "kind": "person"})


@pytest.mark.parametrize(
    "code", [*PERSONS, CITIZEN.lower(), f" {CITIZEN} ", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_article_1_no_scheme_takes_a_persons_code(code: str) -> None:
    for scheme in LAW.schemes:
        with pytest.raises(IdentifierError):
            identify(scheme.check, code, scheme.pattern)
        assert identify_column(scheme.check, [code], scheme.pattern).codes.to_pylist() == [None]
    with pytest.raises(NaturalPersonError):
        identify("local", code, ".*")


# -- rulebooks --------------------------------------------------------------------------------------

SCHEME = """\
schemes:
  - scheme: evil-id
    name: {en: %s}
    check: local
    pattern: '%s'
    in_force: {from: 2020-01-01}
    basis: Evil Act
    reference: R0
"""
ITEM = """\
items:
  - item: evil.item
    name: {en: %s}
    category: penalties
    polarity: neutral
    disclosure: open
    attributes: [%s]
    in_force: {from: 2020-01-01}
    basis: Evil Act
    reference: R0
"""


@pytest.mark.parametrize(
    "files",
    [
        {"schemes.yaml": SCHEME % ("Evil number", "[0-9A-Z]{18}")},
        {"schemes.yaml": SCHEME % ("Evil number", "[A-Z]{4}[0-9]{6}.{3}")},
        {"schemes.yaml": SCHEME % ("Number of the identity card", "[0-9]{5}")},
        {"schemes.yaml": SCHEME % ("Traders, zh: 个体工商户", "[0-9]{5}")},
        {"catalogue.yaml": ITEM % ("Jaywalking of natural persons", "")},
        {"catalogue.yaml": ITEM % ("Fine", "{attribute: who, name: {en: Citizen number}, type: text}")},
        {"catalogue.yaml": ITEM % ("Fine", "{attribute: who, name: {en: Legal representative}, type: text}")},
    ],
)
def test_article_1_no_rulebook_can_let_persons_in(
    evil: Callable[[dict[str, str]], list[str]], files: dict[str, str]
) -> None:
    assert any("charter 1" in error for error in evil(files))


# -- files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", PERSONS)
@pytest.mark.parametrize(
    ("mapping", "header"),
    [
        ("us-sf-food/businesses", "business_id,name,address,city,postal_code\n{},X,a,b,1\n{},Y,a,b,1\n"),
        ("cn-zhejiang-2020/organisations", None),
    ],
)
def test_article_1_a_file_puts_persons_into_quarantine_and_nobody_sees_the_code(
    database: str, tmp_path: Path, mapping: str, header: str | None, code: str
) -> None:
    content = header.format(code, "54") if header else _organisations(code)
    receipt = take(tmp_path / "file.csv", mapping, content)
    assert receipt.accepted == 1
    quarantined = list(listed())
    assert [fault.reason for row in quarantined for fault in row.faults if fault.field] == [Reason.PERSON]
    export(tmp_path / "export.csv")
    with connection.cursor() as cursor:
        cursor.execute("SELECT line, cells::text, faults::text FROM intake_quarantine")
        stored = b"".join(bytes(row[0]) + row[1].encode() + row[2].encode() for row in cursor.fetchall())
    seen = canonical([row.as_dict() for row in quarantined]) + repr(receipt).encode() + stored
    assert code.encode() not in seen + (tmp_path / "export.csv").read_bytes()
    assert dossier.search(code) == []


def _organisations(code: str) -> str:
    columns = [LAW.mapping("cn-zhejiang-2020/organisations").subject.column]
    mapping = LAW.mapping("cn-zhejiang-2020/organisations")
    for source in (mapping.valid_from, *mapping.attributes.values()):
        if source.column and source.column not in columns:
            columns.append(source.column)
    days = {mapping.valid_from.column, getattr(mapping.attributes.get("registered_on"), "column", None)}

    def row(value: str) -> str:
        name = mapping.attributes["name"].column
        cells = {mapping.subject.column: value, name: "某公司", **dict.fromkeys(filter(None, days), "2016-01-01")}
        return ",".join(cells.get(column, "") for column in columns)

    return "\n".join([",".join(columns), row(code), row("91330100799655058B"), ""])


# -- single statements, and the ledger's own writer -------------------------------------------------


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("scheme", ["cn-uscc", "mx-rfc", "lei", "us-ein", "us-sf-business"])
@pytest.mark.parametrize("code", PERSONS)
def test_article_1_nobody_can_state_anything_about_a_person(scheme: str, code: str) -> None:
    before = ledger.head()
    for draft in (register(f"{scheme}:{code}", "X"), penalty(1, DAY, f"{scheme}:{code}")):
        with pytest.raises(IdentifierError):
            say(draft)
    assert ledger.head() == before


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("code", PERSONS)
def test_article_1_no_organisation_can_be_related_to_a_person(code: str) -> None:
    for scheme in ("cn-uscc", "mx-rfc", "us-sf-business"):
        said = {"relation": "shareholder", "related": f"{scheme}:{code}"}
        with pytest.raises(IdentifierError):
            say(Draft(ALIBABA, "register.relation", "registry", "r", DAY, attributes=said))


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("code", PERSONS)
def test_article_1_a_code_in_running_text_is_refused_and_never_leaves(code: str) -> None:
    said = penalty(1, DAY, conduct=f"持有人{code}签字")
    forced = Draft(ALIBABA, said.item, said.issuer, f"case {code}", DAY, attributes=said.attributes)
    for draft in (said, Draft(ALIBABA, said.item, said.issuer, f"case {code}", DAY)):
        with pytest.raises(NaturalPersonError):
            say(draft)
    write(forced)
    assert code not in left()


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("code", PERSONS)
def test_article_1_a_code_forced_into_a_name_leaves_neither_by_search_nor_by_a_relation(code: str) -> None:
    write(register(TENCENT, f"甲 {code} 有限公司", "2017-01-01"))
    said = {"relation": "parent", "related": TENCENT}
    say(Draft(ALIBABA, "register.relation", "registry", "r", DAY, attributes=said))
    (found,) = search_page("甲")
    page = organisation_page(ALIBABA, LAW, true_on=DAY, known_at=None)
    for shown in (found.name, page.file.relations[0].name or "", str(as_json(page))):
        assert "甲" in shown
        assert code not in shown


@pytest.mark.parametrize(
    "subject",
    [
        f"cn-uscc:{TRADER}",
        f"mx-rfc:{RFC}",
        f"cn-uscc:{CITIZEN}",
        f"local:{CITIZEN.lower()}",
        CITIZEN,
        TRADER,
        f":{RFC}",
        f"CN:{CITIZEN}",
    ],
)
def test_article_1_the_table_refuses_persons_whoever_writes(
    database: str, sql: Callable[[str, str], None], subject: str
) -> None:
    with pytest.raises(CharterError):
        write(Draft(subject, "test.item", "test", "a", DAY))
    for who in ("superuser", "clerk"):
        with pytest.raises(psycopg.errors.CheckViolation):
            sql(who, INSERT.format(subject=subject, item="'x'", issuer="'x'", until="NULL"))


# -- questions --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("code", [*PERSONS, CITIZEN.lower()])
def test_article_1_a_persons_code_finds_nothing_and_is_not_repeated(code: str) -> None:
    assert dossier.search(code) == []
    for text in (code, f"cn-uscc:{code}", f"us-sf-business:{code}"):
        with pytest.raises(ProbityError) as refused:
            subject_of(text, LAW)
        assert isinstance(refused.value, IdentifierError)
        assert code not in str(refused.value)
    with pytest.raises(NaturalPersonError):
        subject_of(code, LAW)
