"""Keys on a real terminal, while much arrives: all of them count, in their order."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.builders import MS, S, case, heartbeat, line, start_record
from tests.ui.terminal import ALT_SCREEN_ON, is_up, terminal

A_SECOND, AT_ONCE = 2000, 100
TYPED = "abcdefghijklmnopqrstuvwxyz0123456789"


@contextmanager
def arriving(directory: Path) -> Iterator[None]:
    """A run under way in `directory`, to which 2,000 spans come a second."""
    done, now = threading.Event(), time.time_ns()
    (directory / "live").mkdir()
    (directory / "live" / "run.logs.jsonl").write_bytes(
        start_record(case("running", start=now - S)) + heartbeat(now)
    )
    path = directory / "run.traces.jsonl"
    path.write_bytes(line(case("first", start=now - S, end=now)))

    def write() -> None:
        number = 0
        while not done.wait(AT_ONCE / A_SECOND):
            at = time.time_ns()
            spans = [case(f"t{number + each}", start=at - MS, end=at) for each in range(AT_ONCE)]
            number += AT_ONCE
            with path.open("ab") as file:
                file.write(line(*spans))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        done.set()
        writer.join()


def test_no_key_is_lost(tmp_path: Path) -> None:
    """While 2,000 spans arrive a second, 44 keys typed all at once are taken, each where it belongs."""
    with arriving(tmp_path), terminal("-m", "tracetui", "watch", tmp_path) as tty:
        tty.until(is_up)
        tty.type(f"2fname:{TYPED}\r4")
        # Another mode draws the line of the filter as a whole.
        tty.until(lambda seen: f"name:{TYPED}".encode() in seen and b"share" in seen)
        tty.type("q")
        assert tty.end() == 0


def test_the_first_key_works_while_loading(tmp_path: Path) -> None:
    """A key that is pressed before anything was read leads to its mode."""
    path = tmp_path / "large.jsonl"
    path.write_bytes(b"".join(line(*(case(f"t{at}") for at in range(1000))) for _ in range(20)))
    with terminal("-m", "tracetui", "open", path) as tty:
        tty.until(lambda seen: ALT_SCREEN_ON in seen)
        tty.type("4")
        tty.until(lambda seen: b"share" in seen)
        tty.type("q")
        assert tty.end() == 0
