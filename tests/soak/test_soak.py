"""However long a directory is watched: the screen is right, and the viewer takes no more than it should.

A quarter of a minute at every push, of an hour with `-m nightly`, or `SOAK_S` seconds. What it took is
printed; no duration is asserted.
"""

import faulthandler
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest

from tests.processes import PATIENCE_S
from tests.soak.storm import Storm
from tests.soak.watched import SIZE, Watched
from tests.ui.terminal import terminal
from tracetui.sources.files.handle import MOST_AT_REST

RATE = 150
NIGHTLY_S = float(os.environ.get("SOAK_S", "900"))
SHORT_S = 16.0
RESIZES = 200
LEAST_S = 0.8
"""Windows are not resized more often."""
MOST_BASE, MOST_A_SPAN = 200_000_000, 200
"""Bytes of memory."""
OTHERS = 40
"""Descriptors that are of no file at rest: the terminal's, of files that are being written."""
ARRAYS = 64
"""Descriptors of columns in memory that readings share: of each its file and some three rooms."""
SMALL_DISK = "size=3m"


@pytest.fixture
def spans(tmp_path: Path) -> Iterator[tuple[Path, Path | None]]:
    """The directory that is watched, and in it a disk of 3 MB, where there may be one."""
    small = tmp_path / "spans" / "small"
    small.mkdir(parents=True)
    mount = ("mount", "-t", "tmpfs", "-o", SMALL_DISK, "tmpfs", str(small))
    try:
        is_mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        is_mounted = False
    yield tmp_path / "spans", small if is_mounted else None
    if is_mounted:
        subprocess.run(["umount", "--lazy", str(small)], check=True)


@pytest.mark.timeout(NIGHTLY_S + 300)
@pytest.mark.parametrize(
    "seconds", [SHORT_S, pytest.param(NIGHTLY_S, marks=pytest.mark.nightly)], ids=["short", "long"]
)
def test_it_is_right_and_small_however_long(spans: tuple[Path, Path | None], seconds: float) -> None:
    """Rotation, truncation, deletion, kill -9, a full disk, clocks an hour off, all modes and many sizes."""
    faulthandler.cancel_dump_traceback_later()  # It is as long as it should be.
    directory, small = spans
    storm = Storm(directory, RATE, small)
    with terminal("-m", "tracetui", "watch", directory, size=SIZE) as shown:
        watched = Watched(shown)
        _through(storm, watched, seconds)
        storm.end()
        _until_right(storm, watched)
        held = [path for path in watched.descriptors if path.endswith("(deleted)") and ".jsonl" in path]
        sys.stdout.write(f"\n{storm.spans} spans of {storm.all_spans} in {seconds:.0f} s: {watched.told}\n")
        assert not held
        arrays = sum(path.startswith("/memfd:") for path in watched.descriptors)
        assert len(watched.descriptors) - arrays <= MOST_AT_REST + OTHERS
        assert arrays <= ARRAYS
        assert watched.resident <= MOST_BASE + MOST_A_SPAN * storm.all_spans
        if small:
            assert _used(small) <= _written(small)
        storm.long.close()
        shown.type("q")
        assert shown.end() == 0


def _through(storm: Storm, watched: Watched, seconds: float) -> None:
    """All of it."""
    keys, sizes = cycle("123456"), cycle(((150, 44), (80, 24), (200, 60), (60, 15), (120, 40)))
    begin, number = time.monotonic(), 0
    while (gone := time.monotonic() - begin) < seconds:
        storm.step()
        watched.wrote(storm.spans)
        watched.look(0.05)
        if gone >= (number + 1) * max(LEAST_S, seconds / RESIZES):
            number += 1
            columns, lines = next(sizes)
            watched.resize(columns, lines)
            if number % 3 == 0:
                watched.terminal.type(next(keys))


def _until_right(storm: Storm, watched: Watched) -> None:
    """The header says what was written of the long run."""
    watched.painted = True
    watched.resize(SIZE[0] - 1, SIZE[1])
    watched.look(1.0)
    watched.resize(*SIZE)  # All is painted.
    watched.terminal.type("1")
    last = time.monotonic() + PATIENCE_S
    while watched.counts != (storm.tests, storm.spans) and time.monotonic() < last:
        watched.look(0.5)
        storm.long.beat()
    assert watched.counts == (storm.tests, storm.spans), watched.text


def _used(disk: Path) -> int:
    """Bytes of a disk that are not free."""
    told = os.statvfs(disk)
    return (told.f_blocks - told.f_bfree) * told.f_frsize


def _written(disk: Path) -> int:
    """The bytes of all files on it, in whole blocks, and of its directories."""
    return sum(path.stat().st_blocks * 512 + 4096 for path in disk.rglob("*"))
