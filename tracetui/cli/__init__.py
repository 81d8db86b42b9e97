"""The command line: the only place that prints, and the only one that exits.

Nothing heavy is loaded before a command runs. Every error the user can cause ends in one line on stderr and
an exit code: 2 wrong use or unreadable input, 1 the command itself failed, 130 interrupted, 141 broken pipe.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from tracetui.cli.completion import completed
from tracetui.cli.headings import Headed
from tracetui.errors import TracetuiError

FAILED, MISUSED, INTERRUPTED, NO_READER = 1, 2, 130, 141


HEADINGS = {
    "Watch": {
        "watch": "tracetui.cli.record.watch:watch",
        "demo": "tracetui.cli.demo:demo",
    },
    "Look": {
        "open": "tracetui.cli.screens:open_",
        "waterfall": "tracetui.cli.views:waterfall",
        "top": "tracetui.cli.views:top",
        "lanes": "tracetui.cli.views:lanes",
        "check": "tracetui.cli.views:check",
    },
    "Decide": {
        "ledger": "tracetui.cli.deciding.ledger:ledger",
        "critical-path": "tracetui.cli.deciding.critical_path:critical_path",
        "what-if": "tracetui.cli.deciding.what_if:what_if",
        "compare": "tracetui.cli.deciding.compare:compare",
        "confirm": "tracetui.cli.deciding.confirm:confirm",
        "history": "tracetui.cli.deciding.history:history",
        "flaky": "tracetui.cli.deciding.flaky:flaky",
        "beside": "tracetui.cli.deciding.beside:beside",
        "plan": "tracetui.cli.deciding.plan:plan",
        "advise": "tracetui.cli.deciding.advise:advise",
        "gate": "tracetui.cli.deciding.gate:gate",
    },
    "Hand over": {
        "report": "tracetui.cli.hand_over.report:report",
        "export": "tracetui.cli.hand_over.export:export",
        "schema": "tracetui.cli.schema:schema",
        "send": "tracetui.cli.hand_over.send:send",
        "serve": "tracetui.cli.hand_over.serve:serve",
    },
    "Record": {
        "exec": "tracetui.cli.record.exec:exec_",
        "run": "tracetui.cli.run:run",
        "receive": "tracetui.cli.record.receive:receive",
        "reporter": "tracetui.cli.record.reporter:reporter",
        "prune": "tracetui.cli.prune:prune",
    },
    "All runs": {"fleet": "tracetui.cli.fleet:fleet"},
    "More": {
        "help": "tracetui.cli.help:help_",
        "completion": "tracetui.cli.completion:completion",
    },
}
"""By heading and name, where each command is defined; a new command is named here."""
SUBJECTS = {
    "Watch": "screens",
    "Look": "verbs",
    "Decide": "deciding",
    "Hand over": "reports",
    "Record": "suites",
    "All runs": "fleet",
}
"""The page (`tracetui help`) that tells more of the commands below a heading."""


@click.group(
    name="tracetui",
    cls=Headed,
    headings=HEADINGS,
    subjects=SUBJECTS,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, asked: _say_version(context) if asked else None,
    help="Show the version and exit.",
)
@click.pass_context
def tracetui(context: click.Context) -> int:
    """See what a test run does, while it does it.

    Watch the spans that a test run writes, or open a recording: OTLP/JSON files from any OpenTelemetry SDK,
    Collector or test runner.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        return MISUSED
    return 0


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit."""
    _prepare_streams()
    given = sys.argv[1:] if arguments is None else arguments
    code = completed(tracetui, given)
    sys.exit(_exit_code(given) if code is None else code)


def _say_version(context: click.Context) -> NoReturn:
    """The version, and why reading is slow if it is."""
    from importlib.metadata import version

    from tracetui.kernel import slow_reader

    click.echo(", ".join(filter(None, (f"tracetui {version('tracetui')}", slow_reader()))))
    context.exit()


def _exit_code(arguments: Sequence[str]) -> int:
    try:
        with tracetui.make_context("tracetui", list(arguments)) as context:
            code = tracetui.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        _let_go_of_stdout()
        return NO_READER
    except (click.ClickException, TracetuiError, OSError) as error:
        return _complain(error)
    return code or 0


def _complain(error: click.ClickException | TracetuiError | OSError) -> int:
    from tracetui.text import sanitize

    message, code = _in_words(error)
    print(f"tracetui: {sanitize(message)}", file=sys.stderr)
    return code


def _in_words(error: click.ClickException | TracetuiError | OSError) -> tuple[str, int]:
    if isinstance(error, TracetuiError):
        return str(error), error.exit_code
    if isinstance(error, click.ClickException):
        context = getattr(error, "ctx", None)
        hint = f" (see: {context.command_path} --help)" if context else ""
        return " ".join(error.format_message().split()) + hint, error.exit_code
    if error.filename is not None:
        return f"{os.fsdecode(error.filename)}: {(error.strerror or str(error)).lower()}", MISUSED
    return f"the output cannot be written: {(error.strerror or str(error)).lower()}", FAILED


def _prepare_streams() -> None:
    """Replace closed streams by the null device; escape what a stream's encoding cannot represent."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115 - it stays open to the end
        else:
            stream.reconfigure(errors="backslashreplace")


def _let_go_of_stdout() -> None:
    """Detach stdout after a broken pipe: otherwise the interpreter would complain again while it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
