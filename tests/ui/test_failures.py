"""The failures mode under keys and mouse."""

import stat
from collections.abc import AsyncIterator
from contextlib import nullcontext
from pathlib import Path

import pytest
import pytest_asyncio

from tests.builders import T0, S, case, exception, line
from tests.ui.failing import TRACEBACK, write_failing_run
from tests.ui.showing import Shown, showing
from tracetui.ingest import Ingest
from tracetui.model.span import Span
from tracetui.store.snapshot import Snapshot
from tracetui.ui.failures.failure_pane import FailurePane
from tracetui.ui.failures.rows import FailureRows

HEADS = ["2× ValueError: no 3 tracks", "Error: [3] != [4] are not equal", "collections differ"]


@pytest_asyncio.fixture
async def shown(tmp_path: Path) -> AsyncIterator[Shown]:
    """The failing run, in the failures mode."""
    async with showing(write_failing_run(tmp_path), size=(120, 60), mode="failures") as opened:
        yield opened


def rows(shown: Shown) -> list[str]:
    """The lines of the list that hold something."""
    lines = shown.rows(shown.app.screen.query_one(FailureRows))
    return [line.strip(" ▌▾▸") for line in lines if line.strip()]


def pane(shown: Shown) -> str:
    """The text of the pane."""
    return "\n".join(shown.rows(shown.app.screen.query_one(FailurePane)))


async def test_groups(shown: Shown) -> None:
    """Failures of one kind stand together below what they have in common, in order of time."""
    assert [row for row in rows(shown) if row in HEADS] == HEADS
    assert "4 failures of 3 kinds" in shown.text
    assert "hook ValidateCollections" in rows(shown)[-1]


async def test_pane(shown: Shown) -> None:
    """The pane says what, where, why, whose, what was printed and what was kept."""
    await shown.press("down")
    told = pane(shown)
    for text in (
        "test tests/test_yard.py::test_tracks[3]  ✗ failed",
        "own 400ms   total 1.00s   lane gw0",
        "owner @yard/rails",
        "tests/test_yard.py:7   e: open",
        "ValueError  first in call",
        "assert tracks(3) == 4",
        "… 2 library frames",
        "archive tmp_path  1.4 MB",
        "archives/test_tracks-0.tgz",
        "left out: core.12: too large",
        "Captured stdout  call",
        "stdout of the test",
        "log of the test",
    ):
        assert text in told
    assert told.count("ValueError  first") == 1
    assert "rails.py" not in told


async def test_attempts(shown: Shown) -> None:
    """A test that was run again says how each attempt ended."""
    await shown.press(*["right_square_bracket"] * 3)
    assert "Attempts and earlier runs  2" in pane(shown)
    assert "✗ failed      1.00s" in pane(shown)
    assert "✓ passed      1.00s" in pane(shown)


async def test_frames_open(shown: Shown) -> None:
    """o in the pane opens the frames of libraries, and folds them again."""
    await shown.press("down", "d", "o")
    assert "rails.py:12  tracks" in pane(shown)
    await shown.press("o")
    assert "rails.py" not in pane(shown)


async def test_large(shown: Shown) -> None:
    """d makes the pane large, escape gives the list again."""
    await shown.press("d")
    assert not shown.app.screen.query_one(FailureRows).is_on_screen
    await shown.press("escape")
    assert shown.app.screen.query_one(FailureRows).has_focus


async def test_folds(shown: Shown) -> None:
    """o folds the failures of one kind, and the cursor stays with them; right unfolds and goes in."""
    await shown.press("down", "down", "o")
    assert len(rows(shown)) == 5
    assert shown.app.screen.query_one(FailureRows).cursor == 0
    await shown.press("right", "right")
    assert len(rows(shown)) == 7
    assert shown.app.screen.query_one(FailureRows).cursor == 1
    await shown.press("left", "left")
    assert len(rows(shown)) == 5


async def test_next_and_previous(shown: Shown) -> None:
    """] and [ go from failure to failure over the heads."""
    seen = []
    for key in ("right_square_bracket",) * 5 + ("left_square_bracket",):
        await shown.press(key)
        seen.append(shown.app.screen.query_one(FailureRows).cursor)
    assert seen == [1, 2, 4, 6, 6, 4]


async def test_to_the_waterfall(shown: Shown) -> None:
    """Enter shows the failure in the waterfall."""
    await shown.press("down", "enter")
    assert shown.under_cursor == "tests/test_yard.py::test_tracks[3]"


async def test_copies(shown: Shown) -> None:
    """y copies the exception, Y the span as JSON, M as Markdown."""
    await shown.press("down", "y")
    assert shown.app.clipboard == "ValueError: no 3 tracks"
    await shown.press("Y")
    assert '"tracetui.owner": "@yard/rails"' in shown.app.clipboard
    await shown.press("M")
    assert shown.app.clipboard.startswith("### tests/test\\_yard.py::test\\_tracks\\[3\\]")


async def test_finds(shown: Shown) -> None:
    """An exception is found at the failure that it is of, though its group shows another one."""
    await shown.press("slash", *"no 12 tr", "enter", "n")
    failures = shown.app.screen.query_one(FailureRows)
    assert failures.entry
    assert failures.entry.row >= 0
    assert "1 of 1" in shown.text
    assert "test_tracks[12]  ✗" in pane(shown)


async def test_filter_is_no_good_news(shown: Shown) -> None:
    """Where a filter hides every failure, nobody is told that nothing failed."""
    await shown.press("f", *"test_fine", "enter")
    assert "No failure matches the filter" in shown.text


async def test_mouse(shown: Shown) -> None:
    """A click selects, and on the mark folds."""
    failures = shown.app.screen.query_one(FailureRows)
    await shown.click(failures, 20, 2)
    assert "test_tracks[12]  ✗" in pane(shown)
    await shown.click(failures, 1, 0)
    assert len(rows(shown)) == 5


async def test_new_failures(tmp_path: Path) -> None:
    """A new failure appears without moving the cursor, the scroll, or what the pane shows."""
    path = write_failing_run(tmp_path)
    async with showing(tmp_path, size=(120, 40), follow=True, mode="failures") as shown:
        await shown.press("right_square_bracket", "right_square_bracket", "right_square_bracket")
        before = shown.app.screen.query_one(FailureRows).entry
        thrown = exception("ValueError", "no 99 tracks", at=T0, stacktrace=TRACEBACK)
        with path.open("ab") as file:
            file.write(line(case("new", "failed", start=T0 + 9 * S, end=T0 + 10 * S) | {"events": [thrown]}))
        await shown.until(lambda: "3× ValueError" in shown.text)
        after = shown.app.screen.query_one(FailureRows).entry
        assert before
        assert after
        assert before.row == after.row
        assert "jstests/core/abs.js  ✗ failed" in pane(shown)


async def test_nothing_failed(tmp_path: Path) -> None:
    """Without failures it says so."""
    (tmp_path / "run.jsonl").write_bytes(line(case("fine", end=T0 + S)))
    async with showing(tmp_path, mode="failures") as shown:
        assert "Nothing has failed." in shown.text
        await shown.press("e", "enter", "o", "right", "left", "right_square_bracket", "d")
        assert shown.app.is_running


async def test_span_that_cannot_be_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure whose bytes are gone is there all the same, and says why there is no more."""
    path = write_failing_run(tmp_path)
    read = Ingest.span

    def gone(ingest: Ingest, snapshot: Snapshot, row: int) -> Span:
        path.write_bytes(b"x" * 100_000)
        return read(ingest, snapshot, row)

    monkeypatch.setattr(Ingest, "span", gone)
    async with showing(path, mode="failures") as shown:
        await shown.press("end", "d", "d")
        await shown.until(lambda: " are gone" in " ".join(shown.text.split()))


async def test_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Why there is no editor is one line: no file here, none set, no terminal for it."""
    path = write_failing_run(tmp_path / "spans")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VISUAL", "")
    monkeypatch.setenv("EDITOR", "")
    said: list[str] = []
    async with showing(path, mode="failures") as shown:
        monkeypatch.setattr(shown.app, "notify", lambda text, **_told: said.append(text))
        await shown.press("down", "e")
        monkeypatch.setenv("EDITOR", str(an_editor(tmp_path)))
        await shown.press("e")
        (tmp_path / "tests").mkdir()
        (tmp_path / "tests" / "test_yard.py").write_text("")
        await shown.press("e")
    assert [text[:30] for text in said] == [
        "no editor set: export EDITOR=v",
        "tests/test_yard.py: not on thi",
        "no terminal to run an editor i",
    ]


async def test_editor_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The editor gets the terminal, the file and the line."""
    path = write_failing_run(tmp_path / "spans")
    source = tmp_path / "tests" / "test_yard.py"
    source.parent.mkdir()
    source.write_text("")
    monkeypatch.setenv("VISUAL", str(an_editor(tmp_path)))
    async with showing(path, mode="failures") as shown:
        monkeypatch.setattr(shown.app, "suspend", nullcontext)
        await shown.press("down", "e")
    assert (tmp_path / "called").read_text() == f"+7 {source}\n"


def an_editor(directory: Path) -> Path:
    """A program that writes down how it was called."""
    path = directory / "editor"
    path.write_text(f'#!/bin/sh\necho "$@" > {directory}/called\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path
