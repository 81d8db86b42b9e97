"""How long a run would take with other workers, or without its most expensive parts."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from tracetui.cli import options
from tracetui.cli.deciding.forecasting import note

if TYPE_CHECKING:
    from tracetui.analysis.schedule.workload import Workload
    from tracetui.report.deciding.what_if import WhatIf

DISTS = ("load", "worksteal", "loadfile", "loadscope", "loadgroup", "queue", "shards", "no")


@click.command("what-if")
@options.paths
@options.form
@options.width
@options.ascii_
@options.one_run
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(1, 1000),
    help="With this many workers (default: as recorded).",
)
@click.option(
    "--dist",
    type=click.Choice(DISTS),
    help="How to hand out tests: by xdist's --dist, from a shared queue, in fixed shards, or not at all "
    "(default: as recorded).",
)
@click.option("--chunk", metavar="N", type=click.IntRange(min=1), help="With xdist's --maxschedchunk=N.")
@click.option("--without", metavar="TEST", multiple=True, help="Without this test; may be repeated.")
@click.option("--widen", metavar="FIXTURE", multiple=True, help="With a fixture set up once per worker.")
@click.option("--drop-hook", metavar="HOOK", multiple=True, help="Without a hook around tests.")
@click.option("--split", metavar="FILE", multiple=True, help="With a file of tests cut in two.")
@click.option("--archive-aside", is_flag=True, help="With archiving beside the workers, not on them.")
def what_if(
    paths: Sequence[str], form: str, width: int | None, run: str | None, job: str | None, **asked: Any
) -> None:
    """Predict a recorded run's length under other conditions.

    PATH is a span file, a directory of them, or - for standard input. The run is simulated with other numbers
    of workers, another way to hand out tests, or something changed. Times are from the start of the first
    test to the end of the last. Without options: a table of workers by ways to hand out tests.
    """
    from tracetui.analysis.schedule.recorded import recorded
    from tracetui.cli.printing import Printer, write
    from tracetui.cli.views import looked_at
    from tracetui.errors import InputError
    from tracetui.report.deciding import what_if as report
    from tracetui.report.heading import heading, losses

    findings, _ = looked_at(paths, None, run, job)
    if findings.no_timeline:
        raise InputError(findings.no_timeline)
    workload = recorded(findings)
    if not workload.items:
        raise InputError("no test ran here: record a run with pytest --tracetui=DIR")
    if any(asked.values()):
        answer = _answer(workload, asked)
        accuracy = note(paths, findings, report.forecast(answer))
        lines, text = report.page(answer, accuracy), report.document(findings, answer, accuracy)
    else:
        table = report.table(workload)
        lines, text = report.table_page(table), report.table_document(findings, table)
    if form == "json":
        write(text)
        return
    printer = Printer(width)
    printer.lines([heading(findings)])
    printer.lines(lines)
    printer.lines(losses(findings))


def _answer(workload: "Workload", asked: Mapping[str, Any]) -> "WhatIf":
    """The run under the asked conditions; raises `InputError` for an unknown name."""
    from tracetui.analysis.schedule.policy import policy_for
    from tracetui.analysis.schedule.toggles import KINDS, Toggle, changed
    from tracetui.report.deciding.what_if import change_words, what_if

    names = {kind: asked[kind] for kind in KINDS} | {"archive_aside": [""] * asked["archive_aside"]}
    toggles = [Toggle(kind, name, 0) for kind in KINDS for name in names[kind]]
    left = changed(workload, toggles)
    said = [change_words(toggle.kind, toggle.name) for toggle in toggles]
    workers = asked["workers"] or workload.workers
    as_recorded = "load" if workload.dist == "no" and workers > 1 else workload.dist
    policy = policy_for(asked["dist"] or as_recorded, workload)
    return what_if(workload, left, policy._replace(chunk=asked["chunk"] or policy.chunk), workers, said)
