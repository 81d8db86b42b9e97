"""Checks out revisions of a git repository as directories, and removes them at the end."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tracetui.errors import InputError


class Checkout(NamedTuple):
    """A revision in a directory: its commit, its top, and in it the user's current directory."""

    commit: str
    top: Path
    place: Path


@contextmanager
def checkouts(revisions: Sequence[str], work: Path) -> Iterator[list[Checkout]]:
    """The revisions, each in a git worktree of its own below `work`.

    Raises `InputError` if this is not a repository, or a revision does not exist.
    """
    top = Path(_asked("rev-parse", "--show-toplevel"))
    here = _asked("rev-parse", "--show-prefix")
    commits = [_commit(revision) for revision in revisions]
    made: list[Path] = []
    try:
        for number, commit in enumerate(commits):
            made.append(work / f"revision-{number}")
            _git(top, "worktree", "add", "--detach", "--quiet", str(made[-1]), commit)
        yield [Checkout(commit, at, at / here) for commit, at in zip(commits, made, strict=True)]
    finally:
        for at in made:
            # Not by `worktree remove`: that stops at the first file that it does not like.
            shutil.rmtree(at, ignore_errors=True)
        if made:
            _git(top, "worktree", "prune")


def _commit(revision: str) -> str:
    """The commit of a revision; raises `InputError` if there is none."""
    try:
        return _asked("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except InputError:
        raise InputError(f"{revision}: no such revision here; git log shows which there are") from None


def _asked(*arguments: str) -> str:
    return _git(Path.cwd(), *arguments).stdout.strip()


def _git(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run git; raises `InputError` with git's last message if it fails."""
    try:
        ran = subprocess.run(
            ["git", "-C", str(directory), *arguments], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise InputError("git is not installed, which makes the two revisions") from None
    if ran.returncode:
        said = ran.stderr.strip().splitlines() or [f"it ended with {ran.returncode}"]
        raise InputError(f"git {arguments[0]}: {said[-1]}")
    return ran
