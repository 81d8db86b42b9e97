"""What tests ask a receiver, and what it has written."""

import http.client
import json
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]

from tests.recordings import recorded
from tracetui.receive.addresses import Address
from tracetui.receive.receiving import Receiver

FREE = Address("127.0.0.1", 0)
JSON, PROTOBUF = "application/json", "application/x-protobuf"


def post(
    receiver: Receiver, data: bytes, path: str = "/v1/traces", kind: str = JSON, **headers: str
) -> tuple[int, Any]:
    """What is answered to what is posted."""
    where = receiver.addresses["http"]
    with closing(http.client.HTTPConnection(where.host, where.port, timeout=60)) as connection:
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("POST", path, data, {"content-type": kind} | more)
        response = connection.getresponse()
        content = response.read()
        assert response.getheader("content-type") == (kind if kind == JSON else PROTOBUF)
        return response.status, json.loads(content) if kind == JSON else content


def stub(receiver: Receiver, of: Any) -> Any:
    """A client of a service."""
    return of(grpc.insecure_channel(str(receiver.addresses["grpc"])))


def text_of(directory: Path) -> bytes:
    """All that was written."""
    return b"".join(path.read_bytes() for path in sorted(directory.rglob("*.jsonl")))


def names(directory: Path) -> Counter[str]:
    """The names of all spans that can be read."""
    snapshot = recorded(directory).snapshot
    return Counter(snapshot.name(row) for row in range(len(snapshot)))
