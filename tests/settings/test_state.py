"""What the app keeps: whole or not at all, and never in the reader's own files."""

from pathlib import Path

import pytest

from tracetui.settings.state import State, keep, recall


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where it is kept."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "tracetui" / "state.json"


def test_nothing_was_kept(path: Path) -> None:
    """The first time there is nothing, and asking makes no file."""
    assert recall() == State()
    assert not path.parent.exists()


def test_round_trip(path: Path) -> None:
    """What is kept is there the next time, and each field alone leaves the others."""
    keep(filters={"slow": "dur>2s", "\ud800": "\x1b"})
    keep(theme="tracetui-light")
    keep(columns=("own", "lane"))
    assert recall() == State("tracetui-light", {"slow": "dur>2s", "\ud800": "\x1b"}, ("own", "lane"))
    assert [each.name for each in path.parent.iterdir()] == ["state.json"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b"[" * 10**6, b"3", b'{"theme": 3, "filters": 4, "columns": 5}']
)
def test_broken(path: Path, content: bytes) -> None:
    """A broken file counts as empty, and the next thing that is kept mends it."""
    path.parent.mkdir()
    path.write_bytes(content)
    assert recall() == State()
    keep(theme="x")
    assert recall().theme == "x"


def test_cannot_be_written(path: Path) -> None:
    """Where it cannot be written, that is an OSError for whoever asked, and nothing is left lying about."""
    path.mkdir(parents=True)
    with pytest.raises(OSError, match=r"state\.json"):
        keep(theme="x")
    assert [each.name for each in path.parent.iterdir()] == ["state.json"]
