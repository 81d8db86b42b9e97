"""Options that all commands about all runs share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

store: Callable[[Command], Command] = click.option(
    "--store",
    metavar="URL",
    required=True,
    envvar="TRACETUI_STORE",
    help="Where the facts are: lake:///DIR, duckdb:///FILE, clickhouse://HOST:8443/DATABASE, chdb:///DIR.",
)
