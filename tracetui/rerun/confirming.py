"""Runs suspects again on both revisions, which alternate, and judges them by ranks alone."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tracetui.analysis.compare.comparison import compare
from tracetui.analysis.compare.suspects import (
    Confirmation,
    Rounds,
    Suspects,
    only_tests,
    provable,
    rounds,
    suspects_of,
)
from tracetui.analysis.history.records import Records
from tracetui.rerun.traced_command import run_traced
from tracetui.rerun.worktrees import Checkout

SUITES = 2
"""Running suspects again takes at most as long as so many runs of the whole suite ..."""
LEAST_BUDGET_S = 120.0
"""... or this, where suites are short."""

Read = Callable[[Path], Records]
"""The records of all runs below a directory."""
Say = Callable[[str], None]
"""Tells the user how it goes: a line of our own words."""


class Confirmer:
    """A command on two checkouts, `base` and `new`; spans go to a directory of each name below `spans`."""

    def __init__(
        self, command: Sequence[str], pair: Sequence[Checkout], spans: Path, read: Read, say: Say
    ) -> None:
        self._command = command
        self._sides = dict(zip(("base", "new"), pair, strict=True))
        self._spans = spans
        self._read = read
        self._say = say
        self._runs = 0

    def whole(self) -> Suspects:
        """The suspects from one run of the whole suite on each side."""
        took = {side: self._run(side, "once") for side in self._sides}
        self._say(f"the whole suite once: {_each(took)}")
        base, new = (self._read(self._spans / "once" / side) for side in self._sides)
        return suspects_of(compare(base, new))._replace(suite_ns=int(sum(took.values()) / len(took) * 1e9))

    def confirm(
        self, suspects: Suspects, wanted: int | None = None, most_ns: int | None = None
    ) -> Confirmation:
        """Run them again until all can be judged, or in as many rounds as wanted, while time is left.

        The time is `most_ns`, else that of two runs of the suite.
        """
        begin = time.monotonic()
        until = begin + (
            max(LEAST_BUDGET_S, SUITES * suspects.suite_ns / 1e9) if most_ns is None else most_ns / 1e9
        )
        start_s = self._warm_up(suspects)
        planned = rounds(suspects, until - time.monotonic(), start_s, wanted)
        done = self._rounds(planned, self._only(planned), until)
        judged = provable(planned.tests, done)
        names = {test.name for test in judged}
        base, new = (only_tests(self._read(self._spans / side), names) for side in self._sides)
        return Confirmation(
            comparison=compare(base, new, took_turns=True),
            rounds=done,
            suspects=len(judged),
            left_out=suspects.left_out,
            unaffordable=len(suspects.tests) - len(judged),
            suite_s=suspects.suite_ns / 1e9,
            spent_s=time.monotonic() - begin,
        )

    def _warm_up(self, suspects: Suspects) -> float:
        """Compile and fill caches on both sides; the longest time of a run without tests, in seconds."""
        first = suspects.tests[0]
        only = self._only(Rounds((first,), 1))
        took = [self._run(side, "warm-up", only) for side in self._sides]
        return max(0.0, (sum(took) - first.both_ns / 1e9) / len(took))

    def _rounds(self, planned: Rounds, only: Path, until: float) -> int:
        """Run rounds until the time is up, at least one; returns their number."""
        longest = 0.0
        for number in range(planned.number):
            if number and time.monotonic() + longest > until:
                self._say("the time is up")
                return number
            # Turns as ABBA: a machine that gets slower favours neither.
            order = list(self._sides) if number % 2 == 0 else list(self._sides)[::-1]
            took = {side: self._run(side, "", only) for side in order}
            longest = max(longest, sum(took.values()))
            self._say(f"round {number + 1} of {planned.number}: {_each(took)}")
        return planned.number

    def _only(self, planned: Rounds) -> Path:
        """A file that names the tests."""
        file = self._spans / "only.json"
        file.write_text(json.dumps([test.name for test in planned.tests]))
        return file

    def _run(self, side: str, room: str, only: Path | None = None) -> float:
        spans = self._spans / room / side
        spans.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._runs += 1
        return run_traced(self._command, self._sides[side], spans, f"confirm-{self._runs}", only)


def _each(took: dict[str, float]) -> str:
    return ", ".join(f"{side} {took[side]:.1f}s" for side in sorted(took))
