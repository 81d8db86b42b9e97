"""`tracetui exec`: any command that speaks OTLP, recorded and watched by a receiver of its own."""

import os
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracetui import units
from tracetui.cli import options
from tracetui.cli.hand_over.baseline import asked_while_it_runs, while_it_runs
from tracetui.cli.record.child import (
    Process,
    bring_to_front,
    end_by,
    exit_code,
    run_behind,
    run_in_front,
)
from tracetui.cli.record.program import program
from tracetui.cli.record.signals import held, released
from tracetui.errors import InputError

if TYPE_CHECKING:
    from tracetui.receive.command_span import CommandSpan
    from tracetui.receive.receiving import Receiver
    from tracetui.ui.feed.feed import Find

QUIET_S, GRACE_S = 0.3, 2.0
"""What the command started may still send: until it is quiet for so long, and no longer than that."""
SIGNALLED = 128
"""Above it, an exit code has the number of the signal that ended the screen."""
End = Callable[[int], None]
_TRACES = "*.traces.jsonl"


@click.command("exec", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("command", nargs=-1, required=True, metavar="[--] COMMAND...", type=click.UNPROCESSED)
@click.option(
    "--dir", "directory", metavar="DIR", help="Where it is recorded (default: TRACETUI_DIR, or spans)."
)
@click.option("--watch/--no-watch", default=None, help="Show it live (default: if there is a terminal).")
@options.memory
@options.theme
@options.ascii_
@options.limit
@while_it_runs
def exec_(command: tuple[str, ...], directory: str | None, watch: bool | None, baseline: str | None) -> int:
    """Run a command that speaks OTLP, record it and watch it.

    The command's environment (OTEL_EXPORTER_OTLP_ENDPOINT and others, TRACEPARENT) names a receiver that runs
    as long as it does. The exit code is the command's.
    """
    from tracetui.receive.addresses import LOOPBACK, Address
    from tracetui.receive.command_span import command_span
    from tracetui.receive.environment import environment
    from tracetui.receive.receiving import receiving
    from tracetui.ui.app.tty import has_terminal

    named = directory or os.environ.get("TRACETUI_DIR") or "spans"
    path = Path(named).absolute()
    if path.exists() and not path.is_dir():
        raise InputError(f"{named}: not a directory; name one to record into: --dir DIR")
    if watch and not has_terminal():
        raise InputError("exec: --watch needs a terminal")
    is_watched = has_terminal() if watch is None else watch
    find = asked_while_it_runs(baseline) if baseline and is_watched else None
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    earlier = set(path.glob(_TRACES))
    service, token, free = program(command), secrets.token_urlsafe(16), Address(LOOPBACK, 0)
    with held(), receiving(path, free, free, token) as receiver:
        variables = environment(os.environ, receiver.addresses["http"], token, service, path)
        with command_span(path, service, Path(command[0]).name) as span:
            variables |= span.variables
            run = partial(_watched, find) if is_watched else _passed_through
            code = run(command, variables, path, span.end)
        _settle(receiver)
    by_itself = len(set(path.glob(_TRACES)) - earlier) > 1
    print(_summary(receiver, span, service, named, by_itself=by_itself), file=sys.stderr)
    return code


def _passed_through(command: Sequence[str], variables: dict[str, str], _path: Path, end: End) -> int:
    code = run_in_front(command, variables)
    end(code)
    return code


def _watched(
    find: "Find | None", command: Sequence[str], variables: dict[str, str], path: Path, end: End
) -> int:
    """The screen; who leaves it before the command ends sees what that prints."""
    from tracetui.cli.screens import show
    from tracetui.ingest import Ingest

    settings = options.chosen()
    with released(), tempfile.TemporaryFile() as output:
        with run_behind(command, variables, output) as process:
            awaiting = threading.Thread(target=_await_end, args=(process, end), name="tracetui-exec")
            awaiting.start()
            ingest = Ingest([str(path)], follow=True, memory=settings.memory)
            code = show(ingest, program(command), settings, path, find=find)
            if code > SIGNALLED:
                end_by(process, code - SIGNALLED)
            code = code or bring_to_front(process, output)
        awaiting.join()
    return code


def _await_end(process: Process, end: End) -> None:
    end(exit_code(process))


def _settle(receiver: "Receiver") -> None:
    """Waits for what is still sent."""
    end = time.monotonic() + GRACE_S
    seen, since = -1, time.monotonic()
    while (now := time.monotonic()) < min(end, since + QUIET_S):
        if seen != receiver.intake.tally.requests:
            seen, since = receiver.intake.tally.requests, now
        time.sleep(0.02)


def _summary(
    receiver: "Receiver", span: "CommandSpan", service: str, directory: str, *, by_itself: bool
) -> str:
    from tracetui.text import sanitize

    tally = receiver.intake.tally
    lost = receiver.intake.lost + span.lost
    summary = f"{units.many(tally.spans, 'span')} received, lost {lost}"
    if not tally.spans:
        name = sanitize(service)
        summary = (
            f"{name} wrote its spans itself"
            if by_itself
            else f"{name} sent no spans (see: tracetui help runners)"
        )
    other = {"rejected": tally.rejected, "put off": tally.busy + tally.unwritten}
    summary += "".join(f", {units.many(count, 'record')} {what}" for what, count in other.items() if count)
    return f"tracetui: {summary}; open the recording with: tracetui open {sanitize(directory)}"
