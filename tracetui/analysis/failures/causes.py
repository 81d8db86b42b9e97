"""Why things failed, and which failed for the same reason."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from tracetui.analysis.failures.exceptions import Thrown
from tracetui.model.span import Span, value_text

NO_EXCEPTION = "no exception recorded"
NEVER_ENDED = "never ended: the process is gone"

SUITE_FAILED = "the suite failed, and does not say why"

_EXITS = {
    "1": "tests failed",
    "2": "it was interrupted",
    "3": "internal error",
    "4": "wrong usage",
    "5": "no tests were collected",
}
_RESMOKE_CODES = {"1": "tests failed", "2": "a fixture failed", "3": "a hook failed"}


class Cause(Struct, frozen=True):
    """The exceptions of a failed row, the first one first; `said` is what to say if there is none."""

    row: int
    thrown: tuple[Thrown, ...]
    said: str = NO_EXCEPTION

    @property
    def headline(self) -> str:
        """The first exception in one line: foreign text."""
        return self.thrown[0].headline if self.thrown else self.said

    @property
    def signature(self) -> str:
        """A text that is the same for the same mistake."""
        return self.thrown[0].signature if self.thrown else self.said


class Alike(Struct, frozen=True):
    """Rows that failed for the same reason, in the order given; `headline` is that of the first."""

    signature: str
    headline: str
    rows: tuple[int, ...]


def suite_reason(span: Span) -> str:
    """Why a suite failed, in its own words or by its exit status: foreign text."""
    texts = {key: value_text(value) for key, value in span.attributes.items()}
    code, status = texts.get("suite_return_code", ""), texts.get("pytest.exitstatus", "")
    message = span.status.message.strip().partition("\n")[0]
    exit_said = f"exit status {status}" if status not in ("", "0") else ""
    if code not in ("", "0"):
        word = _RESMOKE_CODES.get(code) or texts.get("suite_return_status", "")
        exit_said = f"return code {code}" + (f": {word}" if word else "")
    elif exit_said and exit_said not in message and status in _EXITS:
        exit_said += f": {_EXITS[status]}"
    if message and exit_said and exit_said not in message:
        return f"{message} ({exit_said})"
    return message or exit_said or SUITE_FAILED


def grouped(causes: Iterable[Cause]) -> Sequence[Alike]:
    """The causes by signature, in order of each one's first appearance."""
    groups: dict[str, list[Cause]] = {}
    for cause in causes:
        groups.setdefault(cause.signature, []).append(cause)
    return [
        Alike(signature, members[0].headline, tuple(cause.row for cause in members))
        for signature, members in groups.items()
    ]
