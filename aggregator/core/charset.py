"""Turn the bytes of a page into text, whatever it says of itself."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_SNIFFED_BYTES = 4096  # the HTML standard asks for 1024; real pages put scripts in front
_DETECTED_BYTES = 65_536  # detection is slow: 20 ms for this much
_FEW_BYTES = 16  # beyond ASCII; a guess from so little is worse than the usual charset
_USUAL = "cp1252"
_NAME = rb"""\s*=\s*["']?\s*([A-Za-z0-9_:.\-]{1,40})"""
_META = re.compile(rb"<meta[^>]{0,500}?charset" + _NAME, re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding" + _NAME, re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.\-]{1,40})", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# What browsers read under a name is often a wider set than the name says
# (https://encoding.spec.whatwg.org/#names-and-labels).
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "utf-16": "utf-16-le",
}
# Python has codecs that are no charsets (idna, punycode, zip, rot13) or are attacks (utf-7).
_CHARSETS = re.compile(
    r"^(utf-8|utf-16(-[lb]e)?|utf-32(-[lb]e)?|cp\d+|iso8859-\d+|koi8-[rut]|mac-\w+"
    r"|gb18030|big5hkscs|euc_\w+|euc_jis_2004|iso2022_\w+|johab|hz|ptcp154|kz1048)$"
)


def decode(body: bytes, content_type: str = "") -> str:
    """Return the text of a page.

    In this order: a byte order mark; valid UTF-8 beyond ASCII, whatever is declared; the
    charset of the header; of a meta element or XML declaration near the start; what the
    bytes look like. Never raises: what cannot be read becomes U+FFFD.

    Args:
        body: The page, at most some 10 MB.
        content_type: The header's value, e.g. ``text/html; charset=koi8-r``.

    >>> decode("Perú".encode("latin-1"), "text/html; charset=ISO-8859-1")
    'Perú'
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(_little(name, mark), errors="replace")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(body, content_type)
    declared = _declared(body, content_type) if body.isascii() else None
    if declared and (declared.startswith("iso2022") or b"\x00" in body):
        return body.decode(declared, errors="replace")  # UTF-16 and escapes are ASCII too
    return text


def _little(name: str, mark: bytes) -> str:
    return (
        f"{name}-{'be' if mark in {codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE} else 'le'}"
        if (name != "utf-8")
        else name
    )


def _decode_legacy(body: bytes, content_type: str) -> str:
    declared = _declared(body, content_type)
    if declared and declared != "utf-8":
        return body.decode(declared, errors="replace")
    repaired = body.decode("utf-8", errors="replace")
    if declared and repaired.count("\ufffd") * 100 <= len(repaired):
        return repaired  # UTF-8 with a scratch is still UTF-8
    return body.decode(_detected(body[:_DETECTED_BYTES]) or _USUAL, errors="replace")


def _detected(sample: bytes) -> str | None:
    if len(sample.translate(None, bytes(range(128)))) < _FEW_BYTES:
        return None
    best = from_bytes(sample).best()
    return _known(best.encoding) if best else None


def _declared(body: bytes, content_type: str) -> str | None:
    head = body[:_SNIFFED_BYTES]
    in_header = _HEADER.search(content_type[:500])
    if in_header and (name := _known(in_header[1])):
        return name
    in_body = _XML.search(head) or _META.search(head)
    if in_body and (name := _known(in_body[1].decode("ascii"))):
        return "utf-8" if name.startswith("utf-16") else name  # it could not have been read
    return None


def _known(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    name = _WIDER.get(name, name)
    return name if _CHARSETS.match(name) else None
