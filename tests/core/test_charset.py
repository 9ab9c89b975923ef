import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.charset import decode


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (codecs.BOM_UTF8 + "Perú".encode(), "text/html; charset=latin-1", "Perú"),
        (codecs.BOM_UTF16_LE + "Perú".encode("utf-16-le"), "", "Perú"),
        (codecs.BOM_UTF16_BE + "Perú".encode("utf-16-be"), "", "Perú"),
        (codecs.BOM_UTF32_LE + "Perú".encode("utf-32-le"), "", "Perú"),
        ("Perú".encode(), "text/html; charset=gb2312", "Perú"),
        ("Perú “x”".encode("cp1252"), "text/html; charset=iso-8859-1", "Perú “x”"),
        (b"<meta charset=windows-1251>" + "Новости".encode("cp1251"), "text/html", "Новости"),
        (
            b"<?xml version='1.0' encoding='iso-8859-2'?>" + "łąka".encode("iso8859-2"),
            "application/xml",
            "łąka",
        ),
        (
            b"<meta http-equiv=content-type content='text/html; charset=shift_jis'>"
            + "日本語".encode("cp932"),
            "text/html",
            "日本語",
        ),
        ("お知らせ".encode("iso2022_jp"), "text/html; charset=iso-2022-jp", "お知らせ"),
        ("плохо".encode("koi8-r"), "text/html; charset=koi8-r", "плохо"),
        ("<p>News".encode("utf-16-le"), "text/html; charset=utf-16", "<p>News"),
        ("<p>News".encode("utf-16-be"), "text/html; charset=utf-16be", "<p>News"),
        (b"<p>N\x00ews", "text/html; charset=utf-8", "<p>N\x00ews"),
    ],
)
def test_a_page_is_read_in_the_charset_it_is_in(body: bytes, content_type: str, text: str) -> None:
    assert decode(body, content_type).endswith(text)


def test_the_header_wins_over_the_page() -> None:
    body = b"<meta charset=koi8-r>" + "Ж".encode("cp1251")

    assert decode(body, "text/html; charset=windows-1251").endswith("Ж")


def test_what_declares_nothing_is_detected() -> None:
    text = "Администрация города сообщает о новостях и решениях совета депутатов. " * 20

    assert decode(text.encode("cp1251")) == text


@pytest.mark.parametrize(
    "name", ["idna", "punycode", "utf-7", "rot13", "zip", "nonsense", "x" * 90]
)
def test_a_name_that_is_no_charset_is_not_obeyed(name: str) -> None:
    assert decode("Perú".encode("latin-1"), f"text/html; charset={name}") == "Perú"


def test_a_page_cannot_be_utf_16_when_its_own_meta_could_be_read() -> None:
    assert decode(b"<meta charset=utf-16>caf\xe9 caf\xe9 cr\xe8me").startswith("<meta")


def test_utf_8_with_a_scratch_stays_utf_8() -> None:
    text = "Perú está aquí. " * 50

    assert decode(text.encode() + b"\xff", "text/html; charset=utf-8") == text + "\ufffd"


@given(st.binary(max_size=400), st.text(max_size=60))
def test_no_bytes_crash_it(body: bytes, content_type: str) -> None:
    assert isinstance(decode(body, content_type), str)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80))
def test_utf_8_comes_back_whole(text: str) -> None:
    body = codecs.BOM_UTF8 + text.encode()

    assert decode(body) == text
