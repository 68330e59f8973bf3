"""The pages in a real browser: without scripts, on a phone, with a keyboard, without barriers, in two languages.

They need Chromium: set PROBITY_CHROMIUM to its path, or install it (Debian: apt-get install chromium
fonts-noto-cjk). Where there is none they are skipped, unless PROBITY_REQUIRE_BROWSER=1.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.handlers.wsgi import WSGIHandler
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.portal.town import BUSY, CAFE, DAYS, DINER, ENTERPRISE, PREVIEW, Town, keep_preview, use
from waitress.server import create_server

from probity.identity import compose
from probity.service import House
from probity.service.preview import kept
from probity.service.preview import page as page_of

WIDTHS = {"desktop": 1280, "phone": 390}
LANGUAGES = ("en", "zh-hans")
CITIZEN = "11010519491231002X"


def _address(subject: str) -> str:
    return "/organisation/" + subject.replace(":", "/")


PAGES = {
    "home": ("/", 200),
    "results": ("/search?q=示例环保", 200),
    "nothing found": ("/search?q=nobody", 200),
    "wrong code": ("/search?q=91330106000000010X", 400),
    "organisation": (_address(ENTERPRISE), 200),
    "many records": (f"{_address(BUSY)}?page=3", 200),
    "hostile name": (_address(DINER), 200),
    "no grade": (_address(CAFE), 200),
    "card not in force": (f"{_address(ENTERPRISE)}?true_on=2024-05-01", 200),
    "card": ("/card/cn-zhejiang-2020/enterprise", 200),
    "previews": ("/previews/", 200),
    "preview": (f"/previews/{PREVIEW}", 200),
    "unknown": (f"/organisation/cn-uscc/{compose('9', '1', '330106', '00000099')}", 404),
    "person": (f"/search?q={CITIZEN}", 403),
    "bad date": (f"{_address(ENTERPRISE)}?true_on=2023-02-30", 400),
    "no page": ("/nowhere", 404),
}

TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll("body *")].filter(each => each.getBoundingClientRect().right > innerWidth + 0.5)
        .map(each => each.outerHTML.slice(0, 120))"""
"""The elements that stick out on the right, where the page can be scrolled sideways."""

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def site(built: Town) -> Iterator[str]:
    """The pages, served from a thread; each request closes its connection to the database."""
    patch = pytest.MonkeyPatch()
    patch.setattr("probity.service.wiring._open", [House(Path(), built.law, DAYS)])
    use(built.url, keep=0)
    keep_preview(built.law)
    server = create_server(WSGIHandler(), host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join()
    patch.undo()


@pytest.fixture(scope="module")
def browser(site: str) -> Iterator[Browser]:
    """Chromium. While it runs, this thread has an event loop, and Django refuses to use the database in it."""
    path = os.environ.get("PROBITY_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path or not Path(path).exists():
        missing = "no Chromium: apt-get install chromium fonts-noto-cjk, or set PROBITY_CHROMIUM to its path"
        if os.environ.get("PROBITY_REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=arguments)
        yield found
        found.close()


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Open]:
    """Open an address in a fresh browser of a given width and language; scripts are off."""
    opened = []

    def go(address: str, *, width: str = "desktop", language: str = "en", scripts: bool = False) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": WIDTHS[width], "height": 800},
            locale="zh-CN" if language == "zh-hans" else "en-GB",
            java_script_enabled=scripts,
            bypass_csp=scripts,
        )
        opened.append(context)
        page = context.new_page()
        page.goto(address)
        return page

    yield go
    for context in opened:
        context.close()


@pytest.mark.parametrize("name", PAGES)
def test_page_fits_a_phone_and_a_desk_and_has_no_barrier(visit: Open, name: str) -> None:
    """Nothing has to be scrolled sideways, whatever is unfolded; axe finds nothing."""
    address, status = PAGES[name]
    page = visit(address, scripts=True)
    for language in LANGUAGES:
        response = page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
        assert response
        assert response.status == status
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        for width in WIDTHS.values():
            page.set_viewport_size({"width": width, "height": 800})
            wide = page.evaluate(TOO_WIDE)
            assert wide == [], (language, width)
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_keyboard_alone_finds_an_organisation_without_scripts(visit: Open, width: str) -> None:
    page = visit("/", width=width)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("示例环保")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2)).to_have_text("2 organisations found")
    page.get_by_role("link", name="杭州示例环保科技有限公司", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("杭州示例环保科技有限公司")


def test_the_points_unfold_and_lead_to_their_record_without_scripts(visit: Open, built: Town) -> None:
    page = visit(_address(ENTERPRISE))
    page.locator("summary", has_text="Administrative penalties").press("Enter")
    unfolded = page.locator("details", has=page.locator("summary", has_text="Administrative penalties"))
    link = unfolded.get_by_role("link", name="Administrative penalty, 2 November 2022")
    expect(link).to_be_visible()
    link.press("Enter")
    expect(page.locator(f"#record-{built.penalty}")).to_be_in_viewport()
    assert page.url.endswith(f"#record-{built.penalty}")


def test_another_day_is_asked_for_without_scripts(visit: Open) -> None:
    page = visit(_address(ENTERPRISE))
    page.get_by_text("Look at another day").press("Enter")
    page.get_by_label("As true on").fill("2022-11-30")
    page.get_by_role("button", name="Show").press("Enter")
    expect(page.get_by_text("As true on 30 November 2022, as known on").first).to_be_visible()
    assert "true_on=2022-11-30" in page.url


def test_the_language_stays_chosen_without_scripts(visit: Open) -> None:
    page = visit("/", language="en")
    page.get_by_role("link", name="简体中文").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("单位公共信用档案")
    page.goto(_address(ENTERPRISE))
    expect(page.get_by_role("heading", level=2).first).to_have_text("基本信息")
    assert [each["name"] for each in page.context.cookies()] == ["django_language"]


def test_the_language_of_the_browser_is_the_first_choice(visit: Open) -> None:
    page = visit("/", language="zh-hans")
    expect(page.get_by_role("heading", level=1)).to_have_text("单位公共信用档案")


def test_focus_can_be_seen(visit: Open) -> None:
    page = visit("/", scripts=True)
    page.get_by_role("searchbox").focus()
    style = "getComputedStyle(document.activeElement)"
    assert page.evaluate(f"{style}.outlineStyle") == "solid"
    assert page.evaluate(f"parseFloat({style}.outlineWidth)") >= 3


def test_a_persons_code_stays_off_the_page(visit: Open) -> None:
    page = visit(f"/search?q={CITIZEN}")
    expect(page.get_by_role("heading", level=1)).to_have_text("A natural person can have no file here")
    assert CITIZEN not in page.content()


def test_printing_keeps_the_substance(visit: Open) -> None:
    page = visit(_address(ENTERPRISE), scripts=True)
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="简体中文")).to_be_hidden()
    expect(page.get_by_text("Points of every indicator").first).to_be_visible()
    expect(page.get_by_text("Contested since 1 December 2022")).to_be_visible()


def test_the_two_grades_of_a_move_stay_on_one_line(visit: Open) -> None:
    """At whatever width of a phone: with the line's end anywhere, the new grade does not go over it alone."""
    page = visit(f"/previews/{PREVIEW}?lang=zh-hans", scripts=True)
    moves = page.locator("summary .quiet")
    assert moves.count()
    for width in range(320, 430, 5):
        page.set_viewport_size({"width": width, "height": 800})
        broken = moves.evaluate_all(
            """all => all.filter(each => each.getBoundingClientRect().height >
                1.5 * parseFloat(getComputedStyle(each).lineHeight)).map(each => each.textContent)"""
        )
        assert broken == [], width


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("subject", [ENTERPRISE, DINER])
def test_every_band_of_a_strip_has_a_label_that_lies_over_no_other(
    visit: Open, language: str, subject: str
) -> None:
    page = visit(f"{_address(subject)}?lang={language}", scripts=True)
    for width in WIDTHS.values():
        page.set_viewport_size({"width": width, "height": 800})
        for strip in page.locator("svg.bands").all():
            assert strip.locator("text").count() == strip.locator("rect.band").count()
            over = strip.locator("text").evaluate_all(
                """all => all.map(each => each.getBoundingClientRect()).flatMap((one, n, boxes) =>
                    boxes.slice(n + 1).filter(other => one.left < other.right && other.left < one.right
                        && one.top < other.bottom - 4 && other.top < one.bottom - 4))"""
            )
            assert over == [], width


def test_a_preview_stands_alone_as_a_file(visit: Open, tmp_path: Path) -> None:
    """In both languages, at both widths, without a server: nothing sticks out, and axe finds nothing."""
    report = kept(PREVIEW)
    for language, words in {"en": "From grade to grade", "zh": "等级变动"}.items():
        path = tmp_path / f"{language}.html"
        path.write_text(page_of(report, language), encoding="utf-8")
        page = visit(path.as_uri(), scripts=True)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        expect(page.get_by_role("heading", name=words)).to_be_visible()
        for width in WIDTHS.values():
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(TOO_WIDE) == []
        found = Axe().run(page, options={"resultTypes": ["violations"]})
        assert found.violations_count == 0, found.generate_report()
