"""`tracetui send`: sends a recording to a collector, from where the last call stopped."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracetui import units
from tracetui.cli import options
from tracetui.cli.progress import progress

if TYPE_CHECKING:
    from tracetui.send.sending import Sent
    from tracetui.send.target import Target

FAILED = 1
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _time(_context: click.Context, _option: click.Parameter, text: str | None) -> int | None:
    """Parse a time such as 10s or 1m30s to nanoseconds; raises `BadParameter`."""
    try:
        return None if text is None else units.nanoseconds(text)
    except ValueError as error:
        raise click.BadParameter(f"{error}; write 10s, 1m30s or 500ms") from None


@click.command()
@options.paths
@click.option("--endpoint", metavar="URL", help="The collector (default: OTEL_EXPORTER_OTLP_ENDPOINT).")
@click.option(
    "--protocol",
    type=click.Choice(["grpc", "http/protobuf"]),
    help="How to speak to it (default: HTTP for a URL with a path or port 4318, else gRPC).",
)
@click.option("--header", "headers", metavar="NAME=VALUE", multiple=True, help="Send this with each request.")
@click.option("--token-file", type=_FILE, help="Send the token in this file as a bearer token.")
@click.option("--ca", type=_FILE, help="TLS: certificates of the authorities to trust (PEM).")
@click.option("--cert", type=_FILE, help="TLS: the certificate of this client (PEM).")
@click.option("--key", type=_FILE, help="TLS: the key of this client (PEM).")
@click.option(
    "--compression", type=click.Choice(["gzip", "none"]), help="Compression of requests (default: gzip)."
)
@click.option(
    "--timeout", metavar="TIME", callback=_time, help="How long to wait for an answer (default: 10s)."
)
@click.option(
    "--retry-for",
    metavar="TIME",
    callback=_time,
    default="1m",
    show_default=True,
    help="How long to retry a request.",
)
@click.option("--again", is_flag=True, help="Send everything, whatever was sent before.")
@options.filtered
@options.one_run
@options.form
def send(
    paths: Sequence[str],
    endpoint: str | None,
    protocol: str | None,
    headers: tuple[str, ...],
    token_file: Path | None,
    ca: Path | None,
    cert: Path | None,
    key: Path | None,
    compression: str | None,
    timeout: int | None,
    retry_for: int,
    again: bool,
    wanted: str | None,
    run: str | None,
    job: str | None,
    form: str,
) -> int:
    """Send a recording to an OTLP collector.

    PATH is a span file, a directory of them, or - for standard input. What a collector has accepted is noted
    beside the files, so that the next call sends only what is new; after an interruption at most one request
    is sent twice. Spans that still run wait until they have ended.
    """
    from tracetui.send.target import Wanted, target

    asked = Wanted(endpoint, protocol, headers, token_file, compression, timeout, ca, cert, key)
    goal = target(asked, os.environ)
    sent = _sent(paths, goal, (wanted, run, job), retry_for, again=again)
    if form == "json":
        print(json.dumps(_document(sent, goal)))
    elif sent.error is None or sent.counts.requests:
        print("\n".join(_lines(sent, goal)))
    if sent.error is not None:
        raise type(sent.error)(f"{goal.url}: {sent.error}{_what_next(sent)}") from sent.error
    return 0 if sent.is_all_there else FAILED


def _sent(
    paths: Sequence[str],
    goal: "Target",
    chosen: tuple[str | None, str | None, str | None],
    retry_for: int,
    *,
    again: bool,
) -> "Sent":
    from tracetui.cli.views import examined
    from tracetui.export.subject import subject
    from tracetui.send.sending import Orders, send

    ingest, findings, lens = examined(paths, *chosen)
    what = subject(findings, lens, ingest.span)
    with progress("sending", _spans) as line:
        orders = Orders(
            again=again,
            patience_s=retry_for / units.S,
            begins=lambda count: line.at(0, count),
            advance=line.advance,
            waits=lambda why, seconds: line.note(f"{why}; again in {seconds:.1f}s"),
        )
        return send(ingest, what, goal, orders)


def _lines(sent: "Sent", goal: "Target") -> list[str]:
    from tracetui.text import sanitize

    counts = sent.counts
    rate = units.duration(sent.took_ns)
    requests = f"{units.many(counts.requests, 'request')}, {units.size(counts.bytes)}, {rate}"
    lines = [f"{_spans(counts.accepted)} accepted by {sanitize(goal.url)} ({requests})"]
    if not counts.requests:
        lines = [f"nothing accepted by {sanitize(goal.url)}" if sent.left else "nothing new to send"]
    other = {
        "sent before": sent.before,
        "still running: send them later": sent.running,
        "without an end, sent with the last sign of life": sent.cut_off,
        "rejected by the collector": counts.rejected,
        "refused by the collector": counts.refused,
        "that cannot be read back": sent.unreadable,
    }
    lines += [f"  {_spans(count)} {what}" for what, count in other.items() if count]
    if sent.log_records:
        lines.append(f"  {units.many(sent.log_records, 'log record')} not sent: only spans are")
    return lines + [f"  the collector says: {sanitize(message)}" for message in counts.messages]


def _what_next(sent: "Sent") -> str:
    left = sent.left
    return f"; {_spans(left)} left: call it again to go on" if sent.counts.requests else ""


def _document(sent: "Sent", goal: "Target") -> dict[str, object]:
    from tracetui.text import sanitize

    counts = sent.counts
    return {
        "schema": "tracetui.send/1",
        "endpoint": sanitize(goal.url),
        "protocol": goal.protocol,
        "spans": sent.spans,
        "accepted": counts.accepted,
        "rejected": counts.rejected,
        "refused": counts.refused,
        "unreadable": sent.unreadable,
        "sent_before": sent.before,
        "running": sent.running,
        "cut_off": sent.cut_off,
        "left": sent.left,
        "log_records_not_sent": sent.log_records,
        "requests": counts.requests,
        "retries": counts.retries,
        "bytes": counts.bytes,
        "took_ns": sent.took_ns,
        "messages": [sanitize(message) for message in counts.messages],
        "ledgers": [sanitize(path) for path in sent.ledgers],
        "error": None if sent.error is None else sanitize(str(sent.error)),
    }


def _spans(count: int) -> str:
    return units.many(count, "span")
