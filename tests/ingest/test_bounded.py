"""Bombs and records that swell: stopped with a clear message, in little memory."""

import gzip
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders import line, span
from tests.forking import run_forked, server

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MB = 1 << 20
MOST_GROWTH = 128 * MB
SMALL = 5 * MB // 4
"""More than what decides whether a file is a trace."""

HEAD = b'{"resourceSpans":[{"scopeSpans":[{"spans":['
SPAN = b'{"traceId":"%s","spanId":"%s","name":"x"' % (b"a" * 32, b"1" * 16)
FOOT = b"]}]}]}\n"


def many(piece: bytes, size: int) -> bytes:
    return b",".join([piece] * (size // (len(piece) + 1)))


SHAPES: dict[str, Callable[[int], bytes]] = {
    "empty spans": lambda size: HEAD + many(b"{}", size) + FOOT,
    "tiny spans": lambda size: HEAD + many(b'{"name":"a"}', size) + FOOT,
    "attributes": lambda size: HEAD + SPAN + b',"attributes":[' + many(b'{"key":"a"}', size) + b"]}" + FOOT,
    "events": lambda size: HEAD + SPAN + b',"events":[' + many(b"{}", size) + b"]}" + FOOT,
    "documents": lambda size: b"[" + many(b"{}", size) + b"]\n",
    "lists": lambda size: b"[" + many(b"[]", size) + b"]\n",
    "depth": lambda size: b"[" * size + b"\n",
    "trace events": lambda size: b"[" + many(b'{"ph":"E"}', size) + b"]\n",
    "log records": lambda size: b'{"resourceLogs":[{"scopeLogs":[{"logRecords":[' + many(b"{}", size) + FOOT,
    "lines": lambda size: line(span("before")) + b"x\n" * (size // 20),
    "zeros": lambda size: b"\0" * size,
}


def read(path: Path) -> tuple[int, int, dict[str, int], list[str]]:
    """Bytes that memory grew by, spans, counts by kind, and reasons, of a process of its own."""
    ran = run_forked(server("tests.ingest.measured"), [str(path)], path.parent, os.environ)
    assert ran.returncode == 0, ran.stderr.decode()
    grown, spans, kinds, reasons = json.loads(ran.stdout)
    return grown, spans, kinds, reasons


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [SMALL, pytest.param(30 * MB, marks=pytest.mark.nightly)])
def test_records_that_swell(tmp_path: Path, shape: str, size: int) -> None:
    """Whatever they are made of: memory stays low, and the span behind them is read.

    A record is held up to four times: its bytes as they came, as one text, cut out, and as a document.
    """
    path = tmp_path / "a.jsonl"
    path.write_bytes(SHAPES[shape](size) + line(span("behind")))
    grown, spans, _, reasons = read(path)
    assert grown < MOST_GROWTH + 4 * size
    assert spans >= 1
    assert len(reasons) <= 5


def test_a_span_of_very_many_values_is_read(tmp_path: Path) -> None:
    """Its attributes and events cost it nothing: it is read as the span behind it is."""
    for shape in ("attributes", "events"):
        path = tmp_path / f"{shape}.jsonl"
        path.write_bytes(SHAPES[shape](3 * MB) + line(span("behind")))
        grown, spans, kinds, _ = read(path)
        assert (grown < MOST_GROWTH + 12 * MB, spans, kinds) == (True, 2, {})


def test_a_log_that_begins_without_spans_is_no_trace(tmp_path: Path) -> None:
    """Its first MiB decides, for a directory may be full of logs: that is told, and nothing of it is read."""
    path = tmp_path / "a.log"
    path.write_bytes(b"x\n" * MB + line(span("behind")))
    grown, spans, kinds, _ = read(path)
    assert (grown < 32 * MB, spans, kinds) == (True, 0, {"no_trace": 1})


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_bombs(tmp_path: Path, kind: str) -> None:
    """256 MiB out of a few kB: stopped, said to be a bomb, what came before is there."""
    pack = gzip.compress if kind == "gzip" else zstd.compress
    path = tmp_path / "a"
    path.write_bytes(pack(line(span("before"))) + pack((b"x" * 65_535 + b"\n") * 4096))
    grown, spans, kinds, reasons = read(path)
    assert grown < MOST_GROWTH
    assert (spans, kinds["bomb"]) == (1, 1)
    assert any("look like a bomb" in reason for reason in reasons)


def test_a_bomb_in_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """What was unpacked is never unpacked once more."""
    path = tmp_path / "a.zst"
    path.write_bytes(zstd.compress(zstd.compress(b"\0" * (64 * MB))))
    grown, spans, kinds, _ = read(path)
    assert (grown < MOST_GROWTH, spans, kinds["no_trace"]) == (True, 0, 1)


@pytest.mark.parametrize("size", [80 * MB, pytest.param(1000 * MB, marks=pytest.mark.nightly)])
def test_a_line_without_end(tmp_path: Path, size: int) -> None:
    """Longer than 64 MiB: told once, skipped, and the span behind it is read."""
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(b'{"resourceSpans": "')
        for _ in range(size // MB):
            file.write(b"x" * MB)
        file.write(b'"}\n' + line(span("behind")))
    grown, spans, kinds, _ = read(path)
    assert grown < 64 * MB + MOST_GROWTH
    assert (spans, kinds) == (1, {"too_long": 1})
