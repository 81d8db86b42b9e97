"""`tracetui send`: what is said, with which code, whatever the collector is like; and what a kill costs."""

import json
import os
import signal
import ssl
import stat
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.builders import T0, S, case, line, span
from tests.cli.running import environment, on_a_terminal, tracetui_as_user
from tests.cli.schemas import check
from tests.processes import PATIENCE_S, started
from tests.send.receivers import Answer, Partly, Receiver, Refusal, grpc_receiver, http_receiver
from tests.tracing.collectors import listening, refusing
from tracetui.cli import main

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs `tracetui send` here; its code, output and errors."""
    for name in os.environ:
        if name.startswith("OTEL_"):
            monkeypatch.delenv(name)

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["send", *map(str, arguments)])
        code = ended.value.code
        assert isinstance(code, int)
        return (code, *capsys.readouterr())

    return run


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Three tests, one of which failed."""
    path = tmp_path / "run.traces.jsonl"
    outcomes = ("passed", "failed", "passed")
    tests = (case(f"a.py::test_{n}", word, end=T0 + S, start=T0 + n) for n, word in enumerate(outcomes))
    path.write_bytes(b"".join(map(line, tests)))
    return path


def test_what_is_said(recording: Path, command: Command) -> None:
    """A line for what was accepted, and nothing new the next time; only the owner may read the ledger."""
    with grpc_receiver() as receiver:
        code, out, err = command(recording, "--endpoint", receiver.endpoint)
        assert (code, err) == (0, "")
        assert out.startswith(f"3 spans accepted by {receiver.endpoint} (1 request, ")
        code, out, err = command(recording, "--endpoint", receiver.endpoint)
        assert (code, out, err) == (0, "nothing new to send\n  3 spans sent before\n", "")
    (ledger,) = recording.parent.glob(".sent-*.jsonl")
    assert stat.S_IMODE(ledger.stat().st_mode) == 0o600


def test_json(recording: Path, command: Command) -> None:
    """Every count, whatever happened; keys that never change."""
    with http_receiver(Refusal(503), Partly(1, "\x1b[2Jbad")) as receiver:
        code, out, err = command(recording, "--endpoint", receiver.endpoint, "--format", "json")
    told = check(out.encode())
    ledgers, took_ns = told.pop("ledgers"), told.pop("took_ns")
    assert (code, err, len(ledgers)) == (1, "", 1)
    assert took_ns > 0
    assert told.pop("bytes") > 100
    (message,) = told.pop("messages")
    assert "\x1b" not in message
    assert told == {
        "schema": "tracetui.send/1",
        "endpoint": receiver.endpoint,
        "protocol": "http/protobuf",
        "spans": 3,
        "accepted": 2,
        "rejected": 1,
        "refused": 0,
        "unreadable": 0,
        "sent_before": 0,
        "running": 0,
        "cut_off": 0,
        "left": 0,
        "log_records_not_sent": 0,
        "requests": 1,
        "retries": 1,
        "error": None,
    }


EXHAUSTED = grpc.StatusCode.RESOURCE_EXHAUSTED
PASSING: dict[str, Any] = {
    "503": (http_receiver, [Refusal(503), Refusal(502)]),
    "429 says when": (http_receiver, [Refusal(429, "1")]),
    "429 says a date": (http_receiver, [Refusal(429, "Thu, 01 Jan 1970 00:00:00 GMT")]),
    "429 says nonsense": (http_receiver, [Refusal(429, "soon")]),
    "unavailable": (grpc_receiver, [Refusal(grpc.StatusCode.UNAVAILABLE)] * 2),
    "exhausted says when": (grpc_receiver, [Refusal(EXHAUSTED, 0.1)]),
}


@pytest.mark.parametrize("case", PASSING)
def test_what_passes_is_waited_for(case: str, recording: Path, command: Command) -> None:
    """And nothing is said of it."""
    receiving, answers = PASSING[case]
    began = time.monotonic()
    with receiving(*answers) as receiver:
        code, _, err = command(recording, "--endpoint", receiver.endpoint)
    assert (code, err, len(receiver.names), receiver.calls) == (0, "", 3, len(answers) + 1)
    if case == "429 says when":
        assert time.monotonic() - began >= 1


FINAL: dict[str, Any] = {
    "401": (http_receiver, Refusal(401, content=b"no token"), "HTTP 401 Unauthorized: no token"),
    "404": (http_receiver, Refusal(404), "HTTP 404 Not Found; see the path of the endpoint"),
    "says when, too late": (http_receiver, Refusal(429, "3600"), "left alone for 1h00m"),
    "page": (http_receiver, Refusal(200, kind="text/html", content=b"<p>"), "a web page answers there"),
    "elsewhere": (http_receiver, Refusal(307), "HTTP 307"),
    "denied": (grpc_receiver, Refusal(grpc.StatusCode.PERMISSION_DENIED), "PERMISSION_DENIED"),
    "unknown": (grpc_receiver, Refusal(grpc.StatusCode.UNIMPLEMENTED), "UNIMPLEMENTED"),
}


@pytest.mark.parametrize("case", FINAL)
def test_what_stays_as_it_is_ends_it(case: str, recording: Path, command: Command) -> None:
    """At once, with one line; nothing is noted as sent."""
    receiving, answer, message = FINAL[case]
    with receiving(answer) as receiver:
        code, out, err = command(recording, "--endpoint", receiver.endpoint)
        assert (code, out, receiver.calls) == (1, "", 1)
        assert err.startswith(f"tracetui: {receiver.endpoint}: ")
        assert message in err
        assert err.count("\n") == 1
        assert not list(recording.parent.glob(".sent-*"))
        assert command(recording, "--endpoint", receiver.endpoint)[0] == 0


TLS = Path(__file__).parents[1] / "tls"
"""A certificate for this machine, which it has signed itself, and its key."""


def test_tls_by_grpc(recording: Path, command: Command) -> None:
    """An authority that is named is trusted, another is not; the server may ask who this is."""
    key, certificate = (TLS / "key.pem").read_bytes(), (TLS / "cert.pem").read_bytes()
    credentials = grpc.ssl_server_credentials([(key, certificate)], certificate, require_client_auth=True)
    with grpc_receiver(credentials=credentials) as receiver:
        us = ("--cert", TLS / "cert.pem", "--key", TLS / "key.pem")
        options = ("--endpoint", receiver.endpoint, "--retry-for", "0")
        code, _, err = command(recording, *options)
        assert (code, err.count("\n"), "--ca FILE" in err) == (1, 1, True)
        assert command(recording, *options, "--ca", TLS / "cert.pem", *us)[0] == 0
    assert len(receiver.names) == 3


def test_tls_by_http(recording: Path, command: Command) -> None:
    """The same."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "cert.pem", TLS / "key.pem")
    with http_receiver(context=context) as receiver:
        options = ("--endpoint", receiver.endpoint, "--retry-for", "0")
        code, _, err = command(recording, *options)
        assert (code, err.count("\n"), "--ca FILE" in err) == (1, 1, True)
        assert command(recording, *options, "--ca", TLS / "cert.pem")[0] == 0
        code, _, err = command(recording, *options, "--cert", recording, "--again")
        assert (code, "cannot be read" in err) == (1, True)
    assert len(receiver.names) == 3


def _nobody() -> str:
    return f"http://127.0.0.1:{refusing()}"


@pytest.mark.parametrize("protocol", ["grpc", "http/protobuf"])
def test_nobody_there(protocol: str, recording: Path, command: Command) -> None:
    """One line, after as long as was to be tried."""
    options = ("--protocol", protocol, "--retry-for", "300ms", "--endpoint", _nobody())
    code, out, err = command(recording, *options)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "onnection refused" in err
    code, out, _ = command(recording, *options, "--format", "json")
    assert (code, check(out.encode())["left"]) == (1, 3)


SPEAKING = {
    "no TLS, by gRPC": ("https", "grpc", "try http:// instead of https://"),
    "no TLS, by HTTP": ("https", "http/protobuf", "try http:// instead of https://"),
    "no HTTP": ("http", "http/protobuf", "it speaks no HTTP"),
}


@pytest.mark.parametrize("case", SPEAKING)
def test_who_speaks_something_else(case: str, recording: Path, command: Command) -> None:
    """One line that says what to try instead."""
    scheme, protocol, message = SPEAKING[case]
    answer = b"SSH-2.0-OpenSSH_9.7\r\n" if case == "no HTTP" else b"HTTP/1.1 400 Bad Request\r\n\r\n"
    with listening(answer) as port:
        url = f"{scheme}://127.0.0.1:{port}"
        options = ("--endpoint", url, "--protocol", protocol, "--retry-for", "0")
        code, out, err = command(recording, *options)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert message in err


def test_one_who_never_answers(recording: Path, command: Command) -> None:
    """The timeout is the user's."""
    with listening() as port:
        url = f"http://127.0.0.1:{port}/v1/traces"
        options = ("--endpoint", url, "--timeout", "200ms", "--retry-for", "0")
        code, _, err = command(recording, *options)
    assert code == 1
    assert err.endswith(": no answer within 0.2 s\n")


def test_headers_and_tokens(recording: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """They arrive, by either way, and stand nowhere else."""
    token = recording.with_name("token")
    token.write_text("canary1")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-from=canary2%20x")
    for receiving in (grpc_receiver, http_receiver):
        with receiving() as receiver:
            options = ("--header", "X-Own: canary3", "--token-file", token, "--format", "json")
            code, out, err = command(recording, "--endpoint", receiver.endpoint, *options)
        headers = receiver.headers[-1]
        assert (code, err) == (0, "")
        assert headers["authorization"] == "Bearer canary1"
        assert (headers["x-from"], headers["x-own"]) == ("canary2 x", "canary3")
    (first, second) = recording.parent.glob(".sent-*")
    assert "canary" not in out + first.read_text() + second.read_text()


def test_wrong_use(recording: Path, command: Command, tmp_path: Path) -> None:
    """Code 2, before anything is read or sent."""
    for options in (
        (recording,),
        (recording, "--endpoint", "nowhere://x"),
        (recording, "--endpoint", "http://x", "--timeout", "soon"),
        (recording, "--endpoint", "http://x", "--header", "none"),
        (tmp_path / "missing", "--endpoint", "http://x"),
    ):
        code, out, err = command(*options)
        assert (code, out, err.count("\n")) == (2, "", 1)


def test_what_a_filter_leaves_out_is_sent_later(recording: Path, command: Command) -> None:
    """The ledger knows spans by where they stand, and so any selection."""
    with http_receiver() as receiver:
        options = ("--endpoint", receiver.endpoint)
        assert command(recording, *options, "--filter", "outcome:failed")[0] == 0
        assert receiver.names == ["a.py::test_1"]
        assert command(recording, *options)[0] == 0
        assert receiver.names == ["a.py::test_1", "a.py::test_0", "a.py::test_2"]
        code, out, _ = command(recording, *options, "--again", "--compression", "none")
        assert (code, len(receiver.names)) == (0, 6)
        assert "3 spans accepted" in out


def test_a_directory_that_is_read_only(
    recording: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its ledger is in the user's state, and says so."""
    state = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    recording.parent.chmod(0o500)
    with http_receiver() as receiver:
        options = ("--endpoint", receiver.endpoint, "--format", "json")
        first, second = (json.loads(tracetui_as_user("send", recording, *options).stdout) for _ in range(2))
    recording.parent.chmod(0o700)
    assert (first["accepted"], second["accepted"], second["sent_before"]) == (3, 0, 3)
    assert first["ledgers"][0].startswith(str(state))


def _many(path: Path, count: int) -> None:
    path.write_bytes(b"".join(line(span(f"s{number}", start=T0 + number)) for number in range(count)))


@pytest.mark.parametrize("receiving", [grpc_receiver, http_receiver])
def test_a_kill_costs_one_request(tmp_path: Path, receiving: Any) -> None:
    """Killed before the third request was answered: the next call sends that once more, and the rest."""
    _many(tmp_path / "x.jsonl", 4500)
    held, let_go = threading.Event(), threading.Event()

    def judge(_request: ExportTraceServiceRequest) -> Answer:
        if receiver.calls == 3 and not let_go.is_set():
            held.set()
        return None

    with receiving(judge=judge) as receiver:
        _hold(receiver, held, let_go)
        words = [sys.executable, "-m", "tracetui", "send", str(tmp_path), "--endpoint", receiver.endpoint]
        with started(words, env=environment()) as process:
            assert held.wait(PATIENCE_S)
            process.send_signal(signal.SIGKILL)
            process.wait(PATIENCE_S)
        let_go.set()
        with started(words, env=environment()) as process:
            assert process.wait(PATIENCE_S) == 0
    lengths = [
        sum(len(scope.spans) for group in request.resource_spans for scope in group.scope_spans)
        for request in receiver.requests
    ]
    assert lengths == [1000, 1000, 1000, 1000, 1000, 500]
    assert receiver.names[2000:3000] == receiver.names[3000:4000]
    assert sorted(set(receiver.names)) == sorted(f"s{number}" for number in range(4500))


def _hold(receiver: Receiver, held: threading.Event, let_go: threading.Event) -> None:
    """Answers the request that is held only when it is let go; it was taken by then."""
    take = receiver.take

    def slow(request: ExportTraceServiceRequest, headers: Any) -> Answer:
        answer = take(request, headers)
        if held.is_set():
            let_go.wait(PATIENCE_S)
        return answer

    receiver.take = slow  # type: ignore[method-assign]


def test_what_is_waited_for_is_shown(recording: Path) -> None:
    """On a terminal, in a line that is gone at the end."""
    with http_receiver(Refusal(503, content=b"busy \x1b[2J")) as receiver:
        code, seen = on_a_terminal("send", recording, "--endpoint", receiver.endpoint)
    assert code == 0
    assert b"sending  HTTP 503 Service Unavailable: busy" in seen
    assert b"\x1b[2J" not in seen
    assert seen.rpartition(b"\x1b[K")[2].startswith(b"3 spans accepted")
