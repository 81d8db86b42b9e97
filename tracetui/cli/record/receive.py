"""`tracetui receive`: an OTLP receiver that writes a recording."""

import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from tracetui import units
from tracetui.cli import options
from tracetui.cli.hand_over.baseline import asked_while_it_runs, while_it_runs
from tracetui.errors import InputError
from tracetui.rerun.process_groups import handled
from tracetui.settings import Settings
from tracetui.settings.token_file import token_in

if TYPE_CHECKING:
    from tracetui.receive.receiving import Receiver
    from tracetui.ui.feed.feed import Find

FAILED = 1
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
GRPC, HTTP = "127.0.0.1:4317", "127.0.0.1:4318"
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Where(NamedTuple):
    """The options for where to listen, and to whom."""

    grpc: str = GRPC
    http: str = HTTP
    token_file: Path | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None
    tls_client_ca: Path | None = None


def addresses(command: options.Command) -> options.Command:
    """Add the options for addresses to listen on, for a token, and for TLS."""
    for option in (
        click.option(
            "--tls-client-ca",
            type=_FILE,
            help="Take only what is sent with a certificate that this one (PEM) vouches for.",
        ),
        click.option("--tls-key", type=_FILE, help="Its key, as PEM."),
        click.option("--tls-cert", type=_FILE, help="Speak TLS, with this certificate (PEM)."),
        click.option(
            "--token-file",
            type=_FILE,
            help="Take only what is sent with the bearer token in this file.",
        ),
        click.option(
            "--http", metavar="ADDRESS", default=HTTP, show_default=True, help="Listen for OTLP/HTTP."
        ),
        click.option(
            "--grpc", metavar="ADDRESS", default=GRPC, show_default=True, help="Listen for OTLP/gRPC."
        ),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("directory", metavar="[DIR]", default="spans")
@click.option("--watch", is_flag=True, help="Show what arrives, as tracetui watch does.")
@addresses
@options.memory
@options.theme
@options.ascii_
@options.limit
@while_it_runs
def receive(directory: str, watch: bool, baseline: str | None, **where: Any) -> int:
    """Receive OTLP and write it as one recording.

    DIR is where (default: spans). ADDRESS is HOST:PORT, :PORT for this machine only, :0 for any free port,
    or none. Traces and logs are accepted as protobuf or JSON, and acknowledged once they are written. Ctrl+c
    ends it.
    """
    if baseline and not watch:
        raise InputError("receive: --baseline is for what is shown: add --watch")
    return receive_into(directory, Where(**where), watch=watch, baseline=baseline)


def receive_into(directory: str, where: Where, *, watch: bool, baseline: str | None = None) -> int:
    """Do what `receive` and `watch --receive` do."""
    from tracetui.receive.addresses import address
    from tracetui.receive.receiving import receiving
    from tracetui.receive.tls import certificate
    from tracetui.ui.app.tty import has_terminal

    by_grpc, by_http = address(where.grpc, "--grpc"), address(where.http, "--http")
    if by_grpc is None and by_http is None:
        raise InputError("receive: nothing to listen on: leave --grpc or --http out")
    path = Path(directory)
    if path.exists() and not path.is_dir():
        raise InputError(f"{directory}: not a directory; name one to receive into")
    if watch and not has_terminal():
        raise InputError("receive: --watch needs a terminal; without it, follow with: tracetui watch DIR")
    find = asked_while_it_runs(baseline) if baseline else None
    token = token_in(where.token_file) if where.token_file else ""
    tls = certificate(where.tls_cert, where.tls_key, where.tls_client_ca)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    over = threading.Event()
    # Before it says that it listens: who hears that may end it. The screen has handlers of its own.
    with handled(() if watch else _SIGNALS, lambda *_: over.set()):
        with receiving(path.absolute(), by_grpc, by_http, token, tls) as receiver:
            _say_where(receiver, directory, where)
            code = _watched(path, options.chosen(), find) if watch else _waited(over)
        print(_summary(receiver, directory))
    return code or (FAILED if receiver.intake.lost else 0)


def _watched(path: Path, settings: Settings, find: "Find | None") -> int:
    from tracetui.cli.screens import show
    from tracetui.ingest import Ingest

    ingest = Ingest([str(path)], follow=True, memory=settings.memory)
    return show(ingest, path.name, settings, path, find=find)


def _waited(over: threading.Event) -> int:
    """Wait until the user ends it; the exit code."""
    while not over.wait(3600):
        pass
    return 0


def _say_where(receiver: "Receiver", directory: str, where: Where) -> None:
    from tracetui.text import sanitize

    named = ", ".join(f"{protocol} {address}" for protocol, address in receiver.addresses.items())
    by_tls = " over TLS" if where.tls_cert else ""
    print(
        f"tracetui: receiving by {named}{by_tls} into {sanitize(directory)} (ctrl+c ends it)", file=sys.stderr
    )
    asked = {"the token": where.token_file, "a certificate": where.tls_client_ca}
    having = " and ".join(what for what, file in asked.items() if file)
    who = f"who has {having}" if having else "everybody who reaches it (see --token-file)"
    heard = "" if where.tls_cert else ", and what is sent can be read on its way (see --tls-cert)"
    for address in receiver.addresses.values():
        if not address.is_loopback:
            print(
                f"tracetui: {address} is not for this machine alone: {who} can write here{heard}",
                file=sys.stderr,
            )
    sys.stderr.flush()


def _summary(receiver: "Receiver", directory: str) -> str:
    from tracetui.text import sanitize

    tally = receiver.intake.tally
    records = f"{units.many(tally.spans, 'span')} and {units.many(tally.log_records, 'log record')}"
    received = f"{records} received in {units.many(tally.requests, 'request')}, lost {receiver.intake.lost}"
    lines = [f"{received}; open them with: tracetui open {sanitize(directory)}"]
    other = {
        "rejected, without valid ids": (tally.rejected, "record"),
        "put off, as they could not be written": (tally.unwritten, "request"),
        "put off, as too much came at once": (tally.busy, "request"),
        "without the token": (tally.unauthorized, "request"),
    }
    lines += [f"  {units.many(count, one)} {what}" for what, (count, one) in other.items() if count]
    return "\n".join(lines)
