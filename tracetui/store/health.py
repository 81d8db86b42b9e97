"""What was not understood, seen twice or lost: counts, and the first examples of each."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

MOST_EXAMPLES = 100


class Trouble(NamedTuple):
    """One example: the source's label as the user knows it, the byte offset there, and the reason."""

    file: str
    offset: int
    reason: str


@dataclass(frozen=True, slots=True)
class Health:
    """Counts since the recording was opened; `problems` are the first examples of what was rejected or torn.

    `dropped` is what writers say they lost themselves; `unreadable` counts files and directories.
    """

    bytes: int = 0
    rejected: int = 0
    torn: int = 0
    duplicates: int = 0
    collisions: int = 0
    dropped: int = 0
    unreadable: int = 0
    resets: int = 0
    log_records: int = 0
    problems: tuple[Trouble, ...] = field(default=())

    def with_problems(self, problems: Iterable[Trouble]) -> "Health":
        """The same, with more examples as far as there is room."""
        room = MOST_EXAMPLES - len(self.problems)
        more = tuple(problem for problem, _ in zip(problems, range(room), strict=False))
        return replace(self, problems=self.problems + more) if more else self

    @property
    def lost(self) -> int:
        """Whether anything is missing from what is shown: rejected, torn or dropped."""
        return self.rejected + self.torn + self.dropped
