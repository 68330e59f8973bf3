"""UTF-8 or GB18030, or an error that names the byte; never mojibake."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from probity.errors import IntakeError
from probity.intake import encoding
from probity.intake.encoding import survey, utf8_blocks

CHINESE = "名称,代码\n杭州西湖龙井茶业有限公司,1\n上海浦东发展股份有限公司,2\n"
HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=30)


def decided(path: Path, content: bytes, declared: str = "detect") -> str:
    path.write_bytes(content)
    return survey(path, declared).encoding


@pytest.mark.parametrize(
    ("content", "declared", "expected"),
    [
        (b"a,b\n", "detect", "utf-8"),
        (b"a,b\n", "gb18030", "utf-8"),  # pure ASCII is the same in both
        (CHINESE.encode(), "detect", "utf-8"),
        (b"\xef\xbb\xbf" + CHINESE.encode(), "detect", "utf-8"),
        (CHINESE.encode("gb18030"), "detect", "gb18030"),
        (CHINESE.encode("gb18030"), "gb18030", "gb18030"),
        ("name\nCafé, Niño, Müller\n".encode(), "detect", "utf-8"),
        ("name\nПриветъ, Москва\n".encode(), "detect", "utf-8"),
        ("模式".encode("gb18030"), "gb18030", "gb18030"),
    ],
)
def test_decides(tmp_path: Path, content: bytes, declared: str, expected: str) -> None:
    assert decided(tmp_path / "f.csv", content, declared) == expected


@pytest.mark.parametrize(
    ("content", "declared", "says"),
    [
        (
            "name\nCafé noir\n".encode("latin-1"),
            "detect",
            r"neither UTF-8 nor GB18030: byte 0xE9 at offset 8 \(line 2\)",
        ),
        ("n\nMüller\nGröße\n".encode("latin-1"), "detect", "neither UTF-8 nor GB18030: byte 0xFC at offset 3"),
        ("臺灣積體電路製造\n".encode("big5"), "detect", "neither"),
        (CHINESE.encode("gb18030"), "utf-8", r"not UTF-8: byte 0xC3 at offset 0 \(line 1\)"),
        (CHINESE.encode(), "gb18030", "declared as GB18030 and is UTF-8"),
        (CHINESE.encode("gb18030") + b"\xff\n", "gb18030", r"not GB18030: byte 0xFF at offset \d+ \(line 4\)"),
        ("模式".encode("gb18030"), "detect", "both in UTF-8 and in GB18030"),
        (CHINESE.encode("utf-16"), "detect", "UTF-16"),
        (CHINESE.encode("utf-32"), "detect", "UTF-32"),
        (CHINESE.encode()[:-4], "utf-8", "not UTF-8"),
    ],
)
def test_refuses(tmp_path: Path, content: bytes, declared: str, says: str) -> None:
    with pytest.raises(IntakeError, match=says):
        decided(tmp_path / "f.csv", content, declared)


def _reads_as_utf8(content: bytes) -> bool:
    """A few characters of GB18030 can be sound UTF-8 by chance; a file so short is refused, not guessed at."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return not content.isascii()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=HAN, size=st.integers(1, 9), written=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_chinese_text_survives_any_block_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, size: int, written: str
) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(text.encode(written))
    if written == "gb18030":
        assume(not _reads_as_utf8(path.read_bytes()))
    with monkeypatch.context() as patch:
        patch.setattr(encoding, "BLOCK", size)
        found = survey(path, "gb18030" if written == "gb18030" else "utf-8")
        with path.open("rb") as file:
            back = b"".join(block for block, _ in utf8_blocks(file, found, path))
    assert back.decode() == text


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.binary(max_size=0) | st.text(max_size=40).map(str.encode), size=st.integers(1, 9))
def test_the_byte_at_fault_is_named_exactly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bytes, size: int
) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(before + b"\xff\n")
    line = before.count(b"\n") + 1
    with monkeypatch.context() as patch:
        patch.setattr(encoding, "BLOCK", size)
        if before.startswith((b"\xff\xfe", b"\xfe\xff")):
            return
        with pytest.raises(IntakeError, match=rf"0xFF at offset {len(before):,} \(line {line}\)"):
            survey(path, "utf-8")
