"""What the pages show, of a small town, through Django's test client."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from tests.portal.seen import page, text
from tests.portal.town import BRANCH, BUSY, CAFE, DINER, ENTERPRISE, HOSTILE, TRUE_ON, Town

from probity.canon import canonical


def test_home_shows_register_examples_and_grades(client: Client) -> None:
    response = client.get("/")
    seen = text(response)
    assert response.status_code == 200
    assert "5 organisations are in the register" in seen
    assert "Grades as true on 30 June 2023; 3 organisations" in seen
    assert re.search(r"C Average 1 33\.3%", seen)
    assert "Nobody has been graded by this card yet." in seen
    assert "Generated data." in seen


def test_an_organisation_with_everything(client: Client) -> None:
    response = client.get(page(ENTERPRISE))
    seen = text(response)
    assert response.status_code == 200
    assert "As true on 30 June 2023 , as known on" in seen
    assert "杭州旧名科技有限公司 since 1 March 2016" in seen
    assert "CN¥10,000,000.00" in seen
    assert "C Average 785 points of 1,000" in seen
    assert "Points missing to grade B: 15." in seen
    assert "24 of 25 indicators known" in seen
    assert "Evasion of financial debts not known of 15" in seen
    assert "Contested since 1 December 2022" in seen
    assert "Shown until 14 March 2025" in seen
    assert "Legal basis 行政处罚法 art. 48" in seen
    assert "Fine CN¥20,000.00" in seen
    assert "P3" not in seen, "past its term"
    assert "Generated data." in seen


def test_points_lead_to_records_and_back(client: Client, town: Town) -> None:
    html = client.get(page(ENTERPRISE)).content.decode()
    assert f'href="?#record-{town.penalty}"' in html
    assert f'id="record-{town.penalty}"' in html
    for target in re.findall(r'href="#([^"]+)"', html):
        assert f'id="{target}"' in html


def test_the_code_is_explained(client: Client) -> None:
    seen = text(client.get(page(ENTERPRISE)))
    assert re.search(r"3–8 330106 Region of the registrar: 浙江省\s?杭州市\s?西湖区", seen)


def test_relations_are_links_on_both_sides_and_keep_the_times(client: Client) -> None:
    there = client.get(page(ENTERPRISE), {"true_on": "2023-01-31"}).content.decode()
    assert f'href="{page(BRANCH)}?true_on=2023-01-31"' in there
    back = client.get(page(BRANCH))
    assert page(ENTERPRISE) in back.content.decode()
    assert "(stated by the other organisation)" in text(back)


def test_another_day_gives_another_file(client: Client) -> None:
    earlier = text(client.get(page(ENTERPRISE), {"true_on": "2022-11-30"}))
    assert "Contested since" not in earlier
    assert "As true on 30 November 2022" in earlier


def test_a_moment_before_anything_was_known_finds_nothing(client: Client) -> None:
    response = client.get(page(ENTERPRISE), {"known_at": "2020-01-01"})
    assert response.status_code == 404
    assert "Open this page without the dates" in text(response)


def test_a_card_that_is_not_in_force_says_so_and_leads_to_its_last_day(client: Client) -> None:
    response = client.get(page(ENTERPRISE), {"true_on": "2024-05-01"})
    assert "last in force on 4 December 2023" in text(response)
    assert 'href="?true_on=2023-12-04#grade"' in response.content.decode()
    before = text(client.get(page(ENTERPRISE), {"true_on": "2020-02-01"}))
    assert "it begins on 4 August 2020" in before


def test_an_organisation_without_an_occasion_has_no_grade(client: Client) -> None:
    seen = text(client.get(page(CAFE)))
    assert "No grade" in seen
    assert "Generated data." not in seen


def test_ten_thousand_records_would_come_fifty_to_a_page(client: Client) -> None:
    first = client.get(page(BUSY), {"true_on": "2023-06-30"})
    assert first.content.decode().count('class="record ') == 50
    assert "Page 1 of 3." in text(first)
    assert 'href="?true_on=2023-06-30&amp;page=3#timeline"' in first.content.decode()
    last = client.get(page(BUSY), {"true_on": "2023-06-30", "page": "3"})
    assert last.content.decode().count('class="record ') == 21
    assert client.get(page(BUSY), {"page": "nonsense"}).status_code == 200


@pytest.mark.parametrize("address", ["/", "/search?q=diner", page(DINER)])
def test_names_are_escaped_and_cannot_turn_the_page(client: Client, address: str) -> None:
    html = client.get(address).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script" not in html
    assert "\u202e" not in html
    assert HOSTILE.split("\u202e")[1] in html


@pytest.mark.parametrize(("lang", "word"), [("en", "Search the register"), ("zh-hans", "查询登记簿")])
def test_language_by_link_then_cookie_then_header(client: Client, lang: str, word: str) -> None:
    assert word in text(client.get("/", {"lang": lang}))
    assert client.cookies["django_language"].value == lang
    assert word in text(client.get("/"))
    assert word in text(Client().get("/", headers={"accept-language": lang}))


def test_chinese_pages_hold_names_dates_and_money_in_chinese(client: Client) -> None:
    seen = text(client.get(page(ENTERPRISE), {"lang": "zh-hans"}))
    assert "自2022年12月1日起异议处理中" in seen
    assert "¥10,000,000.00" in seen
    assert "浙江省生态环境厅" in seen
    assert "统一社会信用代码各位含义" in seen
    assert 'lang="zh-Hans"' in client.get("/").content.decode()


def test_json_says_the_same_for_ever(client: Client) -> None:
    address = re.search(r'href="([^"]*known_at=[^"]*)"', client.get(page(ENTERPRISE)).content.decode())
    assert address
    path, _, query = unescape(address[1]).partition("?")
    one, two = (client.get(f"{path}.json?{query}") for _ in range(2))
    assert one.content == two.content
    content = one.json()
    assert one.content == canonical(content)
    assert content["as_of"]["true_on"] == TRUE_ON.isoformat()
    totals = {grade["card"]: grade["total"] for grade in content["grades"]}
    assert totals["cn-zhejiang-2020/enterprise"] == 785_000
    assert "generated data" in content["notice"]


def test_search_by_name_and_its_json(client: Client) -> None:
    assert "2 organisations found" in text(client.get("/search", {"q": "示例环保"}))
    found = client.get("/search.json", {"q": "示例环保"}).json()
    assert {each["subject"] for each in found["organisations"]} == {ENTERPRISE, BRANCH}
    assert "notice" in found
    assert "No organisation found" in text(client.get("/search", {"q": "nobody at all"}))
    assert client.get("/search").status_code == 200
    assert client.get("/search", {"q": "\x00\u202e"}).status_code == 200


@pytest.mark.parametrize("typed", ["{code}", " {code} ", "{lower}", "cn-uscc:{code}"])
def test_a_code_leads_straight_to_its_organisation(client: Client, typed: str) -> None:
    code = ENTERPRISE.partition(":")[2]
    response = client.get("/search", {"q": typed.format(code=code, lower=code.lower())})
    assert (response.status_code, response["Location"]) == (302, page(ENTERPRISE))


def test_an_address_in_another_form_leads_to_the_normal_one(client: Client) -> None:
    response = client.get(page(ENTERPRISE).replace("W", "w"), {"true_on": "2023-01-31"})
    assert response["Location"] == f"{page(ENTERPRISE)}?true_on=2023-01-31"


def test_a_card_reads_as_a_table_of_rules(client: Client) -> None:
    seen = text(client.get("/card/cn-zhejiang-2020/enterprise"))
    assert "Points by Severity: Minor 10; General 30; Serious 90." in seen
    assert "from CNY 100,000: 15" in seen
    assert "A Excellent 850" in seen
    assert "no grade unless 60 per cent of the weights are known" in seen
    food = text(client.get("/card/us-sf-food/lives"))
    assert "Reads Food safety violation (where Risk is High risk). 7 points for each record." in food
    assert "judges the latest of: Food safety inspection (where Type is Routine inspection)" in food


def test_nothing_but_our_own_stylesheet_may_load(client: Client) -> None:
    for address in ("/", page(ENTERPRISE), "/no-such-page", "/search.json?q=x"):
        policy = client.get(address)["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
    html = client.get(page(ENTERPRISE)).content.decode()
    assert not re.search(r"<script|\sstyle=|\son\w+=|javascript:", html)
    assert client.get("/").cookies == {}
    stylesheet = client.get("/static/portal/portal.css")
    assert stylesheet.status_code == 200
    stylesheet.close()
