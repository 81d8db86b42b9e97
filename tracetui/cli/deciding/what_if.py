"""How long a run would take with other workers, or without what costs it most."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from tracetui.cli import options

if TYPE_CHECKING:
    from tracetui.analysis.schedule.workload import Workload

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
    help="On so many workers (default: as recorded).",
)
@click.option(
    "--dist",
    type=click.Choice(DISTS),
    help="Hand out tests so: as pytest-xdist's --dist, from a shared queue, in fixed shards, or not at all "
    "(default: as recorded).",
)
@click.option("--chunk", metavar="N", type=click.IntRange(min=1), help="With xdist's --maxschedchunk=N.")
@click.option("--without", metavar="TEST", multiple=True, help="Without this test; may be repeated.")
@click.option("--widen", metavar="FIXTURE", multiple=True, help="With a fixture set up once per worker.")
@click.option("--drop-hook", metavar="HOOK", multiple=True, help="Without a hook around tests.")
@click.option("--split", metavar="FILE", multiple=True, help="With a file of tests cut in two.")
@click.option("--archive-aside", is_flag=True, help="With archiving beside the workers, not on them.")
def what_if(
    paths: Sequence[str],
    form: str,
    width: int | None,
    run: str | None,
    job: str | None,
    workers: int | None,
    dist: str | None,
    chunk: int | None,
    without: Sequence[str],
    widen: Sequence[str],
    drop_hook: Sequence[str],
    split: Sequence[str],
    archive_aside: bool,
) -> None:
    """Predict how long a recorded run takes otherwise.

    PATH is a span file, a directory of them, or - for standard input. The run is simulated: on other numbers
    of workers, handed out in another way, or with something changed. Times are from the start of the first
    test to the end of the last. Without options: a table of workers by ways to hand out tests.
    """
    from tracetui.analysis.schedule import changes
    from tracetui.analysis.schedule.policy import Policy
    from tracetui.analysis.schedule.recorded import recorded
    from tracetui.cli.printing import Printer, write
    from tracetui.cli.views import looked_at
    from tracetui.errors import InputError
    from tracetui.report.deciding import what_if as report
    from tracetui.report.heading import heading, losses

    findings, _ = looked_at(paths, None, run, job)
    workload = recorded(findings)
    if not workload.items:
        raise InputError("no test ran here: record a run with pytest --tracetui=DIR")
    asked: list[tuple[str, Callable[[Workload, str], Workload], Sequence[str]]] = [
        ("without", changes.without, without),
        ("session scope for", changes.widened, widen),
        ("without the hook", changes.without_hook, drop_hook),
        ("in two files:", changes.split, split),
    ]
    changed, said = workload, []
    for what, change, names in asked:
        for name in names:
            changed = change(changed, name)
            said.append(f"{what} {name}")
    if archive_aside:
        changed = changes.archiving_aside(changed)
        said.append("archiving beside the workers")
    if not (said or workers or dist or chunk):
        told = report.table(workload)
        lines, text = report.table_page(told), report.table_document(told)
    else:
        policy = Policy(dist or (workload.dist if workload.dist != "no" or not workers else "load"), chunk)
        answer = report.what_if(workload, changed, policy, workers or workload.workers, said)
        lines, text = report.page(answer, width or 0), report.document(answer)
    if form == "json":
        write(text)
        return
    printer = Printer(width)
    printer.lines([heading(findings)])
    printer.lines(lines)
    printer.lines(losses(findings))
