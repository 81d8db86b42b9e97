"""A picture of each screen in each state."""

from pathlib import Path

import pytest
from textual.widgets import Input

from tests.builders import (
    HOSTILE_NAMES,
    T0,
    S,
    case,
    exception,
    heartbeat,
    line,
    span,
)
from tests.ui.conftest import Picture
from tests.ui.hostile import CORPUS
from tests.ui.showing import RESMOKE, showing
from tracetui.ui.feed.reading import Reading, Revised


async def test_failed(picture: Picture, small: Path) -> None:
    """A failed test unfolded, and the exception of its call with the stack trace."""
    async with showing(small) as shown:
        await shown.press("right_square_bracket", "right", "down", "down")
        await picture(shown)


async def test_full_detail(picture: Picture, tmp_path: Path) -> None:
    """Everything that a span has: message, events, attributes of every kind, links, ids, scope, resource."""
    told = {"text": "a\nb", "number": 3, "ratio": 0.5, "yes": True, "list": [1, "x"], "map": {"a": [None]}}
    event = exception(message="assert 3 == 4", at=T0 + S // 4, stacktrace=TRACEBACK)
    link = {"traceId": "f" * 32, "spanId": "e" * 16, "attributes": []}
    made = case("tests/test_yard.py::test_tracks[a-b]", "failed", "gw0", end=T0 + S, message="3 is not 4")
    made["attributes"] += span("", told | {"bytes": b"\0\1", "nothing": None})["attributes"]
    (tmp_path / "run.jsonl").write_bytes(line(made | {"events": [event], "links": [link]}))
    async with showing(tmp_path / "run.jsonl") as shown:
        await shown.press("enter")
        await picture(shown)


async def test_lossy(picture: Picture, tmp_path: Path) -> None:
    """What was rejected, torn or dropped is counted in red."""
    (tmp_path / "live").mkdir()
    whole = line(case("tests/test_yard.py::test_tracks", end=T0 + S))
    (tmp_path / "run.jsonl").write_bytes(whole + b'{"resourceSpans": 1}\n' + whole[:-40])
    (tmp_path / "live" / "run.logs.jsonl").write_bytes(heartbeat(dropped=12))
    async with showing(tmp_path, size=(120, 24)) as shown:
        await picture(shown)


async def test_waiting(picture: Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory without any span yet: how to get some."""
    monkeypatch.chdir(tmp_path)
    Path("spans").mkdir()
    async with showing("spans", size=(120, 24), follow=True) as shown:
        await picture(shown)


async def test_reading(picture: Picture, tmp_path: Path) -> None:
    """A large recording while it is read: how much of it there is so far."""
    (tmp_path / "run.jsonl").write_bytes(line(case("tests/test_yard.py::test_tracks", end=T0 + S)))
    async with showing(tmp_path, size=(120, 24)) as shown:
        assert shown.app.reading
        whole = shown.app.reading.findings
        shown.app.post_message(Revised(Reading(whole, 123_000_000, 456_000_000, busy=True)))
        await shown.settle()
        await picture(shown)


async def test_help(picture: Picture) -> None:
    """The table of keys, over what it explains."""
    async with showing(RESMOKE, size=(120, 70)) as shown:
        await shown.press("question_mark")
        await picture(shown)


async def test_help_on_a_wide_screen(picture: Picture) -> None:
    """Two columns of keys."""
    async with showing(RESMOKE, size=(240, 70)) as shown:
        await shown.press("question_mark")
        await picture(shown)


async def test_palette(picture: Picture) -> None:
    """The palette lists what the keys do."""
    async with showing(RESMOKE) as shown:
        await shown.press("ctrl+p")
        shown.app.screen.query_one(Input).cursor_blink = False
        await shown.press(*"zoom")
        await shown.until(lambda: "Zoom" in shown.text)
        await picture(shown)


async def test_hostile(picture: Picture, tmp_path: Path) -> None:
    """Names that mean something to a terminal or to markup are text, each on its own line."""
    names = (*HOSTILE_NAMES, *CORPUS)
    tests = [case(name, end=T0 + S, start=T0 + place) for place, name in enumerate(names)]
    (tmp_path / "run.jsonl").write_bytes(line(*tests))
    async with showing(tmp_path / "run.jsonl", size=(120, 50)) as shown:
        await shown.press("j", "d")
        await picture(shown)


@pytest.mark.parametrize("keys", ["", "a"], ids=["newest", "all"])
async def test_runs(picture: Picture, tmp_path: Path, keys: str) -> None:
    """Of two runs, hours apart, the newest; or all."""
    for hour in range(2):
        start = T0 + hour * 3600 * S
        suite = span(f"night {hour}", {"tracetui.span.role": "suite"}, start=start, end=start + 9 * S)
        test = case(f"tests/test_yard.py::test_{hour}", start=start, end=start + 8 * S, parent=suite)
        (tmp_path / f"run{hour}.jsonl").write_bytes(line(suite, test))
    async with showing(tmp_path, size=(120, 24)) as shown:
        await shown.press(*keys)
        await picture(shown)


async def test_unreadable(picture: Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A span whose bytes are gone since: what the columns know, and why there is no more."""
    monkeypatch.chdir(tmp_path)
    recording = Path("run.jsonl")
    recording.write_bytes(line(case("tests/test_yard.py::test_tracks", end=T0 + S)))
    async with showing(recording, size=(120, 24)) as shown:
        recording.write_bytes(b"")
        recording.write_bytes(b"x" * 2000)
        await shown.pilot.resize_terminal(119, 24)
        await shown.settle()
        await picture(shown)


TRACEBACK = """Traceback (most recent call last):
  File "tests/test_yard.py", line 7, in test_tracks
    assert tracks(3) == 4
AssertionError: assert 3 == 4
"""
