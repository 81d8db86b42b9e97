"""The runs that `--baseline` names: recordings, or the last ones in a store of all runs."""

import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from tracetui.cli.views import all_runs
from tracetui.errors import InputError

if TYPE_CHECKING:
    from tracetui.analysis.compare.comparison import Comparison
    from tracetui.analysis.history.records import Records
    from tracetui.analysis.overview.baseline import Baseline
    from tracetui.analysis.study.findings import Findings

while_it_runs = click.option(
    "--baseline", metavar="URL", help="A store of all runs, for usual times and the ETA."
)
"""For what shows a run."""

_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def is_store(text: str) -> bool:
    """Whether a store is meant, and no path."""
    return _URL.match(text) is not None


def earlier(baseline: Sequence[str], findings: "Findings", run: "Records") -> "Records":
    """All runs in the recordings that are named; of a store the last of the suites and jobs of `run`.

    Raises `InputError` where a path or store has none at all.
    """
    from tracetui.analysis.history.records import joined

    paths = [text for text in baseline if not is_store(text)]
    parts = [all_runs(paths)] if paths else []
    parts += [_of_store(url, findings, run) for url in baseline if is_store(url)]
    return joined(parts)


def named(baseline: Sequence[str]) -> str:
    """The paths and stores as they may be shown: without passwords."""
    from tracetui.fleet.store.address import address

    return " ".join(address(text).shown if is_store(text) else text for text in baseline)


def _of_store(url: str, findings: "Findings", run: "Records") -> "Records":
    from tracetui.fleet.extras import needed
    from tracetui.fleet.store import open_store

    with needed():
        from tracetui.fleet.statistics.past import past

        with open_store(url) as store:
            return past(store, run.heads, _variants(findings))


def _variants(findings: "Findings") -> set[str]:
    """Those that the jobs of the run at hand tell; empty where one tells none."""
    from tracetui.analysis.history.run_records import jobs_with_tests

    jobs = jobs_with_tests(findings.runs, findings.within)
    return {findings.runs.job_facts[job].variant for job in jobs.tolist()}


def asked_while_it_runs(url: str) -> "Callable[[Findings], Baseline | None]":
    """What finds the runs before the shown one in a store; raises `InputError` where that cannot be asked."""
    from tracetui.fleet.extras import needed
    from tracetui.fleet.store import open_store

    if not is_store(url):
        raise InputError(f"--baseline {url}: no store; write lake:///DIR, or open {url} as well")
    with needed():
        from tracetui.fleet.statistics.pace import baseline
        from tracetui.fleet.statistics.past import require_facts

        with open_store(url) as store:
            require_facts(store)

    def find(findings: "Findings") -> "Baseline | None":
        from tracetui.analysis.history.run_records import records

        heads = records(findings, findings.choice).heads
        with needed(), open_store(url) as opened:
            return baseline(opened, heads, _variants(findings))

    return find


def comparison(findings: "Findings", baseline: Sequence[str]) -> "Comparison | None":
    """What changed; None without a baseline, or without a run of these suites in it."""
    if not baseline:
        return None
    from tracetui.analysis.compare.comparison import compare
    from tracetui.analysis.history.run_records import records

    run = records(findings, findings.choice)
    base = earlier(baseline, findings, run)
    if not len(base):
        print(
            f"tracetui: {named(baseline)}: no earlier run of this suite: nothing is compared",
            file=sys.stderr,
        )
        return None
    return compare(base, run)
