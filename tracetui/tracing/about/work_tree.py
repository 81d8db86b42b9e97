"""Which code is tested outside of CI: the revision of a clean git work tree.

With uncommitted changes no revision names the code, so only the branch is recorded. Git runs in a process of
its own, which takes no locks, starts no daemon and never outlives the tests.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

_ASKED = (
    "git",
    "--no-optional-locks",
    "-c",
    "core.fsmonitor=false",
    "status",
    "--porcelain=v2",
    "--branch",
    "--untracked-files=normal",
    "--ignore-submodules=none",
)
_PATIENCE_S = 0.5
"""After the collection, which nearly always takes longer than git does."""


class WorkTree:
    """The work tree around a directory; git is started at once and read when the answer is needed."""

    def __init__(self, directory: Path) -> None:
        self._git: subprocess.Popen[bytes] | None = None
        if any((place / ".git").exists() for place in (directory, *directory.parents)):
            self._git = subprocess.Popen(
                _ASKED,
                cwd=directory,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )

    def attributes(self) -> dict[str, str]:
        """Git's answer under OpenTelemetry's names; empty if git fails or takes too long."""
        git, self._git = self._git, None
        if git is None:
            return {}
        try:
            said, _ = git.communicate(timeout=_PATIENCE_S)
        except subprocess.TimeoutExpired:
            git.kill()
            git.communicate()
            return {}
        return told_by(said.decode("utf-8", "replace")) if git.returncode == 0 else {}


def told_by(status: str) -> dict[str, str]:
    """The attributes in the output of `git status --porcelain=v2 --branch`."""
    lines = status.splitlines()
    head = dict(line[2:].split(" ", 1) for line in lines if line.startswith("# branch.") and " " in line[2:])
    revision, branch = head.get("branch.oid", ""), head.get("branch.head", "")
    is_clean = all(line.startswith("#") for line in lines)
    attributes = {
        "vcs.ref.head.revision": revision if is_clean and revision != "(initial)" else "",
        "vcs.ref.head.name": branch if branch != "(detached)" else "",
    }
    return {key: value for key, value in attributes.items() if value}
