"""How many bytes come to the terminal for what changes, and that none come where nothing does."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import S, case, heartbeat, line, start_record
from tests.ui.showing import RESMOKE
from tests.ui.terminal import Terminal, is_up, terminal

TRACETUI = ("-m", "tracetui")
CURSOR, PAGE, SCREEN = 25_000, 60_000, 120_000
PATIENCE = 20
"""Generous: a screen of 120 by 40 has 4800 cells, and a cell with colours of its own takes some 40 bytes."""


@pytest.fixture(scope="module")
def opened() -> Iterator[Terminal]:
    """A recording on a terminal of 120 by 40, when everything is there."""
    with terminal(*TRACETUI, "open", RESMOKE) as tty:
        tty.until(is_up)
        tty.still()
        yield tty


@pytest.mark.parametrize("mode", "23456")
def test_what_a_key_costs(opened: Terminal, mode: str) -> None:
    """A cursor that moves costs some lines, a page no more than a screen."""
    opened.type(mode)
    opened.still()
    assert opened.cost("j") < CURSOR
    assert opened.cost("\x1b[6~") < PAGE
    assert opened.cost("?") < SCREEN
    assert opened.cost("?") < SCREEN


@pytest.mark.parametrize("mode", "23456")
def test_nothing_costs_nothing(opened: Terminal, mode: str) -> None:
    """Once all that a key leads to is shown, not one byte is written."""
    opened.type(mode)
    for _ in range(PATIENCE):
        before = len(opened.seen)
        time.sleep(1.5)
        opened.still(0.1)
        if len(opened.seen) == before:
            return
    raise AssertionError(opened.seen[-2000:])


def test_what_live_costs(tmp_path: Path) -> None:
    """Of a run under way only what grows is drawn anew: a second of it costs less than a screen."""
    now = time.time_ns()
    tests = [case(f"t{at}", start=now - (at + 2) * S, end=now - (at + 1) * S) for at in range(40)]
    (tmp_path / "live").mkdir()
    (tmp_path / "run.traces.jsonl").write_bytes(line(*tests))
    (tmp_path / "live" / "run.logs.jsonl").write_bytes(
        start_record(case("running", start=now - S)) + heartbeat(now)
    )
    with terminal(*TRACETUI, "watch", tmp_path) as tty:
        tty.until(is_up)
        tty.until(lambda seen: b"running" in seen)
        before = len(tty.seen)
        for _ in range(20):
            tty.still(0.05)
            time.sleep(0.1)
        tty.still(0.05)
        assert before < len(tty.seen)
        assert len(tty.seen) - before < 2 * SCREEN
