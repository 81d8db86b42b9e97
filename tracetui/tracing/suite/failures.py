"""How a suite can fail, in resmoke's terms: by a test, by the fixture, by a hook."""

from __future__ import annotations

from typing import ClassVar

FAILED_BY = "tracetui.suite.failed_by"
WORST_LAST = ("test", "fixture", "hook")
"""As resmoke's exit codes 1, 2 and 3: of several, the last is the suite's."""


class CommandError(Exception):
    """A command failed; `output` is what it printed, or the end of that."""

    def __init__(self, message: str, output: str = "") -> None:
        super().__init__(message)
        self.output = output


class PartError(CommandError):
    """A part of a suite failed; `name` is its name."""

    by: ClassVar[str]

    def __init__(self, name: str, message: str, output: str = "") -> None:
        super().__init__(message, output)
        self.name = name


class TestError(PartError):
    """A test's own command failed."""

    __test__ = False
    by = "test"


class FixtureError(PartError):
    """The fixture did not become ready, or ended too early."""

    by = "fixture"


class HookError(PartError):
    """A hook failed."""

    by = "hook"
