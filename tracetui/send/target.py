"""The destination of spans, from the command line and from OpenTelemetry's environment variables.

Source: the OpenTelemetry specification, "OpenTelemetry Protocol Exporter" (endpoints, headers, TLS, times in
milliseconds) and "W3C Baggage" (how headers are written in a variable). A setting for traces overrides one
for all signals; an empty variable counts as unset.
"""

import base64
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import SplitResult, quote, unquote, urlsplit

from tracetui import units
from tracetui.errors import InputError
from tracetui.settings.token_file import token_in

GRPC, HTTP = "grpc", "http/protobuf"
TRACES_PATH = "/v1/traces"
DEFAULT_TIMEOUT_S = 10.0
HTTP_PORT, GRPC_PORT = 4318, 4317

_HEADER = re.compile(r"\s*(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*[=:](?P<value>.*)", re.DOTALL)
"""As a variable has it (`NAME=VALUE`), or as HTTP has it."""
_IN_PATHS = "/%:@!$&'()*+,;=~"
_VALUE = re.compile(r"[\x20-\x7e]*")

Protocol = Literal["grpc", "http/protobuf"]


class Wanted(NamedTuple):
    """The options of the command line; None or empty if not given."""

    endpoint: str | None = None
    protocol: str | None = None
    headers: tuple[str, ...] = ()
    token_file: Path | None = None
    compression: str | None = None
    timeout_ns: int | None = None
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


@dataclass(frozen=True)
class Target:
    """A collector. `headers`, with lower-case names, and `query` may be secret; nothing else here is."""

    protocol: Protocol
    host: str
    port: int
    path: str = ""
    query: str = field(default="", repr=False)
    is_secure: bool = False
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    compresses: bool = True
    timeout_s: float = DEFAULT_TIMEOUT_S
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    @property
    def address(self) -> str:
        """Host and port."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL for people, which also distinguishes collectors: without any secret."""
        return f"http{'s' * self.is_secure}://{self.address}{self.path}"


def target(wanted: Wanted, environ: Mapping[str, str]) -> Target:
    """The collector to send to; raises `InputError` if that is unclear or invalid."""
    environment = _Environment(environ)
    parts, path = _endpoint(wanted, environment)
    protocol = _protocol(wanted.protocol or environment.get("PROTOCOL"), parts)
    is_secure = parts.scheme == "https"
    default = (443 if is_secure else 80) if protocol == HTTP else (443 if is_secure else GRPC_PORT)
    return Target(
        protocol=protocol,
        host=parts.hostname or "",
        port=parts.port or default,
        path=quote(path, safe=_IN_PATHS) if protocol == HTTP else "",
        query=quote(parts.query, safe=_IN_PATHS + "?"),
        is_secure=is_secure,
        headers=_headers(wanted, environment, parts),
        compresses=_compresses(wanted.compression or environment.get("COMPRESSION")),
        timeout_s=_timeout_s(wanted.timeout_ns, environment.get("TIMEOUT")),
        ca=wanted.ca or environment.path("CERTIFICATE"),
        certificate=wanted.certificate or environment.path("CLIENT_CERTIFICATE"),
        key=wanted.key or environment.path("CLIENT_KEY"),
    )


class _Environment:
    """`OTEL_EXPORTER_OTLP_TRACES_<name>`, else `OTEL_EXPORTER_OTLP_<name>`."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def get(self, name: str) -> str:
        """The value, or an empty text."""
        return self.of_traces(name) or self.of_all(name)

    def of_traces(self, name: str) -> str:
        """The value for traces alone."""
        return self._environ.get(f"OTEL_EXPORTER_OTLP_TRACES_{name}", "").strip()

    def of_all(self, name: str) -> str:
        """The value for all signals."""
        return self._environ.get(f"OTEL_EXPORTER_OTLP_{name}", "").strip()

    def path(self, name: str) -> Path | None:
        """A file, if one is named."""
        return Path(file) if (file := self.get(name)) else None


def _endpoint(wanted: Wanted, environment: _Environment) -> tuple[SplitResult, str]:
    """The parts of the URL, and the path for HTTP: only a base URL gets the one of traces appended."""
    scheme = "http" if environment.get("INSECURE").lower() == "true" else "https"
    if wanted.endpoint:
        parts = _split(wanted.endpoint, scheme)
        return parts, TRACES_PATH if parts.path in ("", "/") else parts.path
    if of_traces := environment.of_traces("ENDPOINT"):
        parts = _split(of_traces, scheme)
        return parts, parts.path or "/"
    if of_all := environment.of_all("ENDPOINT"):
        parts = _split(of_all, scheme)
        return parts, parts.path.rstrip("/") + TRACES_PATH
    raise InputError("send: say where: --endpoint URL, or OTEL_EXPORTER_OTLP_ENDPOINT")


def _split(url: str, scheme: str) -> SplitResult:
    try:
        parts = urlsplit(url if "://" in url else f"{scheme}://{url}")
        is_one = parts.scheme in ("http", "https") and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        is_one = False
    if not is_one:
        raise InputError("send: the endpoint is no URL; write http://HOST:PORT or https://HOST:PORT")
    return parts


def _protocol(text: str, parts: SplitResult) -> Protocol:
    """The given one; else by the URL: a path, or the port of OTLP/HTTP, means HTTP."""
    protocol = text.lower()
    if protocol == GRPC:
        return "grpc"
    if protocol in (HTTP, "http/json"):  # Whoever takes JSON has to take protobuf.
        return "http/protobuf"
    if protocol:
        raise InputError(f"send: unknown protocol {text}; choose with --protocol {GRPC} or {HTTP}")
    is_http = parts.port == HTTP_PORT or parts.path not in ("", "/")
    return "http/protobuf" if is_http else "grpc"


def _headers(wanted: Wanted, environment: _Environment, parts: SplitResult) -> dict[str, str]:
    """All headers, those of the command line last, so that they win."""
    headers: dict[str, str] = {}
    if parts.username is not None:
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["authorization"] = "Basic " + base64.b64encode(user.encode()).decode()
    of_environment = [header for header in environment.get("HEADERS").split(",") if header.strip()]
    headers |= _parsed(of_environment, "OTEL_EXPORTER_OTLP_HEADERS", unquote)
    if wanted.token_file:
        headers |= _parsed([f"authorization=Bearer {token_in(wanted.token_file)}"], "--token-file")
    return headers | _parsed(wanted.headers, "--header")


def _parsed(headers: Iterable[str], where: str, decode: Callable[[str], str] = str) -> dict[str, str]:
    """Headers by lower-case name; raises `InputError` without the value, which may be a secret."""
    by_name = {}
    for header in headers:
        parts = _HEADER.fullmatch(header)
        value = decode(parts["value"].strip()) if parts else ""
        if not parts or not _VALUE.fullmatch(value):
            raise InputError(f"{where}: no header; write NAME=VALUE, in ASCII")
        by_name[parts["name"].lower()] = value
    return by_name


def _compresses(text: str) -> bool:
    if text.lower() not in ("", "gzip", "none"):
        raise InputError(f"send: unknown compression {text}; choose with --compression gzip or none")
    return text.lower() != "none"


def _timeout_s(wanted_ns: int | None, text: str) -> float:
    if wanted_ns is not None:
        return wanted_ns / units.S
    if not text:
        return DEFAULT_TIMEOUT_S
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise InputError("OTEL_EXPORTER_OTLP_TIMEOUT: write milliseconds, such as 10000")
    return int(text) / 1000
