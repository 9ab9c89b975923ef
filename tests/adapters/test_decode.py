"""Content codings are undone whole, and never beyond a limit."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from aggregator.adapters.http.decode import decoded
from aggregator.adapters.http.refusals import Refusal
from aggregator.model import FailureKind

PAGE = b"<li>Dialogue about the corridor resumes</li>" * 500
LIMIT = 100_000


def streamed(body: bytes) -> bytes:
    """Compress without saying how long it is, as servers do."""
    compressor = zstandard.ZstdCompressor().compressobj()
    return compressor.compress(body) + compressor.flush()


def raw_deflate(body: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(body) + compressor.flush()


CODED = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "gzip in members": ("gzip", lambda b: gzip.compress(b[:99]) + gzip.compress(b[99:])),
    "gzip with padding": ("gzip", lambda b: gzip.compress(b) + b"\0" * 50),
    "deflate": ("deflate", zlib.compress),
    "deflate without its wrapper": ("deflate", raw_deflate),
    "brotli": ("br", brotli.compress),
    "zstd": ("zstd", zstandard.ZstdCompressor().compress),
    "zstd of unknown size": ("zstd", streamed),
    "zstd in frames": ("zstd", lambda b: streamed(b[:99]) + streamed(b[99:])),
    "two codings": ("br, gzip", lambda b: gzip.compress(brotli.compress(b))),
    "identity": ("identity", lambda b: b),
    "a charset": ("UTF-8", lambda b: b),
    "none": ("none", lambda b: b),
}
UNCODED = {"identity", "a charset", "none"}
BREAKING = [name for name in CODED if name not in {*UNCODED, "gzip with padding"}]


def refused(body: bytes, coding: str) -> FailureKind:
    with pytest.raises(Refusal) as caught:
        decoded(body, coding, limit=LIMIT)
    return caught.value.kind


@pytest.mark.parametrize("name", CODED)
def test_a_coding_is_undone(name: str) -> None:
    coding, code = CODED[name]

    assert decoded(code(PAGE), coding, limit=LIMIT) == PAGE


@pytest.mark.parametrize("name", BREAKING)
def test_a_page_that_breaks_off_is_no_page(name: str) -> None:
    coding, code = CODED[name]

    assert refused(code(PAGE)[:-5], coding) in {FailureKind.TRUNCATED, FailureKind.ENCODING}


@pytest.mark.parametrize("name", BREAKING)
def test_a_page_that_grows_beyond_the_limit_is_too_large(name: str) -> None:
    coding, code = CODED[name]

    assert refused(code(bytes(50 * LIMIT)), coding) is FailureKind.TOO_LARGE


@pytest.mark.parametrize("coding", ["compress", "gzip, gzip, gzip, gzip", "idna"])
def test_a_coding_nobody_uses_is_refused(coding: str) -> None:
    assert refused(PAGE, coding) is FailureKind.ENCODING


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_body_of_a_million_empty_parts_is_refused_in_no_time(coding: str) -> None:
    part = gzip.compress(b"") if coding == "gzip" else streamed(b"")

    assert refused(part * 100_000, coding) is FailureKind.ENCODING


def test_a_window_that_takes_much_memory_is_refused() -> None:
    wide = zstandard.ZstdCompressionParameters(window_log=27)
    compressor = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    body = compressor.compress(PAGE) + compressor.flush()

    assert refused(body, "zstd") is FailureKind.ENCODING


@given(st.binary(max_size=400), st.sampled_from(["gzip", "deflate", "br", "zstd", "br, gzip"]))
def test_no_bytes_crash_it_or_grow_beyond_the_limit(body: bytes, coding: str) -> None:
    try:
        page = decoded(body, coding, limit=1000)
    except Refusal:
        return

    assert len(page) <= 1000
