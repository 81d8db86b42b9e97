"""Revisions as directories that are gone again, and nothing of the repository is other than it was."""

from contextlib import suppress
from pathlib import Path

import pytest

from tests.rerun.repository import git, repository
from tracetui.errors import InputError
from tracetui.rerun.worktrees import checkouts


def test_revisions_are_directories_until_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each at the place where the user is, whatever happens meanwhile; the user's own files stay."""
    made = repository(tmp_path / "made")
    (made / "inside").mkdir()
    (made / "inside" / "kept.txt").write_text("kept")
    git(made, "add", "-A")
    git(made, "commit", "-qm", "three")
    (made / "took.py").write_text("changed")
    monkeypatch.chdir(made / "inside")
    (tmp_path / "work").mkdir()
    with suppress(ZeroDivisionError), checkouts(["one", "HEAD"], tmp_path / "work") as (one, head):
        assert "200" in (one.top / "took.py").read_text()
        assert "600" in (head.top / "took.py").read_text()
        assert (head.place / "kept.txt").read_text() == "kept"
        assert one.commit == git(made, "rev-parse", "one")
        _ = 1 / 0
    assert not list((tmp_path / "work").iterdir())
    assert len(git(made, "worktree", "list").splitlines()) == 1
    assert (made / "took.py").read_text() == "changed"


def test_no_revision_and_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each in one line that says what to do."""
    made = repository(tmp_path / "made")
    monkeypatch.chdir(made)
    for wrong in ("nowhere", "--help", ""):
        with pytest.raises(InputError, match="no such revision here"), checkouts(["one", wrong], tmp_path):
            pass
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    with (
        pytest.raises(InputError, match="git rev-parse: fatal: not a git repository"),
        checkouts(["a"], tmp_path),
    ):
        pass
    monkeypatch.setenv("PATH", "")
    with pytest.raises(InputError, match="git is not installed"), checkouts(["a"], tmp_path):
        pass
