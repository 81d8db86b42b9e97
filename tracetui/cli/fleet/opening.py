"""`tracetui fleet open`: the app over a store; without a terminal, its slowest tests."""

import os
from typing import TYPE_CHECKING, Any

import click

from tracetui.cli import options
from tracetui.cli.fleet.asking import ROWS, question, tell, window, window_of
from tracetui.errors import InputError

if TYPE_CHECKING:
    from tracetui.fleet.queries.window import Window
    from tracetui.ui.fleet.answers import FleetRanking, FleetRun, FleetTest, OneTest, Recording

MOST_RUNS = 10_000
"""At most so many runs of a test are listed, the newest."""


@click.command("open")
@options.store
@window
@options.theme
@options.ascii_
@options.limit
def open_(store: str, **given: Any) -> int:
    """Open the app over all runs: tests, trends, recordings.

    Without a terminal, the slowest tests are printed.
    """
    from tracetui.cli.screens import show_recording
    from tracetui.ui.app.tty import has_terminal

    answers, settings = StoreAnswers(store, window_of(given)), options.chosen()
    answers.require_runs()
    if not has_terminal():
        answers.print_slowest()
        return 0
    from tracetui.ui.fleet import run_fleet

    def show(recording: "Recording") -> int | str:
        try:
            return show_recording(recording.paths, settings, at=recording.at)
        except InputError as error:
            return str(error)

    return run_fleet(answers, settings, show)


class StoreAnswers:
    """Answers the screen of all runs from a store.

    Each question opens the store anew: a store belongs to one thread, and the files of a lake that were there
    an hour ago may have been replaced.
    """

    def __init__(self, store: str, about: "Window") -> None:
        self._store = store
        self._about = about

    def require_runs(self) -> None:
        """Raises `InputError` with the reason if there are no runs."""
        from tracetui.fleet.report.asking import extent, remarks

        with question(self._store, self._about) as asked:
            for remark in remarks(asked, extent(asked)):
                raise InputError(remark)

    def print_slowest(self) -> None:
        """The page of `fleet slowest`."""
        from tracetui.fleet.report.slowest import slowest

        with question(self._store, self._about) as asked:
            tell(slowest(asked), "table", None, ROWS)

    def ranking(self) -> "FleetRanking":
        """All tests."""
        from tracetui.fleet.report.slowest import slowest
        from tracetui.ui.fleet.answers import FleetRanking

        with question(self._store, self._about) as asked:
            answer = slowest(asked)
        return FleetRanking([_test(row) for row in answer.rows], answer.said, answer.beside)

    def one(self, test: str) -> "OneTest":
        """One test, run by run."""
        from tracetui.fleet.queries.series import executions
        from tracetui.fleet.report.history import followed_tests
        from tracetui.ui.fleet.answers import OneTest

        with question(self._store, self._about) as asked:
            history = followed_tests(asked, [test], test)
            rows = asked.rows(executions, test, MOST_RUNS)
        return OneTest(test, history, [_run(row) for row in rows])

    def recording(self, run: "FleetRun") -> "Recording":
        """The files of the run that still exist, first the test's own; raises `InputError` if it is gone."""
        from tracetui.fleet.queries.series import sources_of
        from tracetui.ui.feed.fitting_mode import SpanIds
        from tracetui.ui.fleet.answers import Recording

        if not run.source:
            raise InputError("no file: the spans of this run came from a Collector")
        if not _exists(run.source):
            raise InputError(f"the recording is gone; it was {run.source}")
        with question(self._store, self._about) as asked:
            rows = asked.rows(sources_of, run.run, run.attempt, run.start_ns)
        others = [row["source"] for row in rows if row["source"] != run.source and _exists(row["source"])]
        paths = dict.fromkeys(_file(path) for path in (run.source, *others))
        return Recording(list(paths), SpanIds(run.trace, run.span))


def _file(source: str) -> str:
    """The file of a source, which may be a member of an archive."""
    return source if os.path.exists(source) else source.partition("!")[0]  # noqa: PTH110 - may hold anything


def _exists(source: str) -> bool:
    return source not in ("", "-") and os.path.exists(_file(source))  # noqa: PTH110 - may hold anything


def _test(row: Any) -> "FleetTest":
    from tracetui.ui.fleet.answers import FleetTest

    return FleetTest(
        name=row["test"],
        runs=row["runs"],
        count=row["count"],
        failed=row["failed"],
        own_ns=row["total_ns"],
        total_ns=row["total_ns"],
        mean_ns=row["total_ns"] // max(1, row["count"]),
        p50_ns=row["p50_ns"],
        p95_ns=row["p95_ns"],
        max_ns=row["max_ns"],
        share=row["share"],
        row=-1,
        running=0,
    )


def _run(row: Any) -> "FleetRun":
    from tracetui.model.role import OUTCOMES, Outcome
    from tracetui.ui.fleet.answers import FleetRun

    return FleetRun(**row | {"outcome": OUTCOMES.get(row["outcome"], Outcome.UNKNOWN)})
