"""Rows of a ranking as plain functions: whatever the values, they have their width and their columns."""

from dataclasses import replace

import numpy as np
import pytest
from rich.cells import cell_len

from tests.builders import HOSTILE_NAMES, T0, Json, S, case, line, snapshot, span
from tests.ui.hostile import CORPUS
from tracetui.analysis.ranking.ranking import Rank, Ranking
from tracetui.analysis.study.findings import study
from tracetui.report.drawing.palettes import PALETTES
from tracetui.report.drawing.rank_columns import COLUMNS
from tracetui.report.drawing.sparks import spark, spread
from tracetui.ui.ranking.draw_rank_row import (
    GAP,
    LEAST_BAR,
    MOST_NAME,
    column_at,
    layout,
    rank_row,
    titles_row,
)
from tracetui.ui.theme.themes import Paint

WIDTHS = range(40, 261)
NAMES = (*HOSTILE_NAMES, *CORPUS, "", "x" * 9999, "日本語" * 99)
PAINT = Paint(PALETTES[0].colours)


@pytest.fixture(scope="module")
def telling() -> Ranking:
    """A ranking in which every column says something: two runs of two tests, one of them run again."""
    spans: list[Json] = []
    for number, trace in enumerate(("a" * 32, "b" * 32)):
        start = T0 + number * 60 * S
        spans.append(span("suite", {"tracetui.span.role": "suite"}, trace=trace, start=start, end=start + S))
        spans += [case("one", trace=trace, start=start + at, end=start + 2 * at) for at in (1, 2)]
    spans.append(case("one", "rerun", start=T0 + 60 * S + 8, end=T0 + 60 * S + 9, trace="b" * 32))
    return study(snapshot(line(*spans)), T0).rank()


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_rank_rows_have_their_width(name: str, telling: Ranking) -> None:
    """A row of the ranking, and the titles above, are exactly as wide as the list, for any width and name."""
    most = 10**18
    rank = Rank(
        name, 10**6, 10**6, most, most, most, most, most, most, 1.0, 0, 1, 10**6, most, 1e9, (most,) * 8
    )
    for width in WIDTHS:
        shown = layout(telling, "archiver", "failed", bool(width % 2), width)
        for strip in (rank_row(rank, shown, PAINT, selected=bool(width % 2)), titles_row(shown, PAINT)):
            assert cell_len(strip.text) == strip.cell_length == width


def test_titles_stand_above_their_columns(telling: Ranking) -> None:
    """Every cell of a title belongs to its column: a click there sorts by it."""
    for width in WIDTHS:
        shown = layout(telling, "test", "own_ns", width > 99, width)
        titles = titles_row(shown, PAINT).text
        for column in shown.columns:
            last = titles.index(f" {column.title}") + len(column.title)
            assert column_at(last, shown) == column.field
        assert column_at(2, shown) == "name"


def test_what_is_sorted_by_stays(telling: Ranking) -> None:
    """However narrow a list is, the column that it is sorted by is there; on a wide one all are."""
    for column in COLUMNS:
        assert column in layout(telling, "test", column.field, descending=True, width=80).columns
    assert layout(telling, "test", "own_ns", descending=True, width=200).columns == tuple(
        column for column in COLUMNS if column.field not in ("failed", "total_ns")
    )


def test_columns_that_say_nothing() -> None:
    """Where nothing failed, ran twice or took more than its own time, the columns for that are not there."""
    ranking = study(snapshot(line(case("one", end=T0 + S))), T0).rank()
    fields = {
        column.field for column in layout(ranking, "test", "own_ns", descending=True, width=240).columns
    }
    assert fields == {"own_ns", "share"}


def test_names_have_room() -> None:
    """Long names shorten the bars to the least; where they still do not fit, what all share goes first."""
    names = [
        f"tests/unit/test_yard.py::TestShunting::test_{'very_' * 20}long_{number}" for number in range(2)
    ]
    ranking = study(snapshot(line(*(case(name, end=T0 + S) for name in names))), T0).rank()
    wide, narrow = (layout(ranking, "test", "own_ns", descending=True, width=width) for width in (200, 140))
    assert names[0] in rank_row(ranking[0], wide, PAINT, selected=False).text
    assert wide.bar_width >= LEAST_BAR
    shown = rank_row(ranking[0], narrow, PAINT, selected=False).text[2:]
    assert shown.startswith("…test_very_")
    assert "long_0 " in shown


def test_sparks() -> None:
    """A spark is as high as its value beside the largest; one that is missing is a dot."""
    assert spark((0, 7, 14, -1)) == "▁▄█·"
    assert spark(()) == spark(())[:0]


def test_a_spread_shows_one_beside_thousands() -> None:
    """Of many values in one place and one far away, both are seen, and nothing between them."""
    assert spread(np.array([5] * 1000 + [100]), 8) == "█      ▁"
    assert spread(np.array([3, 3]), 8).strip() == "█"
    assert spread(np.array([3]), 8) == ""


def test_room_that_names_do_not_need_is_for_bars(telling: Ranking) -> None:
    """On a wide list what has most fills its bar, and half of that half; narrow lists have none."""
    wide, narrow = (layout(telling, "test", "own_ns", bool(cells), cells) for cells in (240, 120))
    shown = wide._replace(most=1000)
    for part, filled in ((1, 1.0), (2, 0.5)):
        rank = replace(telling[0], own_ns=shown.most // part)
        bar = rank_row(rank, shown, PAINT, selected=False).text[-shown.bar_width + GAP :]
        assert abs(bar.count("█") - filled**0.5 * (shown.bar_width - GAP)) <= 1
    assert not narrow.bar_width
    assert shown.name_width <= MOST_NAME + LEAST_BAR
