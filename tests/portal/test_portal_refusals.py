"""Unknown, refused and broken: a real page for each, in both languages, and JSON where JSON was asked for."""

from __future__ import annotations

import pytest
from django.db import connections
from django.test import Client
from tests.portal.seen import text
from tests.portal.town import ENTERPRISE, Town

from probity.canon import digest
from probity.identity import compose

ADDRESS = "/organisation/" + ENTERPRISE.replace(":", "/")
UNKNOWN = "/organisation/cn-uscc/" + compose("9", "1", "330106", "00000099")
WRONG = ENTERPRISE.partition(":")[2][:17] + "X"
CITIZEN = "11010519491231002X"
PERSONS = [
    CITIZEN,
    f" {CITIZEN[:6]} {CITIZEN[6:14]} {CITIZEN[14:]} ",
    f"wei {CITIZEN}",
    "123-45-6789",
    "GODE561231GR8",
]


@pytest.fixture
def client(town: Town) -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/nowhere", 404, "There is no page at this address"),
        (UNKNOWN, 404, "neither good nor bad"),
        ("/organisation/no-scheme/1", 404, "Not found"),
        ("/card/nowhere", 404, "Not found"),
        ("/card/cn-zhejiang-2020/enterprise?on=1999-01-01", 404, "Open this page without the dates"),
        (f"/organisation/cn-uscc/{WRONG}", 400, "The character at position 18 is wrong: “W” is expected."),
        ("/organisation/us-sf-business/abc", 400, "This code is not correct"),
        (f"{ADDRESS}?true_on=2023-02-30", 400, "Write a day that exists"),
        (f"{ADDRESS}?true_on=20230230", 400, "Write a day that exists"),
        (f"{ADDRESS}?known_at=yesterday", 400, "The moment “known on” cannot be read"),
        (f"{ADDRESS}?known_at=2999-01-01", 400, "lies in the future"),
        (f"{ADDRESS}?true_on=0001-01-01", 404, "Not found"),
        (f"/search?q={WRONG}", 400, "The character at position 18 is wrong: “W” is expected."),
    ],
)
def test_each_refusal_is_a_page(client: Client, address: str, status: int, said: str) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert said in text(response)
    assert "Traceback" not in text(response)
    chinese = (
        client.get(address, {"lang": "zh-hans"}) if "?" not in address else client.get(f"{address}&lang=zh-hans")
    )
    assert chinese.status_code == status
    assert 'lang="zh-Hans"' in chinese.content.decode()


@pytest.mark.parametrize("typed", PERSONS)
@pytest.mark.parametrize("address", ["/search", "/search.json", "path", "path.json"])
def test_a_persons_code_is_refused_and_never_shown(client: Client, typed: str, address: str) -> None:
    if address.startswith("path"):
        response = client.get(f"/organisation/cn-uscc/{typed.strip()}{address[4:]}")
    else:
        response = client.get(address, {"q": typed})
    assert response.status_code == 403
    assert "natural person" in response.content.decode()
    for part in typed.split():
        assert len(part) < 6 or part not in response.content.decode()


def test_an_individual_trader_is_a_person(client: Client) -> None:
    assert client.get("/search", {"q": "92330106MA27XW1F7F"}).status_code == 403


@pytest.mark.parametrize("name", ["GoldenDragons", "Cafe 123", "24 Hour Fitness", "杭州示例环保科技有限公司"])
def test_ordinary_names_are_no_persons(client: Client, name: str) -> None:
    assert client.get("/search", {"q": name}).status_code == 200


def test_refusals_as_json(client: Client) -> None:
    error = client.get(f"{UNKNOWN}.json").json()["error"]
    assert error["status"] == 404
    assert error["title"] == "Not found"
    assert "what" not in client.get("/search.json", {"q": CITIZEN}).json()["error"]


def test_the_far_future_is_a_day_like_any_other(client: Client) -> None:
    assert client.get(f"{ADDRESS}?true_on=9999-12-31").status_code == 200


def test_nothing_can_be_posted(client: Client) -> None:
    assert client.post("/search", {"q": "x"}).status_code == 405


def test_a_database_that_is_down_is_503_and_gives_nothing_away(client: Client, town: Town) -> None:
    connection = connections["default"]
    connection.close()
    host = connection.settings_dict["HOST"]
    connection.settings_dict["HOST"] = "/nonexistent"
    try:
        response = client.get("/")
        assert response.status_code == 503
        assert "nonexistent" not in response.content.decode()
        assert client.get(f"{ADDRESS}.json").json()["error"]["status"] == 503
    finally:
        connection.settings_dict["HOST"] = host
    assert client.get("/").status_code == 200


def test_what_nobody_foresaw_is_a_plain_page(client: Client, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(digest(b"a secret of the inside"))

    monkeypatch.setattr("probity.portal.views.service.home_page", broken)
    response = client.get("/")
    assert response.status_code == 500
    assert "There is a problem with this service" in text(response)
    assert digest(b"a secret of the inside") not in response.content.decode()
