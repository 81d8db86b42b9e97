"""Page and JSON of one verb never differ: what a page says is made again from the JSON alone."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.analysis.skewed import recording
from tests.builders import T0, Json, S, small_run, snapshot
from tests.cli.running import DATA
from tests.jscore import write
from tests.recordings import RUNS, recorded
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


@pytest.fixture(params=["small", "jscore", "skewed", "apart", "services"])
def found(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Findings]:
    """A run under way, one with a stall, one with a clock that is off, one of shards far apart, no tests."""
    if request.param == "jscore":
        ingest = load([str(write(tmp_path))])
        yield study(ingest.table.snapshot(), 2 * T0)
        ingest.close()
    elif request.param == "services":
        ingest = load([str(SERVICES)])
        yield study(ingest.table.snapshot(), 2 * T0)
        ingest.close()
    elif request.param == "apart":
        yield recorded(RUNS / "shards_late")
    else:
        files = recording(300 * S) if request.param == "skewed" else [small_run()]
        yield study(snapshot(*files), T0 + 3600 * S)


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
    """From the times as they were written, the offset of their clock and what they took."""
    rows = selection.whole(found)
    for row, told in zip(rows.tolist(), spans.value(found, rows).rows, strict=True):
        if not told.clock:
            start = told.start_ns - told.clock_offset_ns
            assert start == found.snapshot.start_ns[row]
            assert start + told.duration_ns == found.times.end[row]


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
