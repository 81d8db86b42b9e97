"""Outside of CI, a clean work tree tells the revision; one with changes only its branch."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.tracing.recording import run_pytest, spans_in, with_role, write_suite
from tracetui.tracing.about import work_tree
from tracetui.tracing.about.machine import machine_attributes
from tracetui.tracing.about.work_tree import WorkTree, told_by

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")

REVISION = "d185707c92e77f4a4b7c94c02f70bdafbb0601b5"
CLEAN = f"# branch.oid {REVISION}\n# branch.head main\n# branch.upstream origin/main\n# branch.ab +1 -0\n"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (CLEAN, {"vcs.ref.head.revision": REVISION, "vcs.ref.head.name": "main"}),
        (CLEAN + "1 .M N... 100644 100644 100644 a b test_a.py\n", {"vcs.ref.head.name": "main"}),
        (CLEAN + "? test_new.py\n", {"vcs.ref.head.name": "main"}),
        (f"# branch.oid {REVISION}\n# branch.head (detached)\n", {"vcs.ref.head.revision": REVISION}),
        ("# branch.oid (initial)\n# branch.head main\n", {"vcs.ref.head.name": "main"}),
        ("", {}),
        ("# branch.oid\n", {}),
    ],
)
def test_what_git_says(status: str, expected: dict[str, str]) -> None:
    """Changed and new files, no branch, no commit yet, nothing."""
    assert told_by(status) == expected


def git(directory: Path, *words: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *words]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(
        command, cwd=directory, check=True, capture_output=True, text=True, env=plain
    ).stdout


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit."""
    for name in list(os.environ):
        if name.startswith(("GIT_", "GITHUB_", "GITLAB_", "CI", "BUILDKITE", "EVR_", "JENKINS_")):
            monkeypatch.delenv(name)
    write_suite(tmp_path, test_one="def test_one(): pass")
    (tmp_path / ".gitignore").write_text("spans*/\n__pycache__/\n.pytest_cache/\n")
    git(tmp_path, "init", "-q", "-b", "trunk")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "first")
    return tmp_path


@needs_git
def test_a_suite_tells_its_revision_and_machine(repository: Path) -> None:
    """From a directory of the repository; once a file has changed only the branch."""
    told = []
    for spans in ("spans0", "spans1"):
        run_pytest(repository, f"--tracetui={spans}")
        told += with_role(spans_in(repository / spans), "suite")
        (repository / "test_one.py").write_text("def test_one(): assert True")
    clean, changed = (span.attributes for span in told)
    assert clean["vcs.ref.head.revision"] == git(repository, "rev-parse", "HEAD").strip()
    assert clean["vcs.ref.head.name"] == changed["vcs.ref.head.name"] == "trunk"
    assert "vcs.ref.head.revision" not in changed
    assert machine_attributes().items() <= clean.items()


@needs_git
def test_git_that_takes_too_long_is_stopped(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is told then, and no process is left."""
    monkeypatch.setattr(work_tree, "_ASKED", ("sleep", "60"))
    monkeypatch.setattr(work_tree, "_PATIENCE_S", 0.01)
    asked = WorkTree(repository)
    process = asked._git
    assert process is not None
    assert asked.attributes() == {}
    assert process.poll() is not None
    assert asked.attributes() == {}


def test_without_a_repository_nobody_is_asked(tmp_path: Path) -> None:
    """No process is started."""
    found = WorkTree(tmp_path)
    assert found._git is None or any((place / ".git").exists() for place in tmp_path.parents)
    found.attributes()
