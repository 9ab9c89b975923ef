"""Undo content codings, never beyond a limit: 1.8 kB of brotli can be 1.2 GB of page."""

from __future__ import annotations

import io
import zlib

import brotli
import zstandard

from aggregator.adapters.http.refusals import Refusal
from aggregator.model import FailureKind

ACCEPTED = "gzip, deflate, br, zstd"
_MAX_CODINGS = 3
_MAX_PARTS = 1_000  # members or frames
_PIECE_BYTES = 65_536  # at a time: what follows a member is copied
_MAX_WINDOW = 8 * 1024 * 1024  # what RFC 9659 lets zstd on the web use
_NONE = frozenset({"", "identity", "none", "utf-8", "8bit", "binary"})  # as servers write it
_ALIASES = {"x-gzip": "gzip", "x-deflate": "deflate"}


def decoded(body: bytes, coding: str, *, limit: int) -> bytes:
    """Return *body* with all of its content codings undone.

    Args:
        body: As it stands on the wire.
        coding: The Content-Encoding header.
        limit: The most bytes that may come out.

    Raises:
        Refusal: It is too large, broken, or breaks off.
    """
    names = [name.strip().lower() for name in coding.split(",")]
    names = [_ALIASES.get(name, name) for name in names if name not in _NONE]
    if len(names) > _MAX_CODINGS:
        raise Refusal(FailureKind.ENCODING, f"{len(names)} content codings on top of each other")
    for name in reversed(names):
        undo = _UNDO.get(name)
        if undo is None:
            raise Refusal(FailureKind.ENCODING, f"the content coding {name[:20]!r} is not known")
        if not body:
            return b""
        try:
            body = undo(body, limit)
        except (zlib.error, brotli.error, zstandard.ZstdError, EOFError) as error:
            raise Refusal(FailureKind.ENCODING, f"the {name} coding is broken") from error
    return body


def _gzip(body: bytes, limit: int) -> bytes:
    out, at = bytearray(), 0
    for _ in range(_MAX_PARTS):
        undo = zlib.decompressobj(wbits=31)
        while at < len(body) and not undo.eof and len(out) <= limit:
            piece = body[at : at + _PIECE_BYTES]
            out += undo.decompress(piece, limit + 1 - len(out))
            at += len(piece) - len(undo.unused_data)
        _check(len(out), limit, is_whole=undo.eof)
        if not body.startswith(b"\x1f\x8b", at):
            return bytes(out)  # whatever comes after the last member is padding
    raise Refusal(FailureKind.ENCODING, f"more than {_MAX_PARTS} gzip members")


def _deflate(body: bytes, limit: int) -> bytes:
    try:
        undo = zlib.decompressobj()
        out = undo.decompress(body, limit + 1)
    except zlib.error:
        undo = zlib.decompressobj(wbits=-15)  # without the wrapper, as some servers have it
        out = undo.decompress(body, limit + 1)
    _check(len(out), limit, is_whole=undo.eof)
    return out


def _brotli(body: bytes, limit: int) -> bytes:
    undo = brotli.Decompressor()
    out = bytearray(undo.process(body, output_buffer_limit=limit + 1))
    while not undo.can_accept_more_data() and len(out) <= limit:
        out += undo.process(b"", output_buffer_limit=limit + 1 - len(out))
    _check(len(out), limit, is_whole=undo.is_finished())
    return bytes(out)


def _zstd(body: bytes, limit: int) -> bytes:
    undo = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW)
    with undo.stream_reader(io.BytesIO(body), read_across_frames=True) as reader:
        out = reader.read(limit + 1)
    _check(len(out), limit, is_whole=True)
    # The reader is silent about a frame that breaks off; all are small, so once more.
    for _ in range(_MAX_PARTS):
        frame = undo.decompressobj()
        frame.decompress(body)
        _check(len(out), limit, is_whole=frame.eof)
        body = frame.unused_data
        if not body:
            return bytes(out)
    raise Refusal(FailureKind.ENCODING, f"more than {_MAX_PARTS} zstd frames")


def _check(size: int, limit: int, *, is_whole: bool) -> None:
    if size > limit:
        raise Refusal(FailureKind.TOO_LARGE, f"the page is larger than {limit:,} bytes")
    if not is_whole:
        raise Refusal(FailureKind.TRUNCATED, "the compressed page breaks off")


_UNDO = {"gzip": _gzip, "deflate": _deflate, "br": _brotli, "zstd": _zstd}
