"""Fifty thousand spans: what is drawn is what is in sight, counted in rows and not in seconds."""

from pathlib import Path

import pytest

from tests.builders import T0, id_of
from tests.ui.showing import Shown, showing
from tracetui.ui.ranking.draw_rank_row import rank_row
from tracetui.ui.waterfall.draw_span_row import node_row

MANY = 50_000
FEW = 8
"""Repaints that one thing may cause."""
SPAN = (
    '{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"%016x","parentSpanId":"%s","name":"test_%d",'
    '"startTimeUnixNano":"%d","endTimeUnixNano":"%d",'
    '"attributes":[{"key":"tracetui.span.role","value":{"stringValue":"test"}}]}'
)


class Drawn:
    """How many rows were drawn."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows = 0
        for name, function in (("waterfall.rows.node_row", node_row), ("ranking.rows.rank_row", rank_row)):
            monkeypatch.setattr(f"tracetui.ui.{name}", self._counted(function))

    def _counted(self, function: object) -> object:
        def count(*arguments: object, **more: object) -> object:
            self.rows += 1
            return function(*arguments, **more)  # type: ignore[operator]

        return count


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A suite of 50,000 tests, 1,000 on a line."""
    suite = id_of("suite")
    spans = [SPAN % (number + 1, suite, number, T0 + number, T0 + 2 * number) for number in range(MANY)]
    lines = (",".join(spans[at : at + 1000]) for at in range(0, MANY, 1000))
    path = tmp_path / "run.jsonl"
    path.write_text(
        "".join(f'{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{each}]}}]}}]}}\n' for each in lines)
    )
    return path


async def test_rows_in_sight(recording: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other colours and every key draw the rows in sight, a few times at most; never the others."""
    async with showing(recording, size=(200, 50)) as shown:
        assert shown.waterfall.count == 1
        await shown.press("u", "u")
        await shown.until(lambda: shown.waterfall.count == MANY)
        drawn = Drawn(monkeypatch)
        assert shown.waterfall.size.height <= await rows_for(shown, drawn, "t")
        for key in ("down", "pagedown", "end", "o", "left", "plus", "z", "0", "t", "home"):
            assert await rows_for(shown, drawn, key) <= FEW * shown.waterfall.size.height
        assert await rows_for(shown, drawn, "4") <= FEW * 50
        for key in ("down", "end", "v", "home"):
            assert await rows_for(shown, drawn, key) <= FEW * shown.slowest.size.height


async def rows_for(shown: Shown, drawn: Drawn, key: str) -> int:
    """How many rows a key draws."""
    drawn.rows = 0
    await shown.press(key)
    return drawn.rows
