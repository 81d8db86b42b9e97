"""A receiver that speaks TLS, at both of its ports and nothing else."""

import http.client
import re
import socket
import ssl
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import grpc  # type: ignore[import-untyped]
import pytest
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from tests.builders import line, span
from tests.cli.running import environment
from tests.processes import PATIENCE_S, started
from tests.receive.asking import names, post
from tests.receive.asking import stub as client
from tracetui.cli import main
from tracetui.receive import http_server
from tracetui.receive.addresses import Address
from tracetui.receive.receiving import Receiver, receiving
from tracetui.receive.tls import Certificate

TLS = Path(__file__).parents[1] / "tls"
CERTIFICATE = Certificate(TLS / "cert.pem", TLS / "key.pem")
HERE = Address("localhost", 0)
CLIENT_CA = TLS / "client_ca.pem"
CLIENTS = {
    "none": None,
    "expired": TLS / "client_expired.pem",
    "of another": CERTIFICATE.chain,
}
"""Certificates that are not accepted from clients; all have one key."""


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with receiving(tmp_path / "spans", HERE, HERE, tls=CERTIFICATE) as made:
        yield made


def test_what_opentelemetry_sends(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By either exporter that trusts the certificate, each at its port."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)  # To requests, they are worth more than what it is told.
    chain = CERTIFICATE.chain
    exporters = (
        GrpcExporter(
            endpoint=f"https://{receiver.addresses['grpc']}",
            credentials=grpc.ssl_channel_credentials(chain.read_bytes()),
        ),
        HttpExporter(endpoint=f"https://{receiver.addresses['http']}/v1/traces", certificate_file=str(chain)),
    )
    provider = TracerProvider()
    for exporter in exporters:
        provider.add_span_processor(SimpleSpanProcessor(exporter))
    provider.get_tracer("t").start_span("a").end()
    provider.shutdown()
    assert names(tmp_path / "spans") == Counter(["a"])
    assert receiver.intake.tally.spans == 2


def test_who_speaks_without_is_not_heard(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor who trusts another certificate, or says nothing at all."""
    monkeypatch.setattr(http_server, "SILENCE_S", 0.5)
    with pytest.raises(OSError, match=r"."):
        post(receiver, line(span("a")))
    with pytest.raises(grpc.RpcError):
        client(receiver, TraceServiceStub).Export(ExportTraceServiceRequest(), timeout=PATIENCE_S)
    where = receiver.addresses["http"]
    with closing(socket.create_connection(where, timeout=PATIENCE_S)) as mute:
        assert mute.recv(1) == b""
    context = ssl.create_default_context()
    with socket.create_connection(where) as plain, pytest.raises(ssl.SSLCertVerificationError):
        context.wrap_socket(plain, server_hostname="localhost")
    assert receiver.intake.tally.requests == 0


@pytest.fixture
def mutual(tmp_path: Path) -> Iterator[Receiver]:
    with receiving(tmp_path / "spans", HERE, HERE, tls=CERTIFICATE._replace(client_ca=CLIENT_CA)) as made:
        yield made


def http_status(receiver: Receiver, certificate: Path | None) -> int:
    """The status of a request by a client with that certificate; raises `OSError` if it is not heard."""
    context = ssl.create_default_context(cafile=CERTIFICATE.chain)
    if certificate:
        context.load_cert_chain(certificate, CERTIFICATE.key)
    where = receiver.addresses["http"]
    client = http.client.HTTPSConnection(where.host, where.port, timeout=PATIENCE_S, context=context)
    with closing(client) as connection:
        connection.request("POST", "/v1/traces", line(span("a")), {"content-type": "application/json"})
        return connection.getresponse().status


def grpc_export(receiver: Receiver, certificate: Path | None) -> None:
    """Send spans as a client with that certificate; raises `grpc.RpcError`."""
    own = (CERTIFICATE.key.read_bytes(), certificate.read_bytes()) if certificate else (None, None)
    credentials = grpc.ssl_channel_credentials(CERTIFICATE.chain.read_bytes(), *own)
    # Channels to one address with other certificates would be the same one.
    options = [("grpc.use_local_subchannel_pool", 1)]
    with grpc.secure_channel(str(receiver.addresses["grpc"]), credentials, options) as channel:
        TraceServiceStub(channel).Export(ExportTraceServiceRequest(), timeout=PATIENCE_S)  # type: ignore[no-untyped-call]


def test_who_has_a_certificate_is_heard(mutual: Receiver) -> None:
    """By either port."""
    assert http_status(mutual, TLS / "client.pem") == 200
    grpc_export(mutual, TLS / "client.pem")
    assert mutual.intake.tally.requests == 2


@pytest.mark.parametrize("which", CLIENTS)
def test_who_has_none_is_not_heard(mutual: Receiver, which: str) -> None:
    """Nor who has one that has expired, or that somebody else vouches for; nor who speaks no TLS."""
    with pytest.raises(OSError, match=r"."):
        http_status(mutual, CLIENTS[which])
    with pytest.raises(grpc.RpcError) as raised:
        grpc_export(mutual, CLIENTS[which])
    assert raised.value.code() is grpc.StatusCode.UNAVAILABLE
    with pytest.raises(OSError, match=r"."):
        post(mutual, line(span("a")))
    with pytest.raises(grpc.RpcError):
        client(mutual, TraceServiceStub).Export(ExportTraceServiceRequest(), timeout=PATIENCE_S)
    assert mutual.intake.tally.requests == 0


def test_the_command(tmp_path: Path) -> None:
    """It says so, and says nothing of what others could read."""
    command = [sys.executable, "-m", "tracetui", "receive", str(tmp_path), "--grpc", "none"]
    options = ["--http", "0.0.0.0:0", "--tls-cert", str(CERTIFICATE.chain), "--tls-key", str(CERTIFICATE.key)]
    with started([*command, *options], env=environment(), stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        announced = [process.stderr.readline().decode() for _ in range(2)]
        port = int(re.findall(r"http 0\.0\.0\.0:([0-9]+) over TLS into", announced[0])[0])
        assert "everybody who reaches it" in announced[1]
        assert "--tls-cert" not in announced[1]
        context = ssl.create_default_context(cafile=CERTIFICATE.chain)
        with socket.create_connection(("localhost", port)) as plain:
            context.wrap_socket(plain, server_hostname="localhost").close()


def test_files_that_are_no_certificate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line, before anything listens; nobody is asked for a password."""
    other = tmp_path / "other"
    other.write_text("nothing")
    chain, key = CERTIFICATE.chain, CERTIFICATE.key
    for options, message in (
        (("--tls-cert", chain), "go together"),
        (("--tls-cert", chain, "--tls-key", other), "no certificate and its key"),
        (("--tls-cert", key, "--tls-key", key), "no certificate and its key"),
        (("--tls-client-ca", chain), "needs --tls-cert and --tls-key"),
        (("--tls-cert", chain, "--tls-key", key, "--tls-client-ca", other), "other: no certificate"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(["receive", str(tmp_path / "x"), "--grpc", ":0", "--http", "none", *map(str, options)])
        out, err = capsys.readouterr()
        assert (ended.value.code, out, err.count("\n")) == (2, "", 1), err
        assert message in err
