"""The app as a real process on a real terminal: what it writes there, and how it leaves."""

import os
import signal
from pathlib import Path

import pytest

from tests.builders import T0, S, case, line, write_small_run
from tests.ui.hostile import CORPUS, ESCAPES
from tests.ui.hostile_runs import hostile_run
from tests.ui.terminal import MODES_OFF, Terminal, assert_restored, is_up, sequences, signalled, terminal

TRACETUI = ("-m", "tracetui")
KEYS = ("j", "G", "]", "\r", "\r", "4", "B", "o", "3", "j", "?", "?", "t", "2", "z", "d")

CRASH = """
import sys
from tracetui.ui.frame.header import RunHeader

def crash(self):
    token = "tok_SECRET_42"
    raise ValueError("what happened \\x1b]0;title\\x07")

def render(self):
    secret = "tok_SECRET_42"
    return crash(self)

if sys.argv.pop(1) == "later":
    from tracetui.ui.detail.detail_rows import DetailRows
    DetailRows.action_last = crash
    from tracetui.ui.app.app import TracetuiApp
    TracetuiApp.action_help = crash
else:
    RunHeader.content = render
from tracetui.cli import main
main()
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The small run."""
    return write_small_run(tmp_path / "spans")


def used(path: Path) -> Terminal:
    """A session in which many keys were pressed and every screen was seen, to its end."""
    with terminal(*TRACETUI, "open", path) as tty:
        tty.until(is_up)
        for key in KEYS:
            before = len(tty.seen)
            tty.type(key)
            tty.until(lambda seen, before=before: len(seen) > before)  # type: ignore[misc]
        tty.type("q")
        assert tty.end() == 0
    return tty


def test_hostile_bytes(tmp_path: Path) -> None:
    """Names full of control sequences make no sequence on the terminal that a benign run does not make."""
    benign, hostile = tmp_path / "benign.jsonl", tmp_path / "hostile\x1b]0;x\x07[@click=app.quit].jsonl"
    benign.write_bytes(hostile_run(*(f"plain name {number}" for number in range(len(CORPUS)))))
    hostile.write_bytes(hostile_run(*CORPUS))
    foreign = sequences(used(hostile).seen) - sequences(used(benign).seen)
    assert not foreign


def test_the_oracle_sees() -> None:
    """Every one of the hostile texts that hold an escape would be seen, were it written raw."""
    for text in ESCAPES:
        if "\x1b" in text or "\x9b" in text:
            assert sequences(text.encode("utf-8", "replace")) - {b"CSI m", b"CSI H"}


def test_quit(small: Path) -> None:
    """q leaves with 0, and the terminal as it was."""
    with terminal(*TRACETUI, "open", small) as tty:
        tty.until(is_up)
        assert tty.modes != tty.before
        tty.type("q")
        assert tty.end() == 0
        assert_restored(tty)


@pytest.mark.parametrize(
    ("verb", "number"),
    [
        ("open", signal.SIGTERM),
        ("watch", signal.SIGTERM),
        ("open", signal.SIGHUP),
        ("watch", signal.SIGINT),
        ("watch", signal.SIGQUIT),
    ],
)
def test_signals(small: Path, verb: str, number: signal.Signals) -> None:
    """A signal that ends a program ends this one: the terminal as it was, 128 and the signal's number."""
    with terminal(*TRACETUI, verb, small) as tty:
        tty.until(is_up)
        tty.process.send_signal(number)
        assert tty.end() == signalled(number)
        assert b"Traceback" not in tty.seen
        assert_restored(tty)


@pytest.mark.parametrize("leads", [True, False], ids=["its own", "borrowed"])
def test_hang_up(small: Path, leads: bool) -> None:
    """When the terminal goes away the program goes too, not in peace, whether a signal tells it or not."""
    with terminal(*TRACETUI, "watch", small, leads=leads) as tty:
        tty.until(is_up)
        tty.hang_up()
        assert tty.process.wait() != 0


def test_new_spans(small: Path) -> None:
    """What is written while the app follows the directory comes to the terminal."""
    with terminal(*TRACETUI, "watch", small) as tty:
        tty.until(is_up)
        (small / "more.traces.jsonl").write_bytes(
            line(case("tests/test_y.py::test_new", start=T0, end=T0 + S))
        )
        tty.until(lambda seen: b"test_new" in seen)
        tty.type("q")
        assert tty.end() == 0


@pytest.mark.parametrize("when", ["at once", "later"])
def test_crash(small: Path, when: str) -> None:
    """A bug of ours ends in a report without anybody's data, the terminal as it was, a code of failure."""
    with terminal("-c", CRASH, when, "open", small) as tty:
        if when == "later":
            tty.until(is_up)
            tty.type("?")
        assert tty.end() not in (0, None)
        report = tty.seen.rpartition(MODES_OFF[0])[2]
        assert b": internal error" in report
        assert b"mode run, last key " + (b"none" if when == "at once" else b"question_mark") in report
        assert b"saved in" in report
        assert b"bug report" not in report  # There is nobody to send one to.
        assert b"textual run" not in report
        assert b"ValueError: what happened" in report
        assert b"SECRET" not in tty.seen
        assert b"\x1b]0;title" not in tty.seen
        assert_restored(tty)


STUDYING = """
import sys
from pathlib import Path
from threading import Event

from tracetui.ui.feed import feed

calm, begun = feed.Study.__call__, Path(sys.argv.pop(1))

def study(*given):
    if not begun.exists():
        return calm(*given)
    begun.with_suffix(".again").touch()
    Event().wait()

feed.Study.__call__ = study
from tracetui.cli import main
main()
"""


def test_quit_while_studying(small: Path, tmp_path: Path) -> None:
    """q leaves with 0, however long what is worked out for the screen may still take."""
    begun = tmp_path / "begun"
    with terminal("-c", STUDYING, begun, "watch", small) as tty:
        tty.until(is_up)
        begun.touch()
        (small / "more.traces.jsonl").write_bytes(line(case("late")))
        tty.until(lambda _: begun.with_suffix(".again").exists())
        tty.type("q")
        assert tty.end() == 0
        assert all(mode in tty.seen for mode in MODES_OFF)


def test_standard_error_elsewhere(small: Path, tmp_path: Path) -> None:
    """`2>err.log`: the screen is where it always is, and the file gets nothing of it."""
    with (tmp_path / "err.log").open("w+b") as log, terminal(*TRACETUI, "open", small, stderr=log) as tty:
        tty.until(is_up)
        tty.type("q")
        assert tty.end() == 0
        assert_restored(tty)
        assert (tmp_path / "err.log").read_bytes() == b""


def test_standard_input_is_data() -> None:
    """`cat x | tracetui open -`: spans come from standard input, keys from the terminal."""
    reader, writer = os.pipe()
    os.write(writer, line(case("tests/test_y.py::test_piped", start=T0, end=T0 + S)))
    with os.fdopen(reader, "rb") as stdin, terminal(*TRACETUI, "open", "-", stdin=stdin) as tty:
        os.close(writer)
        tty.until(lambda seen: b"test_piped" in seen)
        tty.type("q")
        assert tty.end() == 0
        assert_restored(tty)


def test_standard_input_is_empty(small: Path) -> None:
    """`</dev/null`: keys come from the terminal all the same."""
    with Path(os.devnull).open("rb") as nothing, terminal(*TRACETUI, "open", small, stdin=nothing) as tty:
        tty.until(is_up)
        tty.type("q")
        assert tty.end() == 0


def test_ctrl_c(small: Path) -> None:
    """It quits as q does, also while a filter is typed."""
    with terminal(*TRACETUI, "open", small) as tty:
        tty.until(is_up)
        tty.type("f")
        tty.until(lambda seen: b"outcome:failed" in seen)
        tty.type("\x03")
        assert tty.end() == 0
        assert_restored(tty)
