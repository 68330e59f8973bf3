"""Every string of the portal has a Chinese translation, and none is a guess."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

import probity.portal

PORTAL = Path(probity.portal.__file__).parent
PO = PORTAL / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")

Message = tuple[str | None, str | tuple[str, ...]]


def messages() -> Iterator[Message]:
    """Context and text of every translatable string of the code and the templates."""
    for path in sorted(PORTAL.rglob("*")):
        if path.suffix == ".py":
            source = path.read_text()
        elif path.suffix == ".html":
            source = templatize(path.read_text(), origin=str(path))
        else:
            continue
        for _, text, _, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
            yield context, text if isinstance(text, str) else tuple(text)


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="zh_Hans", abort_invalid=True)


def test_every_string_is_translated(catalogue: Catalog) -> None:
    missing = []
    for context, text in messages():
        found = catalogue.get(text if isinstance(text, str) else text[0], context=context)
        if not found or not (found.string if isinstance(found.string, str) else all(found.string)):
            missing.append((context, text))
    assert not missing, f"add these to {PO.name}, then make setup"


def test_nothing_is_fuzzy_or_left_over(catalogue: Catalog) -> None:
    used = {(context, text if isinstance(text, str) else text[0]) for context, text in messages()}
    assert [m.id for m in catalogue if m.id and m.fuzzy] == []
    ids = {(m.context, m.id if isinstance(m.id, str) else m.id[0]) for m in catalogue if m.id}
    assert ids - used == set()


def test_nothing_is_translated_twice() -> None:
    blocks = [block for block in PO.read_text().split("\n\n") if "msgid" in block]
    said = [re.sub(r"(?m)^#.*\n|^msgstr[\s\S]*", "", block) for block in blocks]
    assert [each for each, number in Counter(said).items() if number > 1] == []


def test_translations_keep_the_placeholders(catalogue: Catalog) -> None:
    for message in catalogue:
        wanted = message.id if isinstance(message.id, str) else message.id[-1]
        given = message.string if isinstance(message.string, str) else message.string[0]
        assert set(PLACEHOLDER.findall(wanted)) == set(PLACEHOLDER.findall(given)), wanted


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    compiled = PO.with_suffix(".mo")
    assert compiled.exists(), "run make setup: it compiles the translations"
    assert compiled.stat().st_mtime >= PO.stat().st_mtime, "the translations changed: run make setup"
