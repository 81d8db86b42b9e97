"""`beside`: what ran on other lanes while a test failed, or was slow."""

from collections.abc import Sequence

import click

from tracetui.cli import options
from tracetui.cli.views import looked_at


@click.command()
@click.argument("test", metavar="TEST")
@options.paths
@options.form
@options.width
@options.ascii_
@click.option("--slow", is_flag=True, help="Look at the runs in which it was slow, not at its failures.")
def beside(test: str, paths: Sequence[str], form: str, width: int | None, *, slow: bool) -> None:
    """Print what ran beside a test when it failed.

    TEST is its name, or a part of it that no other test has. PATH is a span file, a directory of them, or -
    for standard input. Names tests, hooks, fixtures and archivers on other lanes that ran more often when it
    failed than when it passed; for a test that never failed, when it was slow.
    """
    from tracetui.analysis.beside.beside import beside as found_beside
    from tracetui.analysis.beside.chosen_test import test_called
    from tracetui.cli.printing import Printer, write
    from tracetui.errors import InputError
    from tracetui.report.deciding import beside as report

    findings, _ = looked_at(paths, None)
    if findings.no_timeline:
        raise InputError(findings.no_timeline)
    title = test_called(findings, test)
    suspicion = found_beside(findings, title, "slow" if slow else None)
    result = report.BesideValue(findings.snapshot.texts[title], suspicion)
    if form == "table":
        printer = Printer(width)
        printer.lines(report.page(result, printer.cells))
    else:
        write(report.document(result))
