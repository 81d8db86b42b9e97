"""Blocks that are scanned ahead, in other threads, give what reading one after the other gives."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.benchmarks.spans import DIALECTS, lines
from tests.budgets import examples
from tests.builders import indented, line, span
from tracetui import kernel
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.formats.scanned import scanned
from tracetui.ingest.ingest import Ingest
from tracetui.model.columns import STORED

pytestmark = pytest.mark.skipif(bool(kernel.why_not()), reason="no kernel")

PRETTY = b"".join(indented(span(f"pretty {number}", start=10**18 + number)) for number in range(3))
RECORDING = b"".join(
    [*lines("tracetui", 60, 1), PRETTY, *lines("resmoke", 60, 20), b"a log\n\n", *lines("json-file", 60, 1)]
)


@pytest.fixture(autouse=True)
def _everything_is_scanned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what is so short that it would be read one by one."""
    monkeypatch.setattr(scanned, "LEAST_BYTES", 0)


def read(data: bytes, cuts: Sequence[int], jobs: int, begin: int = 0) -> list[tuple[object, ...]]:
    """All spans of a recording in these pieces.

    From the one at `begin` on up to `jobs` are announced before they are fed.
    """
    places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    pieces = [data[begin:end] for begin, end in pairwise(places)]
    reader, announced = OtlpJson(), begin
    for number, piece in enumerate(pieces):
        while jobs > 1 and number >= begin and announced < min(number + jobs, len(pieces)):
            reader.ahead(pieces[announced])
            announced += 1
        reader.feed(piece)
    reader.finish()
    batch = reader.take()
    assert [problem.reason for problem in batch.torn] == []
    return sorted(
        row
        for part in batch.columns()
        for row in zip(
            part.offset.tolist(),
            part.span_id.tolist(),
            [part.texts.values[number] for number in part.title],
            part.outcome.tolist(),
            [part.traces.values[number] for number in part.trace],
            [part.blobs[number] for number in part.resource],
            strict=True,
        )
    )


@settings(max_examples=examples(15))
@given(st.lists(st.integers(0, len(RECORDING)), max_size=12), st.sampled_from([2, 3]))
def test_any_pieces_read_the_same(cuts: list[int], jobs: int) -> None:
    """Cut anywhere, also within a document over many lines, at which what was scanned is thrown away."""
    assert read(RECORDING, cuts, jobs) == read(RECORDING, [], 1)


@settings(max_examples=examples(15))
@given(st.lists(st.integers(0, len(RECORDING)), max_size=12), st.integers(0, 12))
def test_scanning_ahead_may_begin_anywhere(cuts: list[int], begin: int) -> None:
    """Once it is clear that there is more to read than a block."""
    assert read(RECORDING, cuts, 3, begin) == read(RECORDING, [], 1)


def columns(path: Path, jobs: int) -> dict[str, bytes]:
    """Every column of a recording, bit for bit."""
    ingest = Ingest([str(path)], jobs=jobs)
    ingest.sweep()
    while ingest.step() or not ingest.ended:
        pass
    snapshot = ingest.table.snapshot()
    ingest.close()
    return {name: np.ascontiguousarray(getattr(snapshot, name)).tobytes() for name in STORED} | {
        "texts": repr(snapshot.texts).encode(),
        "health": repr(snapshot.health).encode(),
    }


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("per_line", [1, 512])
def test_more_threads_make_the_same_table(
    tmp_path: Path, dialect: str, per_line: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of several blocks, with a damaged line in one: the same rows, names and losses."""
    monkeypatch.setattr("tracetui.ingest.reader.BLOCK_BYTES", 1 << 20)
    monkeypatch.setattr("tracetui.sources.read_ahead.LONG_BYTES", 0)
    written = [*lines(dialect, 8000, per_line)]
    written.insert(len(written) // 2, written[0][:-40] + b"\n")
    (tmp_path / "spans.jsonl").write_bytes(b"".join(written) + line(span("the last", start=10**18)))
    one = columns(tmp_path / "spans.jsonl", 1)
    assert columns(tmp_path / "spans.jsonl", 2) == one
    assert columns(tmp_path / "spans.jsonl", 5) == one
