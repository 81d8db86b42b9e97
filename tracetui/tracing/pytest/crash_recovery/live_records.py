"""What a process of this run left in the spans' directory: its start records, and the spans it ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from tracetui.tracing.spans.running import ROLE

PREFIX = "tracetui.span."
"""What the names of attributes begin with by which a start record tells of the span itself."""


@dataclass(frozen=True)
class Start:
    """A start record, as it was read from `live/<stem>.logs.jsonl`."""

    stem: str
    span_id: str
    trace_id: str
    attributes: dict[str, Any]
    resource: dict[str, Any]

    @property
    def process(self) -> str:
        """Service and process id, as in the names of all files of the process."""
        return self.stem.partition("-")[2].rpartition("-")[0]

    @property
    def role(self) -> str | None:
        """The role of the span that started."""
        return self.attributes.get(ROLE)

    @property
    def test(self) -> str:
        """The name of the test that started, if it is one."""
        return str(self.attributes.get("pytest.nodeid", ""))

    @property
    def parent(self) -> str:
        """The id of its parent span."""
        return str(self.attributes.get(f"{PREFIX}parent_span_id", ""))

    def is_worker(self, name: str, parent: str) -> bool:
        """Whether it is the start of the worker `name` below `parent`."""
        named = self.role == "worker" and self.attributes.get("pytest.xdist.worker") == name
        return named and self.parent == parent


def starts_in(path: Path) -> list[Start]:
    """The start records in a file of `live/`."""
    stem = path.name.removesuffix(".logs.jsonl")
    return [
        Start(stem, record["spanId"], record["traceId"], plain(record["attributes"]), plain(resource))
        for record, resource in records_in(path)
        if record.get("eventName") == "tracetui.span.start"
    ]


def records_in(path: Path) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    """The spans or log records of a file of ours, each with the attributes of its resource."""
    # The last line of a process that was killed may be torn.
    for line in path.read_bytes().split(b"\n")[:-1]:
        for (group,) in orjson.loads(line).values():
            (scope,) = group.get("scopeSpans") or group["scopeLogs"]
            for record in scope.get("spans") or scope["logRecords"]:
                yield record, group["resource"]["attributes"]


def plain(pairs: list[dict[str, Any]]) -> dict[str, Any]:
    """OTLP/JSON attributes as plain values."""
    return {pair["key"]: _value(pair["value"]) for pair in pairs if pair["value"]}


def _value(value: dict[str, Any]) -> Any:
    kind, content = next(iter(value.items()))
    if kind == "intValue":
        return int(content)
    return [_value(item) for item in content.get("values", []) if item] if kind == "arrayValue" else content
