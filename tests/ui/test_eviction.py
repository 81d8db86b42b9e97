"""Runs that leave under the reader's eyes: nothing fails, and what the reader looks at stays."""

from pathlib import Path

import pytest

from tests.builders import line
from tests.ingest.daily_runs import run
from tests.ui.showing import showing
from tracetui.store.memory_limit import ROW_BYTES


@pytest.fixture
def low_ceiling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for four runs of the tests, more or less."""
    monkeypatch.setattr("tracetui.ingest.memory.eviction.usual_ceiling", lambda: 1000 * ROW_BYTES)


def write(directory: Path, number: int) -> None:
    (directory / f"run{number}.jsonl").write_bytes(b"".join(map(line, run(number))))


async def test_the_cursor_and_the_chosen_run_stay(tmp_path: Path, low_ceiling: None) -> None:
    """Older runs leave while another one comes: the test under the cursor is still under it, in its run."""
    for number in range(3):
        write(tmp_path, number)
    async with showing(tmp_path, follow=True) as shown:
        await shown.press("2", "u", "u", "down", "down", "down")  # Without groups.
        reading = shown.app.reading
        assert reading is not None
        title, row = shown.under_cursor, shown.waterfall.row
        assert row is not None
        shown.app._choose(int(reading.findings.snapshot.key[row]))
        await shown.settle()
        for number in range(3, 5):
            write(tmp_path, number)
        await shown.until(lambda: bool(shown.app.reading and shown.app.reading.renewals))
        await shown.settle()
        reading = shown.app.reading
        assert reading is not None
        assert len(reading.findings.snapshot) < 1005
        assert reading.findings.summary.name == "suite 2"
        assert shown.under_cursor == title
        for key in ("1", "3", "4", "5", "6", "2", "r", "escape"):
            await shown.press(key)


async def test_a_run_that_left_gives_way_to_the_newest(tmp_path: Path, low_ceiling: None) -> None:
    """The run that the reader chose leaves: the newest is shown in its place."""
    for number in range(3):
        write(tmp_path, number)
    async with showing(tmp_path, follow=True) as shown:
        reading = shown.app.reading
        assert reading is not None
        shown.app._choose(int(reading.findings.runs.key[-1]))
        await shown.settle()
        for number in range(3, 7):
            write(tmp_path, number)
        await shown.until(lambda: bool(shown.app.reading and shown.app.reading.renewals))
        await shown.until(
            lambda: bool(shown.app.reading and shown.app.reading.findings.summary.name == "suite 6")
        )
