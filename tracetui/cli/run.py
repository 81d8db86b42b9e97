"""`run`: runs a suite file under pytest. Output, signals and exit code are pytest's."""

import os
import sys
from pathlib import Path

import click

from tracetui.errors import InputError


@click.command
@click.argument("suite", metavar="SUITE.toml[::TEST]")
@click.argument("options", nargs=-1, metavar="[-- PYTEST OPTIONS]")
@click.option("-j", "--jobs", metavar="N", help="Run on N workers, or auto (needs pytest-xdist).")
@click.option("--spans", metavar="DIR", help="Where the trace goes (default: TRACETUI_DIR, or spans).")
def run(suite: str, options: tuple[str, ...], jobs: str | None, spans: str | None) -> int:
    """Run a suite file (commands as tests) and trace it."""
    file = suite.partition("::")[0]
    if not Path(file).is_file():
        raise InputError(f"{file}: no such suite file")
    if not file.endswith(".toml"):
        raise InputError(f"{file}: the name of a suite file ends in .toml")
    if jobs is not None and jobs != "auto" and not jobs.isdecimal():
        raise InputError(f"-j {jobs}: write a number of workers, or auto")
    sys.stdout.flush()
    os.execv(sys.executable, _command(suite, options, jobs, spans))


def _command(suite: str, options: tuple[str, ...], jobs: str | None, spans: str | None) -> list[str]:
    directory = spans or os.environ.get("TRACETUI_DIR") or "spans"
    # By name: pytest may be told to load no plugin by itself.
    command = [sys.executable, "-m", "pytest", "-p", "tracetui", f"--tracetui={directory}"]
    workers = [] if jobs is None else ["-p", "xdist", "-n", jobs]
    return [*command, *workers, *options, suite]
