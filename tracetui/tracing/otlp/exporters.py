"""The exporters that OpenTelemetry's environment variables ask for, made only on demand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tracetui.tracing.host.warn import Warn
from tracetui.tracing.redact import without_user

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

_PROTOCOLS = {
    "grpc": "opentelemetry-exporter-otlp-proto-grpc",
    "http/protobuf": "opentelemetry-exporter-otlp-proto-http",
    "http/json": "opentelemetry-exporter-otlp-json-http",
}
RECEIVER = "TRACETUI_RECEIVER"
"""The endpoint of `tracetui exec`, which writes beside our files: nothing of ours has to be sent there."""
_DEFAULT_ENDPOINTS = {"grpc": "http://localhost:4317"}


def otlp_setting(name: str) -> str | None:
    """`OTEL_EXPORTER_OTLP_TRACES_<name>`, else `OTEL_EXPORTER_OTLP_<name>`; an empty value counts as not
    set.
    """
    names = (f"OTEL_EXPORTER_OTLP_TRACES_{name}", f"OTEL_EXPORTER_OTLP_{name}")
    return next((value for name in names if (value := os.environ.get(name, "").strip())), None)


def is_own_receiver() -> bool:
    """Whether the environment's endpoint is that of the `tracetui exec` that we run under."""
    return bool(os.environ.get(RECEIVER)) and otlp_setting("ENDPOINT") == os.environ[RECEIVER]


def otlp_protocol(warn: Warn) -> str:
    """`grpc`, unless another protocol we know is asked for."""
    protocol = (otlp_setting("PROTOCOL") or "grpc").lower()
    if protocol in _PROTOCOLS:
        return protocol
    warn(f"OTEL_EXPORTER_OTLP_PROTOCOL: {protocol!r} is not one of {', '.join(_PROTOCOLS)}; using grpc")
    return "grpc"


def otlp_exporter(protocol: str, endpoint: str | None) -> SpanExporter:
    """OpenTelemetry's own exporter for `protocol`; `endpoint` None means the environment's.

    Raises `ModuleNotFoundError` if its distribution is not installed.
    """
    # Imported here: it takes as long as all the rest, and most runs have no collector.
    package = _PROTOCOLS[protocol].removeprefix("opentelemetry-exporter-").replace("-", ".")
    with _quiet_core():
        try:
            module = import_module(f"opentelemetry.exporter.{package}.trace_exporter")
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(f"{protocol} needs the distribution {_PROTOCOLS[protocol]}") from error
        exporter: SpanExporter = module.OTLPSpanExporter(endpoint=endpoint and _whole(protocol, endpoint))
    return exporter


@contextmanager
def _quiet_core() -> Iterator[None]:
    """Keep gRPC's core from printing failed handshakes, which can only be set before it is loaded."""
    if "GRPC_VERBOSITY" in os.environ:
        yield
        return
    os.environ["GRPC_VERBOSITY"] = "NONE"
    try:
        yield
    finally:
        os.environ.pop("GRPC_VERBOSITY", None)


def otlp_target(protocol: str, endpoint: str | None) -> str:
    """Where spans are sent, for messages."""
    target = endpoint or otlp_setting("ENDPOINT") or _DEFAULT_ENDPOINTS.get(protocol, "http://localhost:4318")
    return without_user(target)


def installed_exporter(name: str) -> SpanExporter:
    """The exporter that an installed distribution registers under `name`; raises `LookupError` if none
    does.
    """
    installed = entry_points(group="opentelemetry_traces_exporter", name=name)
    if not installed:
        raise LookupError("no installed distribution offers it")
    exporter: SpanExporter = next(iter(installed)).load()()
    return exporter


def _whole(protocol: str, endpoint: str) -> str:
    """The endpoint with its path, which the HTTP exporters need if it comes from a program."""
    is_bare = protocol != "grpc" and urlsplit(endpoint).path in ("", "/")
    return endpoint.rstrip("/") + "/v1/traces" if is_bare else endpoint
