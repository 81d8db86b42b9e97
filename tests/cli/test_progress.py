"""How far long work is: a line for who waits at a terminal, and nothing for anybody else."""

import io
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pyte
import pytest

from tests.builders import T0, S, case, line
from tests.cli.hurried import HURRY
from tests.cli.running import environment, on_a_terminal, tracetui
from tracetui import units
from tracetui.cli import progress as module
from tracetui.cli.progress import progress, progress_line


class Terminal(io.StringIO):
    """What a line is drawn on."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    made = Terminal()
    monkeypatch.setattr(module, "sys", SimpleNamespace(stderr=made))  # Between fixtures pytest sets its own.
    monkeypatch.setenv("TERM", "xterm")
    return made


@pytest.mark.parametrize(
    ("done", "total", "seconds", "line"),
    [
        (0, 0, 0.5, "reading  0 B"),
        (500, 0, 2.0, "reading  500 B  250 B/s"),
        (0, 400, 9.0, f"reading  {' ' * 24}    0%  0 B of 400 B"),
        (100, 400, 0.5, f"reading  {'█' * 6}{' ' * 18}   25%  100 B of 400 B"),
        (100, 400, 2.0, f"reading  {'█' * 6}{' ' * 18}   25%  100 B of 400 B  50 B/s  6s left"),
        (399, 400, 2.0, f"reading  {'█' * 23}▉   99%  399 B of 400 B  200 B/s  1s left"),
        (400, 400, 2.0, f"reading  {'█' * 24}  100%  400 B of 400 B  200 B/s"),
        (500, 400, 2.0, f"reading  {'█' * 24}  100%  500 B of 400 B  250 B/s"),
    ],
)
def test_the_line(done: int, total: int, seconds: float, line: str) -> None:
    """Bar and share of what is known, the rate once it means something, and how long it will take."""
    assert progress_line("reading", done, total, seconds, units.size) == line


@pytest.mark.parametrize("after_s", [0.0, 3600.0])
def test_only_what_takes_long_is_shown(
    after_s: float, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what was shown is taken back: the last thing that is written clears the line."""
    monkeypatch.setattr(module, "AFTER_S", after_s)
    with progress("reading", units.size, 10) as shown:
        shown.advance(5)
    assert bool(terminal.getvalue()) is (after_s == 0)
    assert not terminal.getvalue() or terminal.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_cannot_take_a_line_back_gets_none(
    term: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does a file, or a terminal that is being printed to."""
    monkeypatch.setattr(module, "AFTER_S", 0)
    with progress("reading", units.size, 10, shown=False) as line:
        line.note("why")
    monkeypatch.setenv("TERM", term)
    with progress("reading", units.size, 10) as line:
        line.advance(5)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(module, "sys", SimpleNamespace(stderr=(other := io.StringIO())))
    with progress("reading", units.size, 10) as line:
        line.advance(5)
    assert not terminal.getvalue() + other.getvalue()


def test_an_error_finds_the_line_clear(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said next begins a line of its own."""
    monkeypatch.setattr(module, "AFTER_S", 0)
    with pytest.raises(ValueError, match="no"), progress("reading", units.size, 10):
        raise ValueError("no")
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_foreign_text_in_it_is_text(terminal: Terminal) -> None:
    """Why a collector lets us wait is said at once, and moves no cursor."""
    with progress("sending", str) as shown:
        shown.note("503 \x1b[2J\nlater")
    assert "\x1b[2J" not in terminal.getvalue()
    assert "\n" not in terminal.getvalue()
    assert "sending  503" in terminal.getvalue()


def test_reading_is_shown_and_leaves_no_trace(tmp_path: Path) -> None:
    """On a real terminal the line comes and goes before the page, which is as it is without it."""
    path = tmp_path / "x.jsonl"
    tests = (case(f"a.py::test_{n}", worker="gw0", start=T0 + n * S, end=T0 + n * S + S) for n in range(9))
    path.write_bytes(b"".join(map(line, tests)))
    code, seen = on_a_terminal("top", path, "--no-ascii", "--width", "80", script=HURRY)
    assert code == 0
    assert re.search(rb"reading  .*B of .*B", seen)
    screen = pyte.Screen(80, 24)
    pyte.ByteStream(screen).feed(seen)
    shown = [text.rstrip() for text in screen.display if text.strip()]
    printed = tracetui("top", path, "--no-ascii", "--width", "80").stdout.decode().splitlines()
    assert shown == [text.rstrip() for text in printed if text.strip()]


def test_a_log_has_no_line_in_it(tmp_path: Path) -> None:
    """However long it takes: standard error is a file then."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(line(case("a.py::test_a", end=T0 + S)))
    command = [sys.executable, "-c", HURRY, "top", str(path)]
    ran = subprocess.run(command, capture_output=True, check=True, env=environment())
    assert not ran.stderr
