"""Blocks that are scanned ahead, in other threads, give what reading one after the other gives."""

import itertools
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.benchmarks.spans import DIALECTS, lines
from tests.budgets import examples
from tests.builders import indented, line, span
from tracetui import kernel
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.formats.scanned import scanned
from tracetui.formats.scanned.counters import MOST_SCANNERS, most_ahead, native_counters, scanners
from tracetui.formats.scanned.spelling import JSON
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

    From the one at `begin` on up to `jobs` are announced before they are fed, to as many threads.
    """
    places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    pieces = [data[begin:end] for begin, end in pairwise(places)]
    reader, announced = OtlpJson(counters=native_counters(jobs)), begin
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
@given(st.lists(st.integers(0, len(RECORDING)), max_size=12), st.sampled_from([2, 3, 4, 5]))
def test_any_pieces_read_the_same(cuts: list[int], jobs: int) -> None:
    """Cut anywhere, also within a document over many lines, at which what was scanned is thrown away."""
    assert read(RECORDING, cuts, jobs) == read(RECORDING, [], 1)


@settings(max_examples=examples(15))
@given(st.lists(st.integers(0, len(RECORDING)), max_size=12), st.integers(0, 12))
def test_scanning_ahead_may_begin_anywhere(cuts: list[int], begin: int) -> None:
    """Once it is clear that there is more to read than a block."""
    assert read(RECORDING, cuts, 3, begin) == read(RECORDING, [], 1)
    assert read(RECORDING, cuts, 5, begin) == read(RECORDING, [], 1)


def columns(path: Path, jobs: int) -> dict[str, bytes]:
    """Every column of a recording, bit for bit, what they index, what was lost, and each span in full."""
    ingest = Ingest([str(path)], jobs=jobs)
    ingest.sweep()
    while ingest.step() or not ingest.ended:
        pass
    snapshot = ingest.table.snapshot()
    told = {
        "texts": snapshot.texts,
        "traces": snapshot.trace_ids,
        "origins": snapshot.origins,
        "opaque": sorted(snapshot.opaque_ids.items()),
        "health": replace(snapshot.health, kinds=dict(sorted(snapshot.health.kinds.items()))),
        "details": [ingest.span(snapshot, row) for row in range(0, len(snapshot), 7)],
    }
    ingest.close()
    return {name: np.ascontiguousarray(getattr(snapshot, name)).tobytes() for name in STORED} | {
        name: repr(value).encode() for name, value in told.items()
    }


def of_one_kind() -> Iterator[bytes]:
    """Spans with the same attributes: how many of these decide about one is learned from those before it."""
    values = itertools.product(("", "test", "hook", "phase"), ("", "passed", "failed"), ("one", "other", ""))
    for number, (role, outcome, title) in enumerate(values):
        told = {"tracetui.span.role": role, "pytest.outcome": outcome, "pytest.nodeid": title}
        yield line(span(title, told, id=f"{number + 1:016x}", trace=f"{number % 5 + 1:032x}"))


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All sorts of lines by turns: also damaged ones, and such as the kernel leaves to others."""
    again = line(span("a\nb", {"tracetui.span.role": "test", "odd": 1e300}, id="c" * 16, end=0))
    sorts = [
        *(lines(dialect, 120, per_line) for dialect in DIALECTS for per_line in (1, 7)),
        of_one_kind(),
        itertools.repeat(again, 4),
        iter([PRETTY, b"a log\n\n", b'{"resourceMetrics":[{}]}\n', again[:-30] + b"\n"]),
    ]
    by_turns = itertools.chain.from_iterable(itertools.zip_longest(*sorts, fillvalue=b""))
    path = tmp_path_factory.mktemp("mixed") / "spans.jsonl"
    path.write_bytes(b"".join(by_turns))
    return path


@cache
def alone(path: Path) -> dict[str, bytes]:
    """What one thread makes of a recording in one block."""
    return columns(path, 1)


@settings(max_examples=examples(15), deadline=None)
@given(block=st.integers(3_000, 200_000), jobs=st.integers(1, 7))
def test_any_blocks_and_any_number_of_threads_make_the_same_table(mixed: Path, block: int, jobs: int) -> None:
    """Each scanner numbers, and learns, by itself; of that nothing is left in the table."""
    expected = alone(mixed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tracetui.ingest.reader.BLOCK_BYTES", block)
        patch.setattr("tracetui.sources.read_ahead.LONG_BYTES", 0)
        patch.setattr("tracetui.store.joining.incoming._MOST_PENDING", 200)
        assert columns(mixed, jobs) == expected


def test_how_many_threads_scan() -> None:
    """All but one that reads and one that takes spans, at least one, and no more than are of use."""
    assert [scanners(jobs) for jobs in (1, 2, 3, 4, 5, 6, 7, 256)] == [1, 1, 1, 2, 3, 4, 4, MOST_SCANNERS]
    assert [most_ahead(jobs) for jobs in (1, 2, 3, 4, 256)] == [3, 3, 3, 4, MOST_SCANNERS + 2]


def test_scanners_are_used_again() -> None:
    """What the blocks of one source taught all of them is known for the next."""
    counters = native_counters(4)
    assert counters
    first = OtlpJson(counters=counters)
    pieces = [b"".join(lines("tracetui", 50, 1)) for _ in range(4)]
    first.feed(pieces[0])
    for piece in pieces[1:]:
        first.ahead(piece)
    for piece in pieces[1:]:
        first.feed(piece)
    first.finish()
    lent = counters.lend(JSON)
    assert len(lent) == 2
    assert not any(counter.is_new for counter in lent)


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
