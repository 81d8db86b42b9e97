"""Page and JSON of one verb never differ: what a page says is made again from the JSON alone."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from tests.analysis.skewed import recording
from tests.builders import T0, Json, S, line, small_run, snapshot, span
from tests.cli.running import DATA, tracetui
from tests.jscore import write
from tests.recordings import RUNS, recorded
from tests.report.html.pages import Parsed, page_of
from tracetui.analysis.lanes.sums import Sums
from tracetui.analysis.query.filters.lens import lens
from tracetui.analysis.query.filters.parser import parse
from tracetui.analysis.ranking.ranking import Rank
from tracetui.analysis.study.findings import Findings, study
from tracetui.analysis.timeline.window import Window
from tracetui.ingest import load
from tracetui.model.kind import Kind
from tracetui.report import as_json, selection, spans
from tracetui.report import check as checking
from tracetui.report import lanes as lanes_page
from tracetui.report.drawing.rank_columns import COLUMNS
from tracetui.report.drawing.style import Line
from tracetui.report.still import Cause, StallValue
from tracetui.report.top import top as top_page
from tracetui.report.troubles import Example, Found
from tracetui.report.waterfall import page as tree_page

CELLS = 200
SERVICES = DATA / "other" / "jaeger-ui-flamegraph-trace.json"


@pytest.fixture(params=["small", "jscore", "skewed", "apart", "services", "undated", "queued"])
def found(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Findings]:
    """A run under way, one with a stall, one with a clock that is off, one of shards far apart, no tests,
    documents without dates, work that goes on after its root.
    """
    if request.param == "jscore":
        ingest = load([str(write(tmp_path))])
        yield study(ingest.table.snapshot(), 2 * T0)
        ingest.close()
    elif request.param == "services":
        ingest = load([str(SERVICES)])
        yield study(ingest.table.snapshot(), 2 * T0)
        ingest.close()
    elif request.param == "undated":
        ingest = load(undated(tmp_path))
        yield study(ingest.table.snapshot(), 2 * T0)
        ingest.close()
    elif request.param == "apart":
        yield recorded(RUNS / "shards_late")
    else:
        files = {"skewed": recording(300 * S), "small": [small_run()], "queued": [queued()]}[request.param]
        yield study(snapshot(*files), T0 + 3600 * S)


def queued() -> bytes:
    """A request that took a second, a job of it before, and one long after it."""
    request = span("request", start=T0, end=T0 + S)
    jobs = [span("job", start=T0 + at, end=T0 + at + S, parent=request) for at in (-S, 60 * S)]
    return line(request, *jobs)


def undated(directory: Path) -> list[str]:
    """Two documents whose times are relative, and one that has a date."""
    for file, last in (("one.json", 4), ("other.json", 5)):
        build = [
            {"ph": "X", "name": name, "ts": at, "dur": 5_000_000}
            for name, at in (("a", 0), ("b", last * 10**6))
        ]
        (directory / file).write_bytes(msgspec.json.encode(build))
    (directory / "dated.jsonl").write_bytes(line(span("dated", start=T0, end=T0 + S)))
    return [str(directory)]


def document(parts: Iterable[str]) -> Json:
    """What is printed, read."""
    read: Json = json.loads("".join(parts))
    return read


def text(lines: Iterable[Line]) -> list[str]:
    """A page."""
    return ["".join(segment.text for segment in line) for line in lines]


def _stall(told: Json) -> StallValue:
    return StallValue(**{**told, "cause": told["cause"] and Cause(**told["cause"])})


def test_lanes(found: Findings) -> None:
    """All numbers and words of the page: only the cells of the axis are drawn from the spans."""
    lanes = found.lanes_of(None)
    value, drawn = lanes_page.value(found, lanes), lanes_page.strips(found, lanes)
    told = document(as_json.lanes(found, value))
    again = lanes_page.LanesValue(
        told["run_start_ns"],
        Sums(**{key: told[key] for key in Sums._fields}),
        tuple(map(_stall, told["still"])),
        tuple(lanes_page.LaneRow(**row) for row in told["rows"]),
    )
    assert text(lanes_page.page(again, drawn, CELLS)) == text(lanes_page.page(value, drawn, CELLS))


def test_top(found: Findings) -> None:
    """Each row of the page has the texts that its row in the JSON makes, in the same order."""
    ranking = found.rank()
    rows = document(as_json.top(found, ranking, 0))["rows"]
    page = text(top_page(ranking, "own_ns", 0, CELLS))[1:]
    assert len(page) == len(rows)
    shown = [column for column in COLUMNS if column.field not in ranking.silent]
    for row, printed in zip(rows, page, strict=True):
        rank = Rank(**{**row, "row": -1, "running": 0, "last_ns": tuple(row["last_ns"])})
        for column in shown:
            assert column.text(rank) in printed


@pytest.mark.parametrize("most", [0, 5])
@pytest.mark.parametrize("wanted", [None, "role:test"])
def test_waterfall(found: Findings, most: int, wanted: str | None) -> None:
    """The whole tree: titles, folds, marks, times, bars and badges, axes, and what is left out."""
    node = parse(wanted or "")
    seen = lens(wanted, node, found) if node and wanted else None
    rows = selection.page(found, most, None, seen) if most else selection.whole(found, None, seen)
    told = document(as_json.waterfall(found, spans.value(found, rows, seen), seen))
    assert len(told["rows"]) == len(rows)
    again = spans.Waterfall(
        tuple(Window(**axis) for axis in told["axes"]),
        told["hidden"],
        told["more"],
        [spans.SpanRow(**row) for row in told["rows"]],
        tuple(told.get("services", ())),
    )
    for colour in (False, True):
        page = list(tree_page(again, CELLS, colour=colour))
        assert page == list(tree_page(spans.value(found, rows, seen), CELLS, colour=colour))
        assert len(page) >= len(rows) + 2 * len({row.axis for row in again.rows})


def test_bars_are_where_the_spans_are(found: Findings) -> None:
    """Where the screen draws them: on their axis, which none of them leaves."""
    shot, value = found.snapshot, spans.value(found, selection.whole(found))
    rows = {(shot.trace_id(row), shot.span_id_text(row)): row for row in range(len(shot))}
    for told in value.rows:
        if not told.clock:
            row = rows[told.trace_id, told.span_id]
            begin, end = told.bar_ns
            assert [begin, end] == [int(shot.start_ns[row]), int(found.times.end[row])]
            assert value.axes[told.axis].start_ns <= begin <= end <= value.axes[told.axis].end_ns
            assert told.relative or begin == told.start_ns - told.clock_offset_ns


def test_what_has_no_date_has_bars(tmp_path: Path) -> None:
    """On a page and in a document for browsers, both documents from the start of their axis."""
    (path,) = undated(tmp_path)
    page = tracetui("waterfall", path, "--width", 100).stdout.decode()
    bars = [row for row in page.splitlines() if row.startswith(("  a ", "  b "))]
    (left,) = {bar.index("█") for bar in bars if bar.startswith("  a ")}
    assert [bar.index("█") > left for bar in bars] == [False, True, False, True]
    drawn = Parsed(page_of(tmp_path / "other.json")).elements
    bars_of_html = [each.attributes for each in drawn if "least" in (each.attributes.get("class") or "")]
    assert [(bar["x"], bar["width"]) for bar in bars_of_html] == [("0%", "50%"), ("50%", "50%")]


def _found(told: Json) -> Found:
    examples = (
        Example(**{**each, "row": -1 if each["row"] is None else each["row"]}) for each in told["examples"]
    )
    kept: dict[str, Any] = {key: told[key] for key in ("count", "said", "done", "loss")}
    return Found(kind=Kind(told["kind"]), examples=tuple(examples), **kept)


def test_check(found: Findings) -> None:
    """Counts and kinds of trouble."""
    value = checking.check(found, 3)
    told = document(as_json.check(value))
    same = set(value.__struct_fields__) - {"runs", "kinds", "problems"}
    again = replace(value, kinds=tuple(map(_found, told["kinds"])), **{key: told[key] for key in same})
    assert text(checking.page(again)) == text(checking.page(value))
