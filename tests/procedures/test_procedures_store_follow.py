"""Cases and entries follow whatever is stated: files of thousands, corrections, and registrations."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from tests.service.played import DECISION, LAW, START, listed, proposed, registered, subject, violation

from probity import dossier, ledger
from probity.canon import digest
from probity.errors import RulebookError
from probity.intake import take_in
from probity.ledger import Draft
from probity.procedures import store
from probity.service import acts
from probity.service.fsck import fsck
from probity.service.ticks import let_time_pass

DAY = date(2024, 6, 30)
RED = "cn-zhejiang-2020/redlist"
MANY = 3_000


@pytest.fixture
def many(database: str) -> list[str]:
    """A register as a file leaves it."""
    everyone = [subject(n) for n in range(MANY)]
    with ledger.receive(
        digest(b"many"), item="register.organisation", issuer="registry", source="file", rulebook=LAW.hash,
        generated=True,
    ) as writer:  # fmt: skip
        first = date(2016, 1, 1)
        writer.append(
            [Draft(who, "register.organisation", "registry", who, first, attributes={"name": f"公司{n}"})
             for n, who in enumerate(everyone)]
        )  # fmt: skip
        writer.settle()
        dossier.follow(writer.first, LAW, generated=True, item=writer.item)
        writer.finish({"rows": MANY})
    return everyone


def red(path: Path, subjects: list[str], until: str = "") -> Path:
    rows = [f"{who.partition(':')[2]},公司,A级纳税人,税{n},2024-04-01,{until}" for n, who in enumerate(subjects)]
    path.write_text("\n".join(["统一社会信用代码,主体名称,名单名称,文号,列入日期,移出日期", *rows]), "utf-8")
    return path


def rows() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject, list, kind, imported, begins, ends FROM procedures_entry ORDER BY subject")
        return cursor.fetchall()  # type: ignore[no-any-return]


def test_a_file_of_thousands_of_entries_is_followed_in_its_transaction(many: list[str], tmp_path: Path) -> None:
    listed_ = many[: MANY - 500]
    path = red(tmp_path / "red.csv", listed_, "2025-03-31")
    assert take_in(path, LAW.mapping(RED), LAW, today=DAY, generated=True).accepted == len(listed_)
    found = rows()
    assert [row[0] for row in found] == sorted(listed_)
    assert {row[2:] for row in found} == {("red", True, date(2024, 4, 1), date(2025, 3, 31))}
    assert len(store.entries_of(many, DAY)) == len(listed_)
    assert store.entries_of(many, date(2025, 4, 1)) == []
    assert fsck(LAW).faults == ()


def test_a_file_that_fails_leaves_no_entries(
    many: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = red(tmp_path / "red.csv", many[:10])

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr("probity.ledger.store.append.Writer.finish", broken)
    with pytest.raises(RuntimeError):
        take_in(path, LAW.mapping(RED), LAW, today=DAY, generated=True)
    monkeypatch.undo()
    assert rows() == []
    assert fsck(LAW).faults == ()


def test_no_mapping_brings_a_step_or_a_case(database: str) -> None:
    mapping = LAW.mapping(RED)
    step = mapping.model_copy(update={"item": "listing.ended", "agency": "registry", "attributes": {}})
    with_case = mapping.model_copy(
        update={"attributes": {**mapping.attributes, "case": mapping.attributes["decision_number"]}}
    )
    for wrong, word in ((step, "procedure"), (with_case, "charter 3, 4")):
        with pytest.raises(RulebookError, match=word):
            take_in(Path("nowhere.csv"), wrong, LAW, today=DAY)


def test_what_has_no_part_in_a_case_is_not_looked_at(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("probity.procedures.store.keeping._derived", None)
    who = registered()
    violation(who)
    objection = Draft(who, "objection.lodged", "registry", "o", START, attributes={"ground": "error"},
                      target=violation(who, number="2"))  # fmt: skip
    acts.state([objection], LAW, source="test", generated=True)
    assert rows() == []


def test_an_entry_stays_when_its_organisation_is_registered_anew(database: str) -> None:
    who = registered()
    violation(who)
    listed(who)
    registration = ledger.statements([who])[0]
    acts.withdraw(registration.id, LAW, reason="registered twice")
    assert len(store.entries_of([who], DECISION)) == 1
    registered(on="2016-02-01")
    assert len(store.entries_of([who], DECISION)) == 1
    assert fsck(LAW).faults == ()


def test_an_entry_is_known_by_what_its_file_calls_the_list(database: str) -> None:
    for n, (said, expected) in enumerate(
        [
            ("cn-tax-violations", "cn-tax-violations"),
            ("重大税收违法失信主体名单", "cn-tax-violations"),
            ("List of serious violations of tax law", "cn-tax-violations"),
            ("地方黑名单", "地方黑名单"),
        ]
    ):
        who = registered(n)
        entry = {"list": said, "decision_number": "1", "reason": "r"}
        draft = Draft(who, "list.serious-violation", "zj-tax", f"e{n}", START, attributes=entry)
        acts.record([draft], LAW, source="as a file brings it", generated=True)
        assert [each.list for each in store.entries_of([who], START)] == [expected]


def test_a_file_of_registrations_tells_open_cases_that_their_organisation_is_no_more(
    database: str, tmp_path: Path
) -> None:
    who = registered()
    violation(who)
    number = proposed(who)
    mapping = LAW.mapping("cn-zhejiang-2020/organisations")
    heads = "统一社会信用代码,名称,类型,住所,行政区划,行业门类,企业规模,控股情况,成立日期,登记状态,注册资本(万元)"
    row = f"{who.partition(':')[2]},测湖县公司0,有限责任公司,一路1号,330122,C,小型,私人控股,2020-01-01,注销,1,鞋"
    path = tmp_path / "register.csv"
    path.write_text(f"{heads},业务范围\n{row}\n", "utf-8")
    assert take_in(path, mapping, LAW, today=DAY, generated=True).accepted == 1
    assert store.kept_case(number).tick_on == START
    assert let_time_pass(LAW, DAY) == {"dissolved": 1}
    assert fsck(LAW).faults == ()
