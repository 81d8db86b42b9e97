"""Keys on a real terminal, while much arrives: all of them count, in their order."""

from pathlib import Path

from tests.builders import case, line
from tests.ui.arriving import arriving
from tests.ui.terminal import ALT_SCREEN_ON, is_up, terminal

TYPED = "abcdefghijklmnopqrstuvwxyz0123456789"


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
