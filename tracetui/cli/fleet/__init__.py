"""`tracetui fleet`: the commands about all runs. A command is loaded only when it is called."""

from typing import Any

import click

from tracetui.cli.headings import Lazy

COMMANDS = {
    "open": "tracetui.cli.fleet.opening:open_",
    "ingest": "tracetui.cli.fleet.loading:ingest",
    "compact": "tracetui.cli.fleet.loading:compact",
    "prune": "tracetui.cli.fleet.loading:prune",
    "init": "tracetui.cli.fleet.loading:init",
    "slowest": "tracetui.cli.fleet.questions:slowest",
    "hooks": "tracetui.cli.fleet.questions:hooks",
    "archive": "tracetui.cli.fleet.questions:archive",
    "cost": "tracetui.cli.fleet.questions:cost",
    "flaky": "tracetui.cli.fleet.changes:flaky",
    "regress": "tracetui.cli.fleet.changes:regress",
    "history": "tracetui.cli.fleet.changes:history",
    "stats": "tracetui.cli.fleet.questions:stats",
    "doctor": "tracetui.cli.fleet.questions:doctor",
    "sql": "tracetui.cli.fleet.changes:sql",
}
"""By name, where each command is defined; a new command is named here."""


class Fleet(Lazy):
    """If the libraries of a command are missing, it says how to install them."""

    def invoke(self, context: click.Context) -> Any:
        """Run the called command; raises `InputError` if a library is missing."""
        from tracetui.fleet.extras import needed

        with needed():
            return super().invoke(context)


@click.group(cls=Fleet, places=COMMANDS, subjects=dict.fromkeys(COMMANDS, "fleet"))
def fleet() -> None:
    """Load runs into a store, and ask it: slowest, flaky, slower.

    A store is a Parquet lake (lake:///DIR), a DuckDB file (duckdb:///FILE), or ClickHouse.
    """
