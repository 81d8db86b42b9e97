"""The role of a span in a test run and in a call, and how a test or suite ended."""

from enum import IntEnum


class Role(IntEnum):
    """The role of a span in a test run."""

    OTHER = 0
    SUITE = 1
    WORKER = 2
    TEST = 3
    PHASE = 4
    HOOK = 5
    ARCHIVER = 6

    @property
    def label(self) -> str:
        """Its name in files and on screens."""
        return self.name.lower()


WORK = (Role.TEST, Role.HOOK, Role.ARCHIVER)
"""What lanes are busy with."""
BILLED = (Role.HOOK, Role.ARCHIVER)
"""What is around tests, and billed to itself."""


class HookKind(IntEnum):
    """Whose a hook is: the project's, pytest's collection, or a fixture's, by its scope.

    `FIXTURE` is one of an unknown scope. What is no hook has `PROJECT`.
    """

    PROJECT = 0
    COLLECTION = 1
    FIXTURE = 2
    FUNCTION = 3
    CLASS = 4
    MODULE = 5
    PACKAGE = 6
    SESSION = 7

    @classmethod
    def of_scope(cls, scope: str) -> "HookKind":
        """The kind of a fixture with a scope, in pytest's words."""
        return _OF_SCOPE.get(scope, cls.FIXTURE)


_OF_SCOPE = {kind.name.lower(): kind for kind in HookKind if kind > HookKind.FIXTURE}


class Half(IntEnum):
    """Which half of a call a span is, for tracers that let client and server share one id."""

    NONE = 0
    CLIENT = 1
    SERVER = 2


class Outcome(IntEnum):
    """How a span ended; `CUT_OFF` means started, never ended, writer gone.

    `RERUN` is pytest's word for an attempt at a test that was not the last one: it is no test of its own.
    """

    UNKNOWN = 0
    PASSED = 1
    FAILED = 2
    ERROR = 3
    SKIPPED = 4
    XFAILED = 5
    XPASSED = 6
    CUT_OFF = 7
    RUNNING = 8
    RERUN = 9

    @property
    def label(self) -> str:
        """Its name in files and on screens."""
        return self.name.lower()

    @property
    def bad(self) -> bool:
        """Whether it needs attention: failed or error."""
        return self in BAD


ROLES = {role.label: role for role in Role}
OUTCOMES = {outcome.label: outcome for outcome in Outcome}
"""By label."""
BAD = (Outcome.FAILED, Outcome.ERROR)
"""The outcomes that someone has to look at."""


class StatusCode(IntEnum):
    """OpenTelemetry's span status code."""

    UNSET = 0
    OK = 1
    ERROR = 2
