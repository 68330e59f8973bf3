"""Single statements, the register that follows them, and fsck, on a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from django.db import connection

from probity import dossier, ledger
from probity.canon import canonical
from probity.errors import CharterError, InputError, LedgerError, NaturalPersonError, NotFoundError, QuestionError
from probity.ledger import Act, Draft
from probity.rulebook import load
from probity.scoring import store as scoring
from probity.service import acts, subject_of
from probity.service.fsck import fsck
from probity.service.grades import graded_by
from probity.service.wiring import days

LAW = load(Path(__file__).parents[2] / "rulebooks")
DAY = date(2023, 6, 30)
ALIBABA = "cn-uscc:91330100799655058B"
TENCENT = "cn-uscc:91440101327598294H"


def register(subject: str, name: str, on: str = "2016-01-01", **more: str) -> Draft:
    return Draft(
        subject=subject,
        item="register.organisation",
        issuer="registry",
        reference=f"{subject} {on}",
        valid_from=date.fromisoformat(on),
        attributes={"name": name, **more},
    )


def related(subject: str, relation: str, other: str) -> Draft:
    return Draft(
        subject=subject,
        item="register.relation",
        issuer="registry",
        reference=f"{subject} {relation} {other}",
        valid_from=date(2017, 1, 1),
        attributes={"relation": relation, "related": other},
    )


def say(*drafts: Draft) -> list[str]:
    return [acts.state([draft], LAW, source="test")["statements"][0] for draft in drafts]


def file(subject: str = ALIBABA, on: date = DAY, known_at: datetime | None = None) -> dossier.Dossier:
    return dossier.open_file(subject, LAW, true_on=on, known_at=known_at)


@pytest.fixture
def two(database: str) -> list[str]:
    return say(
        register(ALIBABA, "阿里巴巴(中国)有限公司"), register(TENCENT, "Guangzhou Tencent Technology Co., Ltd.")
    )


@pytest.mark.usefixtures("two")
def test_names_are_found_by_any_part_in_any_script() -> None:
    for text in ("阿里", "里巴", "中国", "阿里巴巴(中国)", "91330100799655058B", "9133", "799655058b"):
        assert [each.subject for each in dossier.search(text)] == [ALIBABA], text
    for text in ("tencent", "TENCENT guang", "technology tencent"):
        assert [each.subject for each in dossier.search(text)] == [TENCENT], text
    for text in ("", "   ", "%", "_", "百度", "alibaba", "\x00", "'; --"):
        assert dossier.search(text) == [], text


@pytest.mark.usefixtures("two")
def test_what_every_statement_waits_for_is_planned_once_and_a_search_each_time() -> None:
    said = {"decision_number": "1", "conduct": "x", "ground": "x", "severity": "minor"}
    for n in range(10):
        say(Draft(ALIBABA, "penalty.administrative", "zj-amr", f"{n}", DAY, attributes=said))
        assert dossier.search("阿里")
    commands = [command for (command,) in ledger.prepared("SELECT statement FROM pg_prepared_statements", [])]
    for table in ("ledger_statement", "ledger_batch", "scoring_kept", "scoring_kept_grade"):
        assert any(f"INSERT INTO {table} " in command for command in commands), table
    assert not any("LIKE" in command for command in commands)


@pytest.mark.usefixtures("two")
def test_a_former_name_still_finds_the_organisation() -> None:
    say(register(TENCENT, "Pony Technology", "2021-01-01"))
    assert dossier.search("tencent")[0].name == "Pony Technology"
    assert [each.name for each in file(TENCENT).names] == [
        "Pony Technology",
        "Guangzhou Tencent Technology Co., Ltd.",
    ]


def test_the_register_follows_corrections_and_withdrawals(two: list[str]) -> None:
    acts.correct(two[1], LAW, reason="misspelt", attributes={"name": "Tenzent"})
    assert dossier.search("tencent") == []
    assert dossier.search("tenzent")[0].subject == TENCENT
    assert fsck(LAW).faults == ()


@pytest.mark.usefixtures("two")
def test_relations_show_on_both_files() -> None:
    say(related(ALIBABA, "parent", TENCENT))
    assert [(each.subject, each.inverse) for each in file(ALIBABA).relations] == [(TENCENT, False)]
    assert [(each.subject, each.inverse) for each in file(TENCENT).relations] == [(ALIBABA, True)]


def test_the_same_question_gives_the_same_bytes_after_a_correction(two: list[str]) -> None:
    before = file()
    bytes_before = canonical(dossier.as_json(before))
    acts.correct(two[0], LAW, reason="new name", attributes={"name": "X"})
    assert canonical(dossier.as_json(file(known_at=before.as_of.known_at))) == bytes_before
    assert file().name == "X"


@pytest.mark.usefixtures("two")
def test_what_nobody_knew_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        file("cn-uscc:91330481785659568L")
    with pytest.raises(NotFoundError):
        file(on=date(2015, 12, 31))
    with pytest.raises(NotFoundError):
        file(known_at=datetime.fromisoformat("2000-01-01T00:00:00+00:00"))


@pytest.mark.usefixtures("two")
def test_an_organisation_is_meant_by_its_code_alone() -> None:
    assert subject_of("91330100799655058b", LAW) == ALIBABA
    assert subject_of(" cn-uscc:91330100799655058B ", LAW) == ALIBABA
    with pytest.raises(NotFoundError):
        subject_of("nobody", LAW)
    with pytest.raises(InputError, match="position 18"):
        subject_of("91330100799655058C", LAW)
    with pytest.raises(NaturalPersonError):
        subject_of("92330100799655058B", LAW)


penalty = Draft(ALIBABA, "penalty.administrative", "cn-samr", "1", date(2021, 3, 1))


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("draft", "error"),
    [
        (Draft(ALIBABA, "no.such-item", "registry", "1", DAY), CharterError),
        (Draft(ALIBABA, "register.organisation", "nobody", "1", DAY), CharterError),
        (Draft(ALIBABA, "register.organisation", "cn-sta", "1", DAY, attributes={"name": "x"}), CharterError),
        (Draft("cn-uscc:92330100799655058B", "register.organisation", "registry", "1", DAY), NaturalPersonError),
        (Draft("cn-uscc:91330100799655058X", "register.organisation", "registry", "1", DAY), InputError),
        (Draft("cn-uscc:91330100799655058b", "register.organisation", "registry", "1", DAY), InputError),
        (Draft(ALIBABA, "register.organisation", "registry", "1", DAY), InputError),
        (register(ALIBABA, "x", colour="red"), InputError),
        (register(ALIBABA, "x", kind="person"), InputError),
        (register(ALIBABA, "x", registered_on="2021-02-30"), InputError),
        (Draft(ALIBABA, "register.organisation", "registry", "1", date(1999, 1, 1)), CharterError),
        (Draft(ALIBABA, "objection.lodged", "registry", "1", DAY, attributes={"ground": "error"}), LedgerError),
        (Draft(ALIBABA, "objection.closed", "registry", "1", DAY, target="ab" * 32),
         NotFoundError),
    ],
)  # fmt: skip
def test_no_legal_basis_no_record(draft: Draft, error: type[Exception]) -> None:
    before = ledger.head()
    with pytest.raises(error):
        acts.state([register(TENCENT, "fine", "2022-01-01"), draft], LAW, source="test")
    assert ledger.head() == before


def test_an_objection_concerns_only_its_own_organisation(two: list[str]) -> None:
    draft = Draft(ALIBABA, "objection.lodged", "registry", "1", DAY, attributes={"ground": "error"}, target=two[1])
    with pytest.raises(LedgerError, match="about"):
        acts.state([draft], LAW, source="test")


def test_corrections_give_their_reason(two: list[str]) -> None:
    with pytest.raises(LedgerError, match="reason"):
        acts.withdraw(two[0], LAW, reason=" ")


def test_corrections_build_on_each_other_whatever_address_they_are_given(two: list[str]) -> None:
    acts.correct(two[0], LAW, reason="new name", attributes={"name": "X"})
    acts.correct(two[0], LAW, reason="new address", attributes={"address": "Y"})
    assert (file().name, file().register["address"]) == ("X", "Y")
    acts.withdraw(two[0], LAW, reason="registered twice")
    for act in (acts.withdraw, acts.correct):
        with pytest.raises(LedgerError, match="was withdrawn"):
            act(two[0], LAW, reason="again")


def test_a_correction_of_what_was_corrected_in_the_meantime_is_refused(two: list[str]) -> None:
    late = replace(register(ALIBABA, "late"), act=Act.CORRECT, target=two[0])
    acts.correct(two[0], LAW, reason="first", attributes={"name": "first"})
    with pytest.raises(LedgerError, match="in the meantime"):
        acts.state([late], LAW, source="test")
    with pytest.raises(LedgerError, match="twice"):
        acts.state([late, late], LAW, source="test")


@pytest.mark.usefixtures("two")
def test_a_relation_can_be_taken_back() -> None:
    (relation,) = say(related(ALIBABA, "parent", TENCENT))
    acts.withdraw(relation, LAW, reason="sold")
    assert file(ALIBABA).relations == ()
    assert file(TENCENT).relations == ()
    assert fsck(LAW).faults == ()


@pytest.mark.usefixtures("two")
def test_what_is_stated_together_is_there_together_a_batch_for_each_item_and_issuer() -> None:
    before = ledger.head().number
    drafts = [register(ALIBABA, "x"), related(ALIBABA, "parent", TENCENT), related(TENCENT, "branch", ALIBABA)]
    receipt = acts.state(drafts, LAW, source="test")
    assert [ledger.statement(id_).subject for id_ in receipt["statements"]] == [ALIBABA, ALIBABA, TENCENT]
    assert (receipt["first_position"], receipt["last_position"]) == (before + 1, before + 3)
    assert len({ledger.statement(id_).batch for id_ in receipt["statements"]}) == 2
    assert fsck(LAW).faults == ()
    with pytest.raises(LedgerError):
        acts.state([register(ALIBABA, "y"), replace(drafts[0], act=Act.CORRECT)], LAW, source="test")
    assert ledger.head().number == before + 3


@pytest.mark.usefixtures("two")
def test_what_has_not_happened_cannot_be_stated() -> None:
    with pytest.raises(InputError, match="future"):
        say(register(ALIBABA, "x", "2999-01-01"))


@pytest.mark.usefixtures("two")
def test_a_later_delivery_does_not_change_what_was_not_known() -> None:
    asked = file()
    before = graded_by(asked, "cn-zhejiang-2020/enterprise", LAW).as_json()
    penalties = LAW.mapping("cn-zhejiang-2020/penalties")
    with ledger.receive(
        "ab" * 32, item=penalties.item, issuer=penalties.agency, source="empty", rulebook=LAW.hash, generated=False
    ) as writer:
        writer.finish({"rows": 0})
    again = file(known_at=asked.as_of.known_at)
    assert graded_by(again, "cn-zhejiang-2020/enterprise", LAW).as_json() == before
    assert graded_by(file(), "cn-zhejiang-2020/enterprise", LAW).as_json() != before


def test_a_file_that_nobody_could_read_is_no_delivery(database: str) -> None:
    for name, rows, known in (("12", 5, frozenset()), ("34", 0, frozenset({"penalty.administrative"}))):
        with ledger.receive(
            name * 32, item="penalty.administrative", issuer="x", source=name, rulebook=LAW.hash, generated=False
        ) as writer:
            writer.finish({"rows": rows})
        assert ledger.delivered(ledger.head(), ["penalty.administrative"]) == known


def test_a_moment_is_not_answered_while_a_batch_of_it_is_being_sealed(two: list[str]) -> None:
    """The reader waits for the commit, so that the same question never has two answers."""
    stamped, asked = Event(), Event()

    def seal() -> None:
        with ledger.receive(
            "cd" * 32, item="penalty.administrative", issuer="x", source="s", rulebook=LAW.hash, generated=False
        ) as writer:
            writer.append([Draft(ALIBABA, "penalty.administrative", "x", "1", DAY)])
            writer.finish({})
            stamped.set()
            asked.wait(1)
        connection.close()

    thread = Thread(target=seal)
    thread.start()
    stamped.wait(10)
    moment = datetime.now(UTC)
    found = ledger.resolve(moment)
    asked.set()
    thread.join()
    assert found.number == ledger.head().number == ledger.resolve(moment).number


def test_a_withdrawn_registration_closes_the_file(two: list[str]) -> None:
    known = ledger.head().known_at
    acts.withdraw(two[0], LAW, reason="registered twice")
    with pytest.raises(NotFoundError):
        file()
    assert file(known_at=known).name == "阿里巴巴(中国)有限公司"
    assert dossier.search("阿里") == []
    assert fsck(LAW).faults == ()


@pytest.mark.usefixtures("two")
def test_fsck_finds_a_register_that_was_tampered_with() -> None:
    assert fsck(LAW).faults == ()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE dossier_organisation SET name = 'Evil' WHERE subject = %s", [ALIBABA])
        cursor.execute("DELETE FROM dossier_organisation WHERE subject = %s", [TENCENT])
    faults = fsck(LAW).faults
    assert len(faults) == 2
    assert any(ALIBABA in fault and "not what the ledger says" in fault for fault in faults)
    assert any(TENCENT in fault and "missing" in fault for fault in faults)


@pytest.mark.usefixtures("two")
def test_fsck_finds_a_statement_that_was_tampered_with() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_statement DISABLE TRIGGER append_only")
        cursor.execute(
            'UPDATE ledger_statement SET attributes = \'{"name": "Evil"}\' WHERE subject = %s', [ALIBABA]
        )
        cursor.execute("DELETE FROM ledger_statement WHERE subject = %s", [TENCENT])
        cursor.execute("ALTER TABLE ledger_statement ENABLE ALWAYS TRIGGER append_only")
    faults = fsck(LAW).faults
    assert any("not what its id is the hash of" in fault for fault in faults)
    assert any("does not hold the positions" in fault for fault in faults)


@pytest.mark.usefixtures("two")
def test_a_scoring_run_is_recorded_and_replayed() -> None:
    run = scoring.run("cn-zhejiang-2020/enterprise", LAW, true_on=DAY)
    graded = list(scoring.results(run))
    assert [each.subject for each in graded] == [ALIBABA, TENCENT]
    assert scoring.latest(run.card, run.card_version) == run
    assert ledger.statement(run.statement).attributes["results_hash"] == scoring.results_hash(graded)
    say(register(ALIBABA, "later", "2023-01-01"))
    assert scoring.differences(run, LAW) == []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE scoring_result DISABLE TRIGGER append_only")
        cursor.execute("UPDATE scoring_result SET total = 999000, grade = 'A' WHERE organisation = 0")
    assert any("table of results" in fault for fault in fsck(LAW).faults)


@pytest.mark.usefixtures("two")
def test_a_run_belongs_to_the_version_of_its_card() -> None:
    run = scoring.run("cn-zhejiang-2020/enterprise", LAW, true_on=DAY)
    with pytest.raises(NotFoundError):
        scoring.latest(run.card, run.card_version + timedelta(days=1))


@pytest.mark.usefixtures("two")
def test_fsck_sees_one_house_while_others_write() -> None:
    def write_meanwhile(done: int, total: int) -> None:
        def write() -> None:
            say(register(TENCENT, "renamed meanwhile", "2022-02-02"))
            connection.close()

        thread = Thread(target=write)
        thread.start()
        thread.join()

    report = fsck(LAW, write_meanwhile)
    assert (report.faults, report.statements) == ((), 2)
    assert ledger.count() == 3


@pytest.mark.usefixtures("two")
def test_a_search_that_would_keep_others_waiting_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("probity.dossier.store.PATIENCE", "1ms")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dossier_organisation SELECT n, 'x:' || n, 'x', 'enterprise', false,"
            " repeat('ab ', 200) || n, '{ab}' FROM generate_series(10, 20000) n"
        )
    with pytest.raises(QuestionError, match="too many"):
        dossier.search("ab")
    monkeypatch.undo()
    assert len(dossier.search("ab")) == 50


@pytest.mark.usefixtures("two")
def test_a_card_is_asked_only_while_it_is_in_force() -> None:
    with pytest.raises((NotFoundError, QuestionError)):
        scoring.run("cn-zhejiang-2020/enterprise", LAW, true_on=date(2024, 1, 1))
    with pytest.raises(NotFoundError):
        scoring.run("no/such-card", LAW, true_on=DAY)


@pytest.mark.usefixtures("two")
def test_what_the_database_refuses_leaves_no_trace_although_nothing_waited_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A record is sent together with what follows from it; its refusal still comes before anything is sealed."""
    said = {"decision_number": "1", "conduct": "x", "ground": "x", "severity": "minor"}
    sound = Draft(ALIBABA, "penalty.administrative", "zj-amr", "1", DAY, attributes=said)
    before = ledger.count(), ledger.head()
    with monkeypatch.context() as patched:
        patched.setattr("probity.ledger.admit", lambda *args, **kwargs: None)
        with pytest.raises(CharterError, match="the database refuses this statement"):
            acts.state([replace(sound, subject="cn-uscc:92330100MA2B0K8Y3T")], LAW, source="test")
        with pytest.raises(CharterError, match="the database refuses this statement"):
            acts.state([sound, replace(sound, reference="2", valid_to=DAY - timedelta(1))], LAW, source="test")
    assert (ledger.count(), ledger.head()) == before
    say(sound)
    assert ledger.count() == before[0] + 1
    assert scoring.kept(ALIBABA, LAW, days()) is not None
    assert fsck(LAW).faults == ()
