"""How often the screen is painted while much arrives; while nothing does: see `test_bytes`."""

import time
from collections.abc import Iterator

import pytest

from tests.ui.arriving import arriving
from tests.ui.terminal import Terminal, is_up, terminal

FRAME = b"\x1b[?2026h"
"""What a frame begins with on a terminal that shows frames as a whole."""
CAN, CAN_I = b"\x1b[?2026$p", "\x1b[?2026;2$y"
FPS = 10
SECONDS = 2
KEYS = 6


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A run to which 2,000 spans come a second, on a terminal that is told of frames."""
    directory = tmp_path_factory.mktemp("spans")
    with arriving(directory), terminal("-m", "tracetui", "watch", directory) as tty:
        tty.until(lambda seen: CAN in seen)
        tty.type(CAN_I)
        tty.until(is_up)
        yield tty


@pytest.mark.parametrize("mode", "1234")
def test_ten_frames_a_second(live: Terminal, mode: str) -> None:
    """While 2,000 spans arrive a second, a screen is painted ten times a second at most, keys aside."""
    frames(live, 1, mode)
    begin = time.monotonic()
    assert frames(live, SECONDS, "") <= most(time.monotonic() - begin)


def test_keys_come_on_top(live: Terminal) -> None:
    """Of each key that moves the cursor, a frame or two more tell."""
    frames(live, 1, "2")
    begin = time.monotonic()
    seen = sum(frames(live, SECONDS / KEYS, key) for key in "jk" * (KEYS // 2))
    assert seen <= most(time.monotonic() - begin) + 3 * KEYS


def most(seconds: float) -> float:
    """Twice as many as there should be, and those that waited in the terminal: unbridled it is 30 to 60 a
    second.
    """
    return 2 * FPS * seconds + FPS


def frames(tty: Terminal, seconds: float, keys: str) -> int:
    """How often the screen is painted in so long a time, from some keys on; once at least."""
    before = len(tty.seen)
    tty.type(keys)
    tty.until(lambda seen: FRAME in seen[before:])
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        tty.still(0.05)
    return tty.seen.count(FRAME, before)
