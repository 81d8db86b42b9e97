"""A valid document of each JSON format, every field in it filled: three spans, `one`, `two` and `three`."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.builders import MS, T0, TRACE, Json, document, id_of, key_values, span

NAMES = ("one", "two", "three")
US, MS_LONG = T0 // 1000, MS // 1000
RFC = "2026-11-22T14:26:40.123456Z"
_IDS = [id_of(name) for name in NAMES]


def _each(make: Callable[[str, str, str], Json]) -> list[Json]:
    """The spans: the second and the third below the first."""
    return [make(name, id_, "" if name == "one" else _IDS[0]) for name, id_ in zip(NAMES, _IDS, strict=True)]


def _otlp(name: str, id_: str, parent: str) -> Json:
    told = {"test.case.name": name, "n": 5, "list": ["a", 1.5], "map": {"k": True}}
    link = {"traceId": TRACE, "spanId": "2" * 16, "traceState": "a=b", "attributes": key_values({"w": "x"})}
    event = {"timeUnixNano": str(T0), "name": "e", "attributes": key_values({"k": "v"})}
    made = span(name, told, id=id_, parent=parent, status=2, message="bad", events=[event], links=[link])
    return made | {"traceState": "a=b", "flags": 257, "droppedAttributesCount": 1, "droppedEventsCount": 2}


def otlp() -> Json:
    """OTLP/JSON, in two groups."""
    one, two, three = _each(_otlp)
    both = [*document(one, two)["resourceSpans"], *document(three)["resourceSpans"]]
    return {"resourceSpans": both}


def snake() -> Json:
    """OTLP/JSON with the names of protobuf."""
    made: Json = _snake(otlp())
    return made


def _snake(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            "".join(f"_{c.lower()}" if c.isupper() else c for c in key): _snake(item)
            for key, item in value.items()
        }
    return list(map(_snake, value)) if isinstance(value, list) else value


def tempo() -> Json:
    """What Tempo answers."""
    groups = otlp()["resourceSpans"]
    for group in groups:
        group["ilSpans"] = group.pop("scopeSpans")
    return {"trace": {"batches": groups}}


def _jaeger(name: str, id_: str, parent: str) -> Json:
    references = [{"refType": "CHILD_OF", "traceID": TRACE, "spanID": parent}] if parent else []
    return {
        "traceID": TRACE, "spanID": id_, "operationName": name, "startTime": US, "duration": MS_LONG,
        "references": [*references, {"refType": "FOLLOWS_FROM", "traceID": "9", "spanID": "8"}],
        "tags": [{"key": "span.kind", "type": "string", "value": "client"}, {"key": "n", "value": 1}],
        "logs": [{"timestamp": US, "fields": [{"key": "event", "value": "e"}, {"key": "k", "value": "v"}]}],
        "warnings": None, "flags": 1,
    }  # fmt: skip


def jaeger() -> Json:
    """What Jaeger's API answers."""
    spans = [each | {"processID": "p1"} for each in _each(_jaeger)]
    processes = {"p1": {"serviceName": "depot", "tags": [{"key": "host", "value": "h"}]}}
    return {"data": [{"traceID": TRACE, "spans": spans, "processes": processes}], "errors": None}


def elasticsearch() -> Json:
    """Jaeger's spans as Elasticsearch answers them."""
    process = {"serviceName": "depot", "tag": {"host@name": "h"}}
    spans = [each | {"process": process, "tag": {"http@status": "5"}} for each in _each(_jaeger)]
    return {"took": 1, "hits": {"total": 3, "hits": [{"_index": "x", "_source": each} for each in spans]}}


def _zipkin(name: str, id_: str, parent: str) -> Json:
    return {
        "traceId": TRACE, "id": id_, "name": name, "kind": "CLIENT", "timestamp": US, "duration": MS_LONG,
        **({"parentId": parent} if parent else {}), "shared": False,
        "localEndpoint": {"serviceName": "depot", "ipv4": "127.0.0.1"}, "tags": {"k": "v", "error": "bad"},
        "annotations": [{"timestamp": US, "value": "retry"}],
    }  # fmt: skip


def zipkin() -> list[Json]:
    """Zipkin v2."""
    return _each(_zipkin)


def zipkin_v1() -> list[list[Json]]:
    """Zipkin v1, in a list of traces."""
    endpoint = {"ipv4": "127.0.0.1", "port": 80, "serviceName": "depot"}
    notes = [{"timestamp": US, "value": "sr", "endpoint": endpoint},
             {"timestamp": US + MS_LONG, "value": "ss", "endpoint": endpoint}]  # fmt: skip
    tags = [{"key": "http.path", "value": "/", "endpoint": endpoint}]

    def made(name: str, id_: str, parent: str) -> Json:
        own = {"traceId": TRACE, "id": id_, "name": name, "annotations": notes, "binaryAnnotations": tags}
        return own | ({"parentId": parent} if parent else {})

    return [_each(made)]


def _console(name: str, id_: str, parent: str) -> Json:
    context = {"trace_id": f"0x{TRACE}", "span_id": f"0x{id_}", "trace_state": "[]"}
    return {
        "name": name, "context": context, "kind": "SpanKind.CLIENT",
        "parent_id": f"0x{parent}" if parent else None, "start_time": RFC, "end_time": RFC,
        "status": {"status_code": "ERROR", "description": "bad"},
        "attributes": {"k": "v", "l": [1]},
        "events": [{"name": "e", "timestamp": RFC, "attributes": {"a": 1}}],
        "links": [{"context": dict(context), "attributes": {"why": "again"}}],
        "resource": {"attributes": {"service.name": "depot"}, "schema_url": ""},
    }  # fmt: skip


def console() -> list[Json]:
    """Python's console exporter, as an array."""
    return _each(_console)


def _go(name: str, id_: str, parent: str) -> Json:
    def context(span_id: str) -> Json:
        return {"TraceID": TRACE, "SpanID": span_id, "TraceFlags": "01", "TraceState": "", "Remote": False}

    pairs = [{"Key": "k", "Value": {"Type": "STRING", "Value": "v"}}]
    return {
        "Name": name, "SpanContext": context(id_), "Parent": context(parent or "0" * 16), "SpanKind": 3,
        "StartTime": RFC, "EndTime": RFC, "Attributes": pairs,
        "Events": [{"Name": "e", "Attributes": pairs, "DroppedAttributeCount": 0, "Time": RFC}],
        "Links": [{"SpanContext": context("3" * 16), "Attributes": pairs, "DroppedAttributeCount": 0}],
        "Status": {"Code": "Error", "Description": "bad"}, "DroppedAttributes": 0, "ChildSpanCount": 1,
        "Resource": [{"Key": "service.name", "Value": {"Type": "STRING", "Value": "depot"}}],
        "InstrumentationScope": {"Name": "depot", "Version": "1", "SchemaURL": ""},
    }  # fmt: skip


def go() -> list[Json]:
    """Go's stdouttrace, as an array."""
    return _each(_go)


def datadog() -> list[list[Json]]:
    """Datadog's tracers."""

    def made(name: str, id_: str, parent: str) -> Json:
        return {
            "name": name, "service": "depot", "resource": "r", "trace_id": 7, "span_id": int(id_, 16) >> 1,
            "parent_id": int(parent, 16) >> 1 if parent else 0, "type": "test", "start": T0, "duration": MS,
            "error": 1, "meta": {"test.status": "fail", "error.message": "bad"}, "metrics": {"n": 1.5},
        }  # fmt: skip

    return [_each(made)]


DOCUMENTS: Mapping[str, Any] = {
    "OTLP/JSON": otlp(), "snake_case": snake(), "Tempo": tempo(), "Jaeger": jaeger(),
    "Elasticsearch": elasticsearch(), "Zipkin": zipkin(), "Zipkin v1": zipkin_v1(), "console": console(),
    "Go": go(), "Datadog": datadog(),
}  # fmt: skip
