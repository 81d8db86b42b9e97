"""`tracetui fleet`: the commands about all runs. A command is loaded only when it is called."""

from importlib import import_module
from typing import Any

import click

COMMANDS = {
    "open": "tracetui.cli.fleet.opening",
    "ingest": "tracetui.cli.fleet.loading",
    "compact": "tracetui.cli.fleet.loading",
    "prune": "tracetui.cli.fleet.loading",
    "init": "tracetui.cli.fleet.loading",
    "slowest": "tracetui.cli.fleet.questions",
    "hooks": "tracetui.cli.fleet.questions",
    "archive": "tracetui.cli.fleet.questions",
    "cost": "tracetui.cli.fleet.questions",
    "flaky": "tracetui.cli.fleet.changes",
    "regress": "tracetui.cli.fleet.changes",
    "history": "tracetui.cli.fleet.changes",
    "stats": "tracetui.cli.fleet.questions",
    "doctor": "tracetui.cli.fleet.questions",
    "sql": "tracetui.cli.fleet.changes",
}
"""By command, the module that defines it; add a new command here."""
_FUNCTIONS = {"open": "open_"}
"""By command, its function where that has another name, as `open` is Python's own."""


class Fleet(click.Group):
    """Loads a command when it is called; if its libraries are missing, it says how to install them."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """All commands, in their order."""
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """The command with this name."""
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[name]), _FUNCTIONS.get(name, name))
        command.epilog = command.epilog or "More: tracetui help fleet"
        return command

    def invoke(self, context: click.Context) -> Any:
        """Run the called command; raises `InputError` if a library is missing."""
        from tracetui.fleet.extras import needed

        with needed():
            return super().invoke(context)


@click.group(cls=Fleet)
def fleet() -> None:
    """Load runs into a store, and ask it: slowest, flaky, slower.

    A store is a Parquet lake (lake:///DIR), a DuckDB file (duckdb:///FILE), or ClickHouse.
    """
