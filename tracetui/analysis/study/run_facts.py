"""The facts of one revision and of the shown run, before anything is ranked or judged.

What computes a part is loaded with it: few commands need all of them.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.counting.counting import Uncounted
from tracetui.analysis.runs.runs import NEWEST, Runs, Summary
from tracetui.analysis.time.clocks import Clocks
from tracetui.analysis.time.times import Times
from tracetui.analysis.timeline.durations import durations_only, no_timeline
from tracetui.analysis.tree.tree import Tree
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot

if TYPE_CHECKING:
    from tracetui.analysis.history.history import History
    from tracetui.analysis.lanes.lanes import Lanes
    from tracetui.analysis.overview.baseline import Baseline
    from tracetui.analysis.overview.pace import Pace
    from tracetui.analysis.overview.progress import Done, Progress
    from tracetui.analysis.overview.running import Running
    from tracetui.analysis.runs.losses import Losses
    from tracetui.analysis.time.skew import Skew


class RunFacts(Struct, frozen=True, eq=False, dict=True):
    """One revision, understood; `now_ns` is the time, since the epoch, up to which running spans count.

    `choice` is the shown run: a span's key, `NEWEST` or `ALL`. Costly parts are computed on first use, which
    the reading thread does before a screen can. `clocks` is what is known of impossible times and of clocks
    that are off, None if all is well. In `snapshot` times are corrected, and roles and outcomes are those
    that count; `written` is the snapshot as it was written. `uncounted` is what does not count as what it is,
    None if everything does. With a `baseline` its runs are the earlier ones, not those of the recording.
    """

    snapshot: Snapshot
    now_ns: int
    tree: Tree
    times: Times
    runs: Runs
    written: Snapshot
    clocks: Clocks | None
    uncounted: Uncounted | None = None
    choice: int = NEWEST
    baseline: "Baseline | None" = None

    @cached_property
    def summary(self) -> Summary:
        """The summary of the shown run."""
        return self.runs.summary(self.choice)

    @cached_property
    def losses(self) -> "Losses":
        """What is missing from it, or may be."""
        return self.runs.losses(self.choice)

    @cached_property
    def within(self) -> NDArray[np.bool_] | None:
        """By row, whether it belongs to the shown run; None if all do."""
        return self.runs.mask(self.choice)

    @cached_property
    def no_timeline(self) -> str:
        """Why nothing of it has a place in time (see `durations`): a line with foreign text, or empty."""
        return no_timeline(self.snapshot, self.within)

    @cached_property
    def _untimed(self) -> NDArray[np.bool_] | None:
        return durations_only(self.snapshot)

    def has_place(self, row: int) -> bool:
        """Whether a row has a place in time: of some only the duration is known."""
        return self._untimed is None or not self._untimed[row]

    def looks_at(self, row: int) -> bool:
        """Whether a row exists and belongs to the shown run."""
        return row < len(self.snapshot) and (self.within is None or bool(self.within[row]))

    @property
    def shown(self) -> NDArray[np.bool_] | None:
        """By row, whether pages show it: the run or job that was chosen by name; None for all."""
        return self.within if self.choice >= 0 else None

    @cached_property
    def running(self) -> "tuple[Running, ...]":
        """What is running in the shown run."""
        from tracetui.analysis.overview.running import running_now

        all_running = running_now(self.snapshot, self.tree)
        within = self.within
        return (
            all_running
            if within is None
            else tuple(running for running in all_running if within[running.row])
        )

    @cached_property
    def lanes(self) -> "Lanes":
        """What each worker did in it."""
        return self.lanes_of(None)

    def lanes_of(self, meant: NDArray[np.bool_] | None) -> "Lanes":
        """The same with only such blocks as are `meant`, by row."""
        from tracetui.analysis.lanes.lanes import lanes

        return lanes(
            self.snapshot, self.tree, self.times, self.within, meant, self.clocks, self.run_of_process
        )

    @cached_property
    def run_of_process(self) -> NDArray[np.int32] | None:
        """By row its run, where those of several are shown and nothing tells all of their processes apart."""
        if self.within is not None or len(self.runs) < 2:
            return None
        return None if all(any(facts.process) for facts in self.snapshot.resources) else self.runs.of

    @cached_property
    def history(self) -> "History":
        """The history of its tests from the runs before it."""
        if self.baseline is not None:
            return self.baseline.history(self.snapshot)
        from tracetui.analysis.history.history import history

        return history(self.snapshot, self.times, self.runs, self.choice)

    def title(self, row: int) -> str:
        """A span's title, and what distinguishes a suite from others of that title: foreign text."""
        runs = self.runs
        apart = (runs.suites_apart if self.within is not None else runs.suites_among_runs).get(row)
        return f"{self.snapshot.title(row)} {apart}" if apart else self.snapshot.title(row)

    @cached_property
    def skews(self) -> "Mapping[int, Skew]":
        """The processes whose clock is off, by the span that their parent is above."""
        return {skew.row: skew for skew in self.clocks.skews} if self.clocks else {}

    def clock(self, row: int) -> str:
        """Which time of a row is impossible, `start` or `end`; empty if neither."""
        if self.clocks is None or not self.clocks.wrong[row]:
            return ""
        return "start" if self.clocks.start[row] else "end"

    def is_nested(self, row: int) -> bool:
        """Whether a span ran inside a test or hook and counts nowhere."""
        return self.uncounted is not None and bool(self.uncounted.nested[row])

    @cached_property
    def tests(self) -> NDArray[np.intp]:
        """The rows of its tests."""
        tests = self.snapshot.role == Role.TEST
        return np.flatnonzero(tests if self.within is None else tests & self.within)

    @cached_property
    def progress(self) -> "Progress":
        """Its progress."""
        from tracetui.analysis.overview.progress import done

        return self.progress_of(done(self.snapshot, self.times, self.history, self.tests))

    def progress_of(self, what: "Done") -> "Progress":
        """The same, given what is done."""
        from tracetui.analysis.overview.progress import progress

        number = self.runs.number(self.choice)
        usual = self.pace if self.summary.is_live else None
        return progress(self.runs, number, self.summary, self.now_ns, what, usual)

    @cached_property
    def pace(self) -> "Pace":
        """How earlier runs of its name progressed."""
        if self.baseline is not None:
            return self.baseline.pace(self.history)
        from tracetui.analysis.overview.pace import pace

        return pace(self.snapshot, self.times, self.runs, self.choice, self.history)

    def put(self, name: str, part: object) -> None:
        """Store a computed part that is already known."""
        self.__dict__[name] = part
