"""A newer reading sends those lines to the terminal that look otherwise, and no others."""

from pathlib import Path

import pytest
from rich.style import Style
from textual.geometry import Region
from textual.widget import Widget

from tests.builders import T0, S
from tests.ui.conftest import Clock
from tests.ui.growing import Growing, some, watching
from tracetui.ui.failures.rows import FailureRows
from tracetui.ui.lists.row_list import RowList


@pytest.fixture
def growing(tmp_path: Path, clock: Clock) -> Growing:
    """Twenty tests of one worker, each slower than the one before; the clock stands still."""
    directory = Growing(tmp_path / "spans")
    directory.write(
        *(test | {"endTimeUnixNano": str(T0 + (n + 2) * S)} for n, test in enumerate(some(0, range(20))))
    )
    return directory


@pytest.fixture
def repaints(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Widget, list[int]]]:
    """Which lines of which list are sent anew; none stand for all."""
    seen: list[tuple[Widget, list[int]]] = []
    refresh = Widget.refresh

    def noted(self: Widget, *regions: Region, **options: bool) -> Widget:
        if isinstance(self, RowList):
            seen.append((self, [y for region in regions for y in region.line_range]))
        return refresh(self, *regions, **options)

    monkeypatch.setattr(Widget, "refresh", noted)
    return seen


async def test_one_line(growing: Growing, repaints: list[tuple[Widget, list[int]]]) -> None:
    """In the ranking, a new fastest test moves only the rows that it comes before."""
    async with watching(growing) as shown:
        await shown.press("4")
        await shown.until(lambda: shown.slowest.count == 20)
        await shown.settle()
        before = shown.rows(shown.slowest)
        repaints.clear()
        growing.write(*some(0, [30]))
        await shown.until(lambda: shown.slowest.count == 21)
        await shown.settle()
        changed = [y for y, line in enumerate(shown.rows(shown.slowest)) if line != before[y]]
        sent = [lines for widget, lines in repaints if widget is shown.slowest]
        assert sorted(y for lines in sent for y in lines) == changed
        assert all(sent)


async def test_empty_style(growing: Growing, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies behind empty lines is worked out once a paint, not once a line."""
    async with watching(growing) as shown:
        await shown.press("5")
        rows = shown.app.screen.query_one(FailureRows)
        looked: list[Widget] = []

        def look(self: Widget) -> Style:
            looked.append(self)
            return Style.null()

        monkeypatch.setattr(FailureRows, "rich_style", property(look))
        assert len(rows.painted(list(range(rows.size.height)))) == rows.size.height > 1
        assert len(looked) == 1
