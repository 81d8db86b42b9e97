"""Health under keys and mouse."""

import gzip
import re
from pathlib import Path

import pytest

from tests.builders import T0, S, case, heartbeat, line, small_run, span
from tests.ui.conftest import Picture
from tests.ui.showing import RESMOKE, Shown, showing
from tracetui.analysis.study.findings import study
from tracetui.ingest import Ingest
from tracetui.model.kind import Kind
from tracetui.store.health import Trouble
from tracetui.store.table import SpanTable
from tracetui.text import Safe
from tracetui.ui.feed.reading import Reading
from tracetui.ui.frame.draw_header import header_parts
from tracetui.ui.health.rows import HealthRows

ONE = span("one", id="1" * 16)


@pytest.fixture
def troubled(tmp_path: Path) -> Path:
    """A directory in which almost everything is wrong."""
    directory = tmp_path / "spans"
    directory.mkdir()
    circle = (span("c1", id="2" * 16, parent="3" * 16), span("c2", id="3" * 16, parent="2" * 16))
    parts = (
        b"[/no] JSON \x1b[2J at all]}\n",
        line(ONE, {**ONE, "name": "two"}),
        line(ONE),
        line(span("lost", parent="f" * 16), *circle),
        heartbeat(T0, dropped=7),
    )
    (directory / "a.jsonl").write_bytes(small_run() + b"".join(parts))
    (directory / "b.jsonl.gz").write_bytes(gzip.compress(line(span("packed")), mtime=0)[:-9])
    (directory / "c.jsonl").write_bytes(line(span("torn"))[:100])
    return directory


def rows(shown: Shown) -> list[str]:
    """The rows of Health, without the empty lines below them."""
    widget = shown.app.screen.query_one(HealthRows)
    return [row for row in shown.rows(widget) if row.strip()]


async def test_each_kind_is_a_row_with_its_count_and_what_was_done(troubled: Path) -> None:
    """Losses first; nothing foreign reaches the terminal raw."""
    async with showing(troubled, size=(160, 60)) as shown:
        await shown.press("6")
        told = rows(shown)
        assert "1  non-span records" in told[0]
        assert "left out" in told[0]
        assert any("7  spans reported as dropped" in row for row in told)
        assert any("1  parent cycles" in row for row in told)
        assert "\x1b" not in shown.text


async def test_a_kind_unfolds_to_its_examples(troubled: Path) -> None:
    """File, offset, reason and the bytes made safe; folded again they are gone."""
    async with showing(troubled, size=(160, 60)) as shown:
        await shown.press("6")
        folded = rows(shown)
        await shown.press("o", "down")
        assert len(rows(shown)) == len(folded) + 1
        assert f"a.jsonl:{len(small_run())}" in rows(shown)[1]
        assert "[/no] JSON ␛[2J at all" in rows(shown)[1]
        assert str(troubled / "a.jsonl") in shown.text
        await shown.press("left", "left")
        assert rows(shown) == folded


async def test_enter_on_an_example_of_a_span_goes_to_it(troubled: Path) -> None:
    """Of an orphan to the orphan; bytes that are no span lead nowhere."""
    async with showing(troubled, size=(160, 60)) as shown:
        await shown.press("6", "enter", "down", "enter")
        assert shown.app.current_mode == "health"
        place = next(place for place, row in enumerate(rows(shown)) if "parent is not in" in row)
        await shown.press(*["down"] * (place - 1), "o", "down", "enter")
        assert shown.app.current_mode == "waterfall"
        assert shown.under_cursor == "lost"


async def test_a_click_on_the_mark_unfolds(troubled: Path) -> None:
    """The mouse does what `o` does."""
    async with showing(troubled, size=(160, 60)) as shown:
        await shown.press("6")
        before = len(rows(shown))
        await shown.click(shown.app.screen.query_one(HealthRows), 1, 0)
        assert len(rows(shown)) == before + 1


async def test_new_data_moves_neither_cursor_nor_folds(tmp_path: Path) -> None:
    """What comes while the reader looks is counted; the cursor stays on what it is on."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(line(case("t::a", start=T0, end=T0 + S)) + b"no JSON}\n")
    async with showing(tmp_path, size=(120, 24), follow=True) as shown:
        await shown.press("6", "o", "down")
        with path.open("ab") as file:
            file.write(b"nor this}\n")
        await shown.until(lambda: "2  non-span records" in shown.text)
        row = shown.app.screen.query_one(HealthRows).row
        assert row is not None
        assert row.example is not None
        assert row.example.excerpt.startswith("no JSON")


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same on all machines."""
    monkeypatch.setattr("tracetui.ui.health.screen.resident", lambda: 91_000_000)
    monkeypatch.setattr(Ingest, "memory", property(lambda _: 14_500))
    monkeypatch.setattr(Ingest, "ceiling", property(lambda _: 6 * 10**9))
    monkeypatch.setattr("tracetui.ui.health.screen.slow_reader", lambda: "")


@pytest.mark.usefixtures("memory")
async def test_picture(picture: Picture, troubled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kinds of trouble, the first unfolded, and all of the example under the cursor."""
    monkeypatch.chdir(troubled.parent)
    async with showing("spans", size=(80, 24)) as shown:
        await shown.press("6", "o", "down")
        await picture(shown, (80, 24), (120, 40))


async def test_what_does_not_occur_is_none(troubled: Path) -> None:
    """The kinds that were looked for and not found are one row, which unfolds; what was read is told."""
    async with showing(troubled, size=(120, 50)) as shown:
        await shown.press("6", "end")
        assert re.search(r"▸ ✓ \d+ checks clean", rows(shown)[-1])
        assert "✓ none" not in shown.text
        await shown.press("right")
        assert any("✓ none  files truncated or rewritten" in row for row in rows(shown))
        assert "3 files, as OTLP/JSON, gzip" in shown.text
        assert "Data was lost" in shown.text


async def test_a_slow_reader_is_told(troubled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no kernel, and why; nothing where there is one."""
    words = "slow reader (no native kernel: not built)"
    for told in (words, ""):
        monkeypatch.setattr("tracetui.ui.health.screen.slow_reader", lambda told=told: told)
        async with showing(troubled, size=(120, 50)) as shown:
            await shown.press("6")
            assert (words in shown.text) is bool(told)
            assert "by file-system events" in shown.text or "no (a recording)" in shown.text


@pytest.mark.usefixtures("memory")
async def test_picture_of_health(picture: Picture) -> None:
    """A recording in which nothing is wrong says so."""
    async with showing(RESMOKE.parent / "local-pretty", size=(80, 24)) as shown:
        await shown.press("6")
        await picture(shown)


def test_the_header_says_that_changes_are_polled() -> None:
    """Where nothing tells of changes, the header says so as long as there is room."""
    table = SpanTable()
    table.now(Kind.POLLING, 1, [Trouble("spans", 0, "nfs4 does not tell")])
    reading = Reading(study(table.snapshot(), T0), 0, 0, busy=False, followed="spans")
    assert "polling" in [part.text.strip() for part in header_parts(reading, None, Safe("spans"), 0, 100)]
