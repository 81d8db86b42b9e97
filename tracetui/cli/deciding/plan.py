"""`tracetui plan`: the order of tests and the way to hand them out that end a run soonest."""

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracetui.atomic import write_whole
from tracetui.cli import options
from tracetui.cli.deciding.forecasting import note
from tracetui.cli.hand_over.output import deliver
from tracetui.errors import InputError

if TYPE_CHECKING:
    from tracetui.analysis.schedule.workload import Workload
    from tracetui.analysis.study.findings import Findings
    from tracetui.report.deciding.plan import PlanValue

DISTS = ("load", "worksteal", "loadfile", "loadscope", "loadgroup")
FILE, DURATIONS = "plan.json", ".test_durations"


@click.command()
@options.paths
@options.form
@options.width
@options.ascii_
@options.one_run
@click.option("--workers", metavar="N", type=click.IntRange(1, 1000), help="Plan a run on N xdist workers.")
@click.option("--shards", metavar="K", type=click.IntRange(1, 1000), help="Plan K shards of the suite.")
@click.option(
    "--dist",
    "dists",
    multiple=True,
    type=click.Choice(DISTS),
    help="Only this way of xdist to hand out tests; may be given several times "
    "(default: those that keep together what the recorded run did).",
)
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"Write {FILE}, {DURATIONS} (for pytest-split) and lists of the shards' tests to DIR.",
)
def plan(
    paths: Sequence[str],
    form: str,
    width: int | None,
    run: str | None,
    job: str | None,
    workers: int | None,
    shards: int | None,
    dists: Sequence[str],
    out: Path | None,
) -> None:
    """Print the best order of tests for the next run.

    PATH is a span file, a directory of them, or - for standard input. `pytest --tracetui-plan plan.json`
    applies the plan, with `--tracetui-shard 1/K` for a shard.
    """
    if (workers is None) == (shards is None):
        raise click.UsageError("write --workers N, or --shards K for several machines")
    from tracetui.cli.printing import Printer, write
    from tracetui.cli.views import looked_at
    from tracetui.report.deciding import plan as report
    from tracetui.report.heading import heading, losses, untimed

    findings, _ = looked_at(paths, None, run, job)
    workload = _workload(findings)
    planned = bool(findings.runs.facts(findings.runs.number(findings.choice)).plan)
    if shards:
        value = report.for_shards(workload, shards, was_planned=planned)
    else:
        value = report.for_workers(workload, workers or 1, dists, was_planned=planned)
    accuracy = note(paths, findings, None if findings.no_timeline else report.forecast(value))
    if out is not None:
        _write(out, "".join(report.document(findings, value, accuracy)), value, workload)
    if form == "json":
        write(report.document(findings, value, accuracy))
        return
    printer = Printer(width)
    printer.lines([heading(findings), *untimed(findings), []])
    printer.lines(report.page(value, list(_commands(value, out)), accuracy))
    printer.lines(losses(findings))


def _workload(findings: "Findings") -> "Workload":
    from tracetui.analysis.schedule.recorded import recorded

    workload = recorded(findings)
    if not workload.items:
        raise InputError("no test ran in this run: record one with pytest --tracetui=DIR, then plan the next")
    return workload


def _write(out: Path, document: str, value: "PlanValue", workload: "Workload") -> None:
    """Write the files that apply the plan, and beside them those of other tools."""
    from tracetui.export.durations import durations

    out.mkdir(parents=True, exist_ok=True)
    deliver([document], out / FILE)
    deliver([durations(workload)], out / DURATIONS)
    for number, shard in enumerate(value.shards, 1):
        # A name of several lines is no node id of pytest's.
        names = "".join(f"{name}\n" for name in shard.tests if len(name.splitlines()) == 1)
        write_whole(out / _list_of(number, value), [names.encode("utf-8", "surrogatepass")], is_private=False)


def _list_of(number: int, value: "PlanValue") -> str:
    return f"shard-{number}-of-{len(value.shards)}.txt"


def _commands(value: "PlanValue", out: Path | None) -> Iterator[str]:
    """The commands to type next."""
    if value.recorded_dist == "queue":
        yield "its tests are not pytest's: hand them out in the order of plan.json"
        return
    plan = shlex.quote(str((out or Path()) / FILE))
    if not value.shards:
        yield f"pytest -n {value.workers} --tracetui-plan {plan}"
    else:
        shard = f"1/{len(value.shards)}"
        yield f"pytest --tracetui-plan {plan} --tracetui-shard {shard}"
        if out is not None:
            names = shlex.quote(str(out / _list_of(1, value)))
            yield f"pytest @{names}   (the same, where tracetui is not installed)"
    if out is None:
        yield "(--out DIR writes plan.json)"
