"""How many bytes come to the terminal for what changes, and that none come where nothing does."""

import os
import platform
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import S, case, heartbeat, line, start_record
from tests.ui.showing import RESMOKE
from tests.ui.terminal import Terminal, is_up, terminal

TRACETUI = ("-m", "tracetui")
SCREEN, CELLS = 100_000, 120 * 40
"""A screen of 120 by 40 has 4800 cells, of which one with colours of its own takes some 20 bytes."""
STEP = {"2": 6_500, "3": 25_000, "4": 2_000, "5": 4_000, "6": 2_500}
PAGE = {"2": 40_000, "3": 25_000, "4": 37_000, "5": 15_000, "6": 2_500}
"""By mode, what a cursor that moves by a row or by a page may cost: half as much again as it does."""
OWN = {"2": b"span", "3": b"busy", "4": b"share", "5": b"of", "6": b"holds"}
"""What each mode says."""
PATIENCE = 20


@pytest.fixture(scope="module")
def opened() -> Iterator[Terminal]:
    """A recording on a terminal of 120 by 40, when everything is there."""
    with terminal(*TRACETUI, "open", RESMOKE) as tty:
        tty.until(is_up)
        tty.still()
        yield tty


@pytest.mark.parametrize("mode", STEP)
def test_what_a_key_costs(opened: Terminal, mode: str) -> None:
    """A cursor that moves costs a line or two and what is told of it; a page no more than a screen."""
    before = len(opened.seen)
    opened.type(mode)
    opened.until(lambda seen: OWN[mode] in seen[before:])
    opened.still()
    assert least(opened, "j", "k") < STEP[mode]
    assert least(opened, "\x1b[6~", "\x1b[5~") < PAGE[mode]
    assert least(opened, "?", "\x1b") < SCREEN


def least(tty: Terminal, there: str, back: str) -> int:
    """What the cheaper of some keys costs: what comes late of an earlier one is not its own."""
    costs = []
    for key in (there, back) * 2:
        before = len(tty.seen)
        tty.type(key)
        tty.until(lambda seen, before=before: len(seen) > before)  # type: ignore[misc]
        tty.still(0.3)
        costs.append(len(tty.seen) - before)
    return min(costs)


@pytest.mark.parametrize("mode", "23456")
def test_nothing_costs_nothing(opened: Terminal, mode: str) -> None:
    """Once all that a key leads to is shown, not one byte is written."""
    opened.type(mode)
    for _ in range(PATIENCE):
        opened.still()
        before = len(opened.seen)
        time.sleep(1.2)
        opened.still(0.1)
        if len(opened.seen) == before:
            return
    raise AssertionError(opened.seen[-2000:])


@pytest.mark.parametrize("size", [(120, 40), (80, 20)], ids="{0[0]}x{0[1]}".format)
def test_what_live_costs(tmp_path: Path, size: tuple[int, int]) -> None:
    """Of a run under way only what grows is drawn anew: a few seconds of it cost less than a screen."""
    now = time.time_ns()
    tests = [case(f"t{at}", start=now - (at + 2) * S, end=now - (at + 1) * S) for at in range(40)]
    (tmp_path / "live").mkdir()
    (tmp_path / "run.traces.jsonl").write_bytes(line(*tests))
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    alive = heartbeat(now, pid=os.getpid(), host=platform.node(), boot_id=boot)
    (tmp_path / "live" / "run.logs.jsonl").write_bytes(start_record(case("running", start=now - S)) + alive)
    with terminal(*TRACETUI, "watch", tmp_path, size=size) as tty:
        tty.until(is_up)
        tty.until(lambda seen: b"running" in seen)
        _seconds(tty)  # Until what is worked out is there.
        before = len(tty.seen)
        _seconds(tty)
        assert before < len(tty.seen)
        assert len(tty.seen) - before < SCREEN * size[0] * size[1] // CELLS * 2 // 3


def _seconds(tty: Terminal) -> None:
    for _ in range(20):
        tty.still(0.05)
        time.sleep(0.1)
