"""Article 2: no record without a live item that names its basis, competent source, disclosure level and term."""

from __future__ import annotations

import ast
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import psycopg
import pytest
from tests.charter.doors import ALIBABA, DAY, INSERT, LAW, RULEBOOKS, Draft, left, penalty, say, take, write

from probity import ledger
from probity.errors import CharterError, NotFoundError, RulebookError
from probity.intake import Reason, listed, take_in
from probity.rulebook import load
from probity.rulebook.model import FORBIDDEN_SUBJECTS

ITEM = """\
items:
  - item: evil.item
    name: {en: %(name)s}
    category: penalties
    polarity: neutral
    %(disclosure)s
    attributes: [%(attributes)s]
    in_force: {from: 2020-01-01}
    %(basis)s
    reference: R0
"""
WHOLE = {"name": "Fine", "disclosure": "disclosure: open", "attributes": "", "basis": "basis: Evil Act"}
MATTERS = {
    "religion": ("Place of worship", "宗教信仰"),
    "health": ("Medical history", "病史"),
    "genetics": ("Blood type", "血型"),
    "political opinion": ("Party membership", "政治面貌"),
    "petitioning": ("Petitioning in the capital", "上访"),
    "speech": ("Expression of opinion online", "言论"),
    "family life": ("Childbirth", "生育"),
}


def test_article_2_every_item_as_shipped_names_what_it_needs() -> None:
    for item in LAW.items:
        assert item.basis, item.item
        assert item.reference, item.item
        assert item.disclosure in ("open", "shared", "restricted")
        assert any(agency.may_state(item.item) for agency in LAW.agencies), item.item


@pytest.mark.parametrize("missing", ["basis", "disclosure"])
def test_article_2_an_item_without_basis_or_disclosure_does_not_load(
    evil: Callable[[dict[str, str]], list[str]], tmp_path: Path, missing: str
) -> None:
    assert any(
        f"{missing} is missing" in error for error in evil({"catalogue.yaml": ITEM % {**WHOLE, missing: ""}})
    )
    with pytest.raises(RulebookError):
        load(tmp_path / "rulebooks")
    assert evil({"catalogue.yaml": ITEM % WHOLE}) == []


@pytest.mark.parametrize(
    "basis", ["TBD", "none", "N/A", "n.a.", "N.N.", "see above", "xyz", "A", "法", "待定", "无"]
)
def test_article_2_a_placeholder_is_no_basis(evil: Callable[[dict[str, str]], list[str]], basis: str) -> None:
    assert any(
        "charter 2" in error for error in evil({"catalogue.yaml": ITEM % {**WHOLE, "basis": f"basis: {basis}"}})
    )


def test_article_2_each_forbidden_matter_is_attacked_below() -> None:
    assert set(MATTERS) == set(FORBIDDEN_SUBJECTS)


@pytest.mark.parametrize("matter", MATTERS)
def test_article_2_no_item_and_no_attribute_may_be_about_a_forbidden_matter(
    evil: Callable[[dict[str, str]], list[str]], matter: str
) -> None:
    english, chinese = MATTERS[matter]
    for name in (english, english.upper(), f"Other, zh: {chinese}"):
        hidden = f"{{attribute: a, name: {{en: {name}}}, type: text, mask: hidden}}"
        for spoilt in ({"name": name}, {"attributes": hidden}):
            assert any(
                matter in error and "R2.17" in error
                for error in evil({"catalogue.yaml": ITEM % {**WHOLE, **spoilt}})
            )


# -- single statements ------------------------------------------------------------------------------


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    "draft",
    [
        replace(penalty(1, DAY), item="no.such-item"),
        replace(penalty(1, DAY), issuer="nobody"),
        replace(penalty(1, DAY), issuer="us-sf-dph"),
        replace(penalty(1, DAY), issuer="registry"),
        penalty(1, date(1949, 10, 1)),
    ],
)
def test_article_2_nobody_states_without_a_live_item_and_competence(draft: Draft) -> None:
    before = ledger.head()
    with pytest.raises(CharterError, match="charter 2"):
        say(draft)
    assert ledger.head() == before


# -- files ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("spoilt", [{"item": "no.such-item"}, {"agency": "nobody"}, {"agency": "zj-tax"}])
def test_article_2_no_file_comes_in_without_a_live_item_and_competence(
    tmp_path: Path, spoilt: dict[str, str]
) -> None:
    mapping = LAW.mapping("us-sf-food/businesses").model_copy(update=spoilt)
    path = tmp_path / "file.csv"
    path.write_text("business_id,name,address,city,postal_code\n1,X,a,b,1\n")
    with suppress(RulebookError):
        assert take_in(path, mapping, LAW, today=DAY).accepted == 0
    assert ledger.count() == 0


@pytest.mark.usefixtures("database")
def test_article_2_a_row_before_its_item_was_law_goes_to_quarantine(tmp_path: Path) -> None:
    take(tmp_path / "b.csv", "us-sf-food/businesses", "business_id,name,address,city,postal_code\n1,X,a,b,1\n")
    receipt = take(
        tmp_path / "i.csv", "us-sf-food/inspections", "business_id,score,date,type\n1,90,19500101,routine\n"
    )
    assert receipt.accepted == 0
    reasons = {fault.reason for row in listed() for fault in row.faults}
    assert reasons & {Reason.ITEM_NOT_IN_FORCE, Reason.AGENCY_NOT_IN_FORCE, Reason.NOT_COMPETENT}


# -- the table --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("forced", "error"),
    [
        ({"item": "''"}, psycopg.errors.CheckViolation),
        ({"issuer": "''"}, psycopg.errors.CheckViolation),
        ({"item": "NULL"}, psycopg.errors.NotNullViolation),
        ({"issuer": "NULL"}, psycopg.errors.NotNullViolation),
        ({"until": "'2019-12-31'"}, psycopg.errors.CheckViolation),
    ],
)
def test_article_2_the_table_refuses_a_statement_without_item_or_issuer(
    sql: Callable[[str, str], None], forced: dict[str, str], error: type[Exception]
) -> None:
    whole = {"subject": ALIBABA, "item": "'x'", "issuer": "'x'", "until": "NULL"}
    for who in ("superuser", "clerk"):
        with pytest.raises(error):
            sql(who, INSERT.format(**{**whole, **forced}))


def test_article_2_only_rooms_that_ask_the_law_hold_the_ledgers_pen() -> None:
    """The ledger's writer trusts whoever holds it; these do, and each has asked the law before."""
    source = RULEBOOKS.parent / "src" / "probity"
    writers = set()
    for path in source.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            imported = isinstance(node, ast.ImportFrom) and "ledger" in (node.module or "")
            if imported and {"receive", "part", "Writer"} & {alias.name for alias in node.names}:  # type: ignore[attr-defined]
                writers.add(path.relative_to(source).as_posix())
            if isinstance(node, ast.Attribute) and ast.unparse(node) in ("ledger.receive", "ledger.part"):
                writers.add(path.relative_to(source).as_posix())
    assert {each for each in writers if not each.startswith("ledger/")} == {
        "intake/take.py",
        "intake/quarantine.py",
        "scoring/store/runs.py",
        "service/acts.py",
    }


@pytest.mark.usefixtures("two")
def test_article_2_a_statement_past_the_law_stops_the_file_and_is_not_shown() -> None:
    """Whoever forces one in makes the file unreadable, never the record public."""
    write(Draft(ALIBABA, "no.such-item", "nobody", "r", DAY))
    with pytest.raises(NotFoundError, match=r"no\.such-item"):
        left()
