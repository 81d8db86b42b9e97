"""Clocks that stand still, and pictures of screens."""

import os
import re
import time
from collections.abc import Awaitable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

from tests.builders import T0, S, write_small_run
from tests.ui.opened_runs import live, opened_once, over, recorded, small_over  # noqa: F401 - fixtures
from tests.ui.showing import Shown, Size

PICTURES = Path(__file__).parents[2] / "snapshots"


class Picture(Protocol):
    """Compares the screen with the picture of this test, or with that of it in each of some sizes."""

    def __call__(self, shown: Shown, *sizes: Size) -> Awaitable[None]:
        """Wait until it stands still, and compare."""


class Clock:
    """Stands still until someone moves it; the app's clock, and what files are compared with."""

    def __init__(self, now_ns: int) -> None:
        self.now_ns = now_ns

    def time_ns(self) -> int:
        """Since the epoch."""
        return self.now_ns


class Svg(SingleFileSnapshotExtension):
    """One picture a file: `snapshots/<test module>/<test>.svg`."""

    _write_mode = WriteMode.TEXT
    file_extension = "svg"

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        """One folder a test module."""
        return str(PICTURES / test_location.basename)


@pytest.fixture(autouse=True, scope="module")
def colours() -> Iterator[None]:
    """Whatever the terminal of whoever runs the tests wants, screens here have colours and shapes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NO_COLOR", raising=False)
        patch.delenv("TMUX", raising=False)
        patch.setenv("COLORTERM", "truecolor")
        patch.setenv("LC_ALL", "C.UTF-8")
        yield


@pytest.fixture(autouse=True, scope="session")
def parsed_once() -> Iterator[None]:
    """Style sheets are parsed once, not by each app: a tenth of what its start takes."""
    parsed: dict[tuple[object, ...], list[RuleSet]] = {}
    parse = Stylesheet._parse_rules

    def look_up(sheet: Stylesheet, *of: Any, **told: Any) -> list[RuleSet]:
        key = (of, *sorted(told.items()), frozenset(sheet._variables.items()))
        if key not in parsed:
            parsed[key] = parse(sheet, *of, **told)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", look_up)
        yield


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands two seconds after `T0`: while the small run of the builders runs."""
    standing = Clock(T0 + 2 * S)
    monkeypatch.setattr(time, "time_ns", standing.time_ns)
    return standing


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The small run on disk, last written two seconds after it began."""
    directory = write_small_run(tmp_path / "spans")
    for path in directory.rglob("*.jsonl"):
        os.utime(path, ns=(T0 + 2 * S, T0 + 2 * S))
    return directory


@pytest.fixture
def picture(snapshot: SnapshotAssertion, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Picture:
    """Compares screens with pictures, at a time that stands still."""
    # Else a picture may show sums of the first reading, until there may be newer ones.
    monkeypatch.setattr("tracetui.ui.overview.run_more.LEAST_REST_S", 0.0)

    async def compare(shown: Shown, name: str | None) -> None:
        await shown.still()
        drawn = plain(shown.app.export_screenshot(title="tracetui", simplify=True))
        assert drawn == snapshot(extension_class=Svg, name=name)

    async def compare_each(shown: Shown, *sizes: Size) -> None:
        if not sizes:
            await compare(shown, None)
        for size in sizes:
            await shown.pilot.resize_terminal(*size)
            await compare(shown, "{}x{}".format(*size))

    return compare_each


def plain(svg: str) -> str:
    """A picture without what differs from picture to picture for no reason, and without fonts from afar."""
    svg = re.sub(r"terminal-\d+", "terminal", svg)
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    lines = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL).splitlines()
    return "\n".join(line.rstrip() for line in lines if line.strip()) + "\n"
