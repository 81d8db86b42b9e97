"""A busy machine makes what happens later happen late, not never."""

import asyncio
from pathlib import Path
from time import monotonic
from types import SimpleNamespace

import pytest
from textual.events import Resize
from textual.geometry import Size

from tests.builders import write_small_run
from tests.ui.showing import showing
from tracetui.ui.feed.latest_only import LatestOnly


async def test_a_resize_is_never_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is interrupted for long while a timer begins takes the new size of the window all the same."""
    async with showing(write_small_run(tmp_path / "spans"), size=(120, 40)) as shown:
        monkeypatch.setattr("textual.timer._time", SimpleNamespace(get_time=interrupted))
        for size in (Size(120, 30), Size(90, 35)):
            shown.app.post_message(Resize(size, size))
            await shown.until(lambda height=size.height: len(shown.lines) == height)  # type: ignore[misc]
            assert len(shown.lines[0]) == size.width


async def test_a_rest_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who rests after work goes on with what is newest, also where nobody looks at the clock for a second."""
    answers: list[int] = []
    async with showing(write_small_run(tmp_path / "spans")) as shown:
        monkeypatch.setattr("textual.timer._time", SimpleNamespace(get_time=interrupted))
        monkeypatch.setattr("tracetui.ui.feed.latest_only.LEAST_REST_S", 0)
        works = LatestOnly[int, int](shown.waterfall, lambda question: question, answers.append)
        for question in range(5):
            works.ask(question, rested=True)
        await shown.until(lambda: answers[-1:] == [4])


async def test_once_is_once(tmp_path: Path) -> None:
    """What is to happen once happens once, and what was stopped does not."""
    came: list[str] = []
    async with showing(write_small_run(tmp_path / "spans")) as shown:
        stopped = shown.app.set_timer(0.03, lambda: came.append("stopped"))
        shown.app.set_timer(0.01, lambda: came.append("first"))
        shown.app.set_timer(0.05, lambda: came.append("last"))
        stopped.stop()
        await shown.until(lambda: "last" in came)
    assert came == ["first", "last"]


def interrupted() -> float:
    """The time, to who waits for something that happens once: a second later at each look."""
    task = asyncio.current_task()
    assert task
    if task.get_name().startswith("set_timer"):
        LOOKS[task.get_name()] = LOOKS.get(task.get_name(), 0) + 1
    return monotonic() + LOOKS.get(task.get_name(), 0)


LOOKS: dict[str, int] = {}
