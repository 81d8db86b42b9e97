"""`tracetui fleet ingest`, `compact`, `prune` and `init`: the commands that fill stores and keep them
small.
"""

import datetime as dt
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracetui import units
from tracetui.cli import options
from tracetui.cli.progress import progress

if TYPE_CHECKING:
    from tracetui.fleet.ingest.loading import Loaded
    from tracetui.fleet.store import Sink


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@options.store
@click.option(
    "--spans", is_flag=True, help="Keep all spans as well; without it those of applications are counted."
)
@click.option(
    "--codeowners",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Whose tests they are (default: CODEOWNERS of the repository that a recording lies in).",
)
@options.memory
@options.form
def ingest(paths: Sequence[str], store: str, spans: bool, codeowners: Path | None, form: str) -> int | None:
    """Load recordings of any format into a store.

    PATH is a span file, a directory of them, or - for standard input. Load as often as you like: unchanged
    files are not read again; of a file that has grown, only what is new is added. An interrupted load resumes
    where it stopped.
    """
    from tracetui.fleet.ingest.codeowners import read_codeowners
    from tracetui.fleet.ingest.loading import ingest as load_all

    owners = read_codeowners(codeowners) if codeowners else None
    with sink_at(store) as sink, progress("loading", units.size) as line:
        loaded = load_all(paths, sink, options.chosen().memory, line.at, spans=spans, codeowners=owners)
    _tell(loaded, form)
    return 1 if loaded.refused else None


def _tell(loaded: "Loaded", form: str) -> None:
    from tracetui.text import sanitize
    from tracetui.units import many

    for path, reason in loaded.refused.items():
        click.echo(f"tracetui: {sanitize(path)}: {sanitize(reason)}", err=True)
    if form == "json":
        counts = {name: getattr(loaded, name) for name in ("files", "spans", "facts", "skipped")}
        print(json.dumps({"schema": "tracetui.fleet.ingest/1", **counts}))
        return
    read = f"{many(loaded.files, 'file')}, {many(loaded.spans, 'span')}, {many(loaded.facts, 'fact')}"
    known = f"; {many(loaded.skipped, 'file')} known already" if loaded.skipped else ""
    print(read + known)


@click.command()
@options.store
def compact(store: str) -> None:
    """Join small files into large ones: questions become faster.

    Run it once a day if many runs are loaded. It may run while others load and ask.
    """
    from tracetui.units import many

    with sink_at(store) as sink:
        before, after = sink.compact()
    print(f"{many(before, 'file')}, now {many(after, 'file')}")


@click.command()
@options.store
@click.option(
    "--older",
    callback=options.age,
    required=True,
    metavar="AGE",
    help="Drop days older than this, such as 90d.",
)
def prune(store: str, older: int) -> None:
    """Drop the facts and spans of old days from a store.

    The store remembers what was loaded: old recordings that are loaded again do not come back.
    """
    from tracetui.units import many

    before = dt.datetime.fromtimestamp((time.time_ns() - older) / 1e9, dt.UTC).date()
    with sink_at(store) as sink:
        print(f"{many(sink.prune(before), 'fact')} from before {before} dropped")


@click.command()
@options.store
@click.option("--print", "only_print", is_flag=True, help="Print the statements, and run none.")
def init(store: str, only_print: bool) -> None:
    """Make the tables of a store, beside those that a Collector fills.

    In ClickHouse these are the table of facts, and a view that fills it from `otel_traces`.
    """
    from tracetui.fleet.store import statements

    if only_print:
        for statement in statements(store):
            print(f"{statement};\n")
        return
    with sink_at(store) as sink:
        sink.create()


@contextmanager
def sink_at(store: str) -> "Iterator[Sink]":
    """The store at a URL for loading; what its engine then raises is one line, too."""
    from tracetui.fleet.store import open_sink
    from tracetui.fleet.store.address import address
    from tracetui.fleet.store.engine_errors import answering

    with answering(address(store).shown), closing(open_sink(store)) as sink:
        yield sink
