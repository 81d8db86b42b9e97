"""A small suite of a runner, recorded by the very command that the documentation has for it."""

import re
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.cli.running import Ran, environment, in_a_process
from tests.npm import MODULES
from tracetui.cli.help import DOCS
from tracetui.cli.record.reporter import REPORTERS
from tracetui.ingest import load
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

SUITES = Path(__file__).parent / "suites"
PAGE = (DOCS / "runners.md").read_text()
RECIPES = dict(re.findall(r"^\| ([^|]+?) \| `tracetui exec -- ([^`]+)` \|", PAGE, re.MULTILINE))
"""The commands of the table, by runner."""

VITEST_OUTCOMES = [
    ("orders.test.mjs::an order > is left out", "skipped"),
    ("orders.test.mjs::an order > is paid", "skipped"),
    ("orders.test.mjs::an order > is refused", "failed"),
    ("orders.test.mjs::an order > is sent", "skipped"),
    ("orders.test.mjs::an order > that is new > has a total", "passed"),
    ("orders.test.mjs::is flaky", "passed"),
    ("orders.test.mjs::should not hold", "xfailed"),
]
"""Of the suite `vitest`, by a runner that says them."""


@dataclass(frozen=True)
class Opened:
    """The spans of a recording."""

    snapshot: Snapshot

    def outcomes(self, role: Role) -> list[tuple[str, str]]:
        """The title and the outcome of each span of a role, sorted."""
        return sorted((self.snapshot.title(row), self.outcome(row)) for row in self.rows(role))

    def outcome(self, row: int) -> str:
        """The outcome of a span."""
        return Outcome(int(self.snapshot.outcome[row])).label

    def rows(self, role: Role) -> list[int]:
        """The spans of a role."""
        return [row for row in range(len(self.snapshot)) if self.snapshot.role[row] == role]


@dataclass(frozen=True)
class Recorded(Opened):
    """The same of a command, and how that ended."""

    ran: Ran
    directory: Path


def opened(path: Path) -> Opened:
    """A file or a directory, as `tracetui open` reads it."""
    return Opened(load([str(path)]).table.snapshot())


def suite(name: str, directory: Path) -> Path:
    """A copy of a suite, with what npm has installed."""
    copy = directory / name
    shutil.copytree(SUITES / name, copy)
    if MODULES.is_dir():
        (copy / "node_modules").symlink_to(MODULES)
    return copy


def recorded(directory: Path, recipe: str, within: str = "") -> Recorded:
    """What `tracetui exec` records of a recipe in a directory, perhaps within a traced test."""
    path = f"{Path(sys.executable).parent}:{environment()['PATH']}"
    with_paths = re.sub(r"\$\(tracetui reporter ([\w-]+)\)", rf"{REPORTERS}/\1.cjs", recipe)
    ran = in_a_process(
        "exec", "--", *shlex.split(with_paths), cwd=directory, PATH=path, TRACETUI_PARENT=within
    )
    spans = directory / "spans"
    return Recorded(opened(spans).snapshot, ran, spans)
