"""Why things failed, and which failed for the same reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracetui.analysis.exceptions import Thrown

NO_EXCEPTION = "no exception recorded"
NEVER_ENDED = "never ended: the process is gone"


@dataclass(frozen=True, slots=True)
class Cause:
    """Of a failed row its exceptions, the first one first; `said` is what to say where there is none."""

    row: int
    thrown: tuple[Thrown, ...]
    said: str = NO_EXCEPTION

    @property
    def headline(self) -> str:
        """The first exception in a line: foreign text."""
        return self.thrown[0].headline if self.thrown else self.said

    @property
    def signature(self) -> str:
        """The same for the same mistake."""
        return self.thrown[0].signature if self.thrown else self.said


@dataclass(frozen=True, slots=True)
class Alike:
    """Rows that failed for the same reason, in the order given; `headline` is that of the first."""

    signature: str
    headline: str
    rows: tuple[int, ...]


def grouped(causes: Iterable[Cause]) -> Sequence[Alike]:
    """The causes by signature, in order of each one's first appearance."""
    groups: dict[str, list[Cause]] = {}
    for cause in causes:
        groups.setdefault(cause.signature, []).append(cause)
    return [
        Alike(signature, members[0].headline, tuple(cause.row for cause in members))
        for signature, members in groups.items()
    ]
