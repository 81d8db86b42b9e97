"""Where spans go: the rules of OpenTelemetry's specification for endpoints, headers and times."""

from pathlib import Path
from typing import Any

import pytest

from tracetui.errors import InputError
from tracetui.send.target import Wanted, target

NAME = "OTEL_EXPORTER_OTLP_"


@pytest.mark.parametrize(
    ("endpoint", "environ", "protocol", "url"),
    [
        ("http://host:4317", {}, "grpc", "http://host:4317"),
        ("http://host:4318", {}, "http/protobuf", "http://host:4318/v1/traces"),
        ("http://host:4318/", {}, "http/protobuf", "http://host:4318/v1/traces"),
        ("https://host/otlp/v1/traces", {}, "http/protobuf", "https://host:443/otlp/v1/traces"),
        ("https://host", {}, "grpc", "https://host:443"),
        ("http://host", {}, "grpc", "http://host:4317"),
        ("host:4317", {}, "grpc", "https://host:4317"),
        ("host:4317", {NAME + "INSECURE": "true"}, "grpc", "http://host:4317"),
        ("http://[::1]:4317", {}, "grpc", "http://[::1]:4317"),
        (None, {NAME + "ENDPOINT": "http://a:4318"}, "http/protobuf", "http://a:4318/v1/traces"),
        (None, {NAME + "ENDPOINT": "http://a:4318/x/"}, "http/protobuf", "http://a:4318/x/v1/traces"),
        (None, {NAME + "TRACES_ENDPOINT": "http://a:4318"}, "http/protobuf", "http://a:4318/"),
        (None, {NAME + "TRACES_ENDPOINT": "http://a:4318/y"}, "http/protobuf", "http://a:4318/y"),
        (
            None,
            {NAME + "ENDPOINT": "http://b:4317", NAME + "TRACES_ENDPOINT": "http://a:4317"},
            "grpc",
            "http://a:4317",
        ),
        ("http://c:4317", {NAME + "ENDPOINT": "http://b:4318"}, "grpc", "http://c:4317"),
        ("http://c:9", {NAME + "PROTOCOL": "http/protobuf"}, "http/protobuf", "http://c:9/v1/traces"),
        ("http://c:9", {NAME + "PROTOCOL": "http/json"}, "http/protobuf", "http://c:9/v1/traces"),
        ("http://c:4318", {NAME + "TRACES_PROTOCOL": "grpc"}, "grpc", "http://c:4318"),
        ("http://me:secret@c:4318/v1/traces?key=secret", {}, "http/protobuf", "http://c:4318/v1/traces"),
    ],
)
def test_endpoints(endpoint: str | None, environ: dict[str, str], protocol: str, url: str) -> None:
    """What the command line says comes first, then what is set for traces, then for all signals."""
    found = target(Wanted(endpoint), environ)
    assert (found.protocol, found.url) == (protocol, url)
    assert "secret" not in repr(found)


def test_headers(tmp_path: Path) -> None:
    """By lower-case name; values of the variable are decoded; those of the command line count."""
    (tmp_path / "token").write_text("abc\n")
    environ = {NAME + "HEADERS": "A=1, b = x%20y%3D ,Authorization=old", NAME + "TRACES_HEADERS": ""}
    found = target(Wanted("http://h:1", headers=("B: z", "c=d=e")), environ)
    assert found.headers == {"a": "1", "b": "z", "authorization": "old", "c": "d=e"}
    found = target(Wanted("http://h:1", token_file=tmp_path / "token"), environ)
    assert found.headers == {"a": "1", "b": "x y=", "authorization": "Bearer abc"}
    found = target(Wanted("http://h:1"), environ | {NAME + "TRACES_HEADERS": "q=1"})
    assert found.headers == {"q": "1"}
    assert target(Wanted("http://me:pw@h:1"), {}).headers == {"authorization": "Basic bWU6cHc="}


@pytest.mark.parametrize(
    ("wanted", "environ", "seconds", "compresses"),
    [
        ({}, {}, 10, True),
        ({}, {"TIMEOUT": "2500"}, 2.5, True),
        ({}, {"TIMEOUT": "2500", "TRACES_TIMEOUT": "100", "COMPRESSION": "none"}, 0.1, False),
        ({"timeout_ns": 3 * 10**9, "compression": "gzip"}, {"TIMEOUT": "1", "COMPRESSION": "none"}, 3, True),
    ],
)
def test_times_and_compression(
    wanted: dict[str, Any], environ: dict[str, str], seconds: float, compresses: bool
) -> None:
    """Times in variables are milliseconds."""
    found = target(Wanted("http://h:1", **wanted), {NAME + key: value for key, value in environ.items()})
    assert (found.timeout_s, found.compresses) == (seconds, compresses)


@pytest.mark.parametrize(
    ("wanted", "environ", "message"),
    [
        ({"endpoint": None}, {}, "say where"),
        ({"endpoint": "ftp://h"}, {}, "no URL"),
        ({"endpoint": "http://:4317"}, {}, "no URL"),
        ({"endpoint": "http://h:99999"}, {}, "no URL"),
        ({"endpoint": "http://[h"}, {}, "no URL"),
        ({}, {"PROTOCOL": "carrier-pigeon"}, "unknown protocol"),
        ({}, {"COMPRESSION": "zip"}, "unknown compression"),
        ({}, {"TIMEOUT": "10s"}, "milliseconds"),
        ({}, {"TIMEOUT": "0"}, "milliseconds"),
        ({}, {"HEADERS": "secret"}, "OTEL_EXPORTER_OTLP_HEADERS: no header"),
        ({"headers": ("a=secret\r\nb: c",)}, {}, "--header: no header"),
        ({"headers": ("a b: secret",)}, {}, "--header: no header"),
        ({"headers": ("a: sécret",)}, {}, "--header: no header"),
    ],
)
def test_what_cannot_be(wanted: dict[str, Any], environ: dict[str, str], message: str) -> None:
    """One line that says what to do, and no value of a header."""
    told = {NAME + key: value for key, value in environ.items()}
    with pytest.raises(InputError, match=message) as raised:
        target(Wanted(**{"endpoint": "http://h:1"} | wanted), told)
    assert "secret" not in str(raised.value)


def test_an_empty_token_is_none(tmp_path: Path) -> None:
    """A file that was never filled would send `Bearer `."""
    (tmp_path / "token").write_text(" \n")
    with pytest.raises(InputError, match="no token in it"):
        target(Wanted("http://h:1", token_file=tmp_path / "token"), {})
