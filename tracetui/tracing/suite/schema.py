"""The contents of a suite file, as values."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from tracetui.tracing.archiver.rules import Rules, parse_rules
from tracetui.tracing.suite.table import Command, SuiteError, Table

When: TypeAlias = Literal["before_suite", "before_test", "after_test", "after_suite"]
WHEN: tuple[When, ...] = ("before_suite", "before_test", "after_test", "after_suite")

_TEST_TIMEOUT_S = 600.0
_FIXTURE_TIMEOUT_S = 60.0


@dataclass(frozen=True)
class Case:
    """One test: a command and its environment; `file` is the test file, if it has one."""

    name: str
    command: Command
    timeout_s: float
    env: dict[str, str]
    file: Path | None = None


@dataclass(frozen=True)
class Hook:
    """What a hook does at some of the four times."""

    name: str
    commands: dict[When, Command]
    timeout_s: float


@dataclass(frozen=True)
class FixtureSpec:
    """A command that runs beside the tests: ready when `port` answers and `output` was printed."""

    command: Command
    port: int | None
    output: re.Pattern[str] | None
    timeout_s: float
    env: dict[str, str]


@dataclass(frozen=True)
class Suite:
    """A suite file.

    What `archive` names is kept when one of `archived_tests` or `archived_hooks` (patterns of names) fails;
    without it, what the run's options name.
    """

    name: str
    path: Path
    cwd: Path
    env: dict[str, str]
    cases: list[Case]
    hooks: list[Hook] = field(default_factory=list)
    fixture: FixtureSpec | None = None
    archive: Rules | None = None
    archived_tests: tuple[str, ...] = ()
    archived_hooks: tuple[str, ...] = ()

    def hooks_at(self, when: When) -> list[tuple[Hook, Command]]:
        """The hooks that do something at that time, in their order."""
        return [(hook, hook.commands[when]) for hook in self.hooks if when in hook.commands]


def load_suite(path: Path) -> Suite:
    """The suite of a file; raises SuiteError, whose message names the file."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
        return _suite(path.resolve(), Table("", content))
    except OSError as error:
        raise SuiteError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    except (SuiteError, ValueError) as error:
        raise SuiteError(f"{path}: {error}") from error


def _suite(path: Path, top: Table) -> Suite:
    selector, executor = top.table("selector"), top.table("executor")
    cwd = path.parent / executor.text("cwd", ".")
    if not cwd.is_dir():
        raise executor.fail(f"has a cwd that is not a directory: {cwd}")
    archive, tests, hooks = _archive(path, executor.table("archive"))
    suite = Suite(
        name=top.text("name", path.stem),
        path=path,
        cwd=cwd,
        env=executor.environment("env"),
        cases=_cases(path, top, selector, executor),
        hooks=[_hook(table) for table in executor.tables("hooks")],
        fixture=_fixture(executor.table("fixture")),
        archive=archive,
        archived_tests=tests,
        archived_hooks=hooks,
    )
    for table in (top, selector, executor):
        table.finish()
    if not suite.cases:
        raise top.fail('has no tests: write roots = ["tests/*.sh"] in [selector], or a [[test]]')
    return suite


def _cases(path: Path, top: Table, selector: Table, executor: Table) -> list[Case]:
    command, timeout_s = executor.command("command"), executor.seconds("timeout", _TEST_TIMEOUT_S)
    files = _selected(path.parent, selector)
    if files and command is None:
        raise executor.fail('has no command for the files: write command = ["sh", "{file}"]')
    cases = [
        Case(str(file.relative_to(path.parent)), command, timeout_s, {}, file) for file in files if command
    ]
    cases += [_case(table, timeout_s) for table in top.tables("test")]
    names = [case.name for case in cases]
    for name in names:
        if names.count(name) > 1:
            raise top.fail(f"has two tests called {name!r}: give one another name")
    repeat = executor.integer("repeat", 1, least=1)
    return [_repeated(case, number, repeat) for number in range(1, repeat + 1) for case in cases]


def _selected(directory: Path, selector: Table) -> list[Path]:
    chosen: dict[Path, None] = {}
    excluded = {path for glob in selector.texts("exclude_files") for path in _glob(directory, glob, selector)}
    for glob in selector.texts("roots"):
        matches = [path for path in _glob(directory, glob, selector) if path.is_file()]
        if not matches:
            raise selector.fail(f"has a root that matches no file: {glob!r} in {directory}")
        chosen |= dict.fromkeys(path for path in matches if path not in excluded)
    return list(chosen)


def _glob(directory: Path, pattern: str, selector: Table) -> list[Path]:
    if not pattern or Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        raise selector.fail(f"has the glob {pattern!r}: write one relative to {directory}, without '..'")
    return sorted(directory.glob(pattern))


def _case(table: Table, timeout_s: float) -> Case:
    name, command = table.text("name"), table.command("command")
    if not name or command is None:
        raise table.fail('lacks a name or a command: write name = "x" and command = "make x"')
    case = Case(name, command, table.seconds("timeout", timeout_s), table.environment("env"))
    table.finish()
    return case


def _repeated(case: Case, number: int, repeat: int) -> Case:
    name = f"{case.name}[{number}]" if repeat > 1 else case.name
    return Case(name, case.command, case.timeout_s, case.env, case.file)


def _hook(table: Table) -> Hook:
    commands = {when: command for when in WHEN if (command := table.command(when)) is not None}
    if not commands:
        raise table.fail(f"does nothing: write one of {', '.join(WHEN)}")
    hook = Hook(table.text("name", "hook"), commands, table.seconds("timeout", _TEST_TIMEOUT_S))
    table.finish()
    return hook


def _fixture(table: Table) -> FixtureSpec | None:
    command = table.command("command")
    port = table.integer("port", 0, least=0) if table.has("port") else None
    output = table.text("output")
    timeout_s, env = table.seconds("timeout", _FIXTURE_TIMEOUT_S), table.environment("env")
    table.finish()
    if command is None:
        if port is not None or output:
            raise table.fail('has no command: write command = ["server", "--port", "{port}"]')
        return None
    try:
        pattern = re.compile(output) if output else None
    except re.error as error:
        raise table.fail(f"has an output that is not a regular expression: {error}") from error
    return FixtureSpec(command, port, pattern, timeout_s, env)


def _archive(path: Path, table: Table) -> tuple[Rules | None, tuple[str, ...], tuple[str, ...]]:
    what = table.texts("what")
    tests, hooks = table.patterns("tests"), table.patterns("hooks")
    table.finish()
    return (parse_rules(what, path.parent) if what else None), tests, hooks
