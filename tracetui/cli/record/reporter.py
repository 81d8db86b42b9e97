"""`tracetui reporter`: where the reporters lie that send the tests of runners in JavaScript as spans."""

from pathlib import Path

import click
from click.shell_completion import CompletionItem

REPORTERS = Path(__file__).parents[2] / "reporters"
_SUFFIX = ".cjs"


def names() -> list[str]:
    """The runners that have a reporter."""
    return sorted(path.stem for path in REPORTERS.glob(f"*{_SUFFIX}"))


def _matching(_context: click.Context, _argument: click.Parameter, begin: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names() if name.startswith(begin)]


@click.command(epilog="More: tracetui help runners")
@click.argument("runner", default="", shell_complete=_matching)
def reporter(runner: str) -> None:
    """Print the path of the reporter for a JavaScript test runner, or list them.

    It sends to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names: that of tracetui exec, or any other.
    """
    from tracetui.errors import InputError, suggestion

    known = names()
    if not runner:
        for name in known:
            click.echo(name)
    elif runner not in known:
        raise InputError(f"no reporter for {runner} ({suggestion(runner, known)})")
    else:
        click.echo(REPORTERS / (runner + _SUFFIX))
