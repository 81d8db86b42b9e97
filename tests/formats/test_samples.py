"""Recordings by real writers, counted a second time with nothing but the standard library."""

import base64
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Json
from tests.formats.reading import read
from tracetui.analysis.study.findings import Findings, study
from tracetui.formats.detail import decode_span
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.model.role import Outcome, Role
from tracetui.store.table import SpanTable

DATA = Path(__file__).parent.parent / "data"
RESMOKE = ("evergreen", "local-pretty", "core-analyzer")
FILES = sorted(
    [
        *DATA.glob("resmoke/*/*.json"),
        *DATA.glob("dialects/pytest-opentelemetry*.jsonl"),
        *DATA.glob("other/java*"),
        *DATA.glob("other/otlp*"),
    ]
)


def independent(data: str) -> list[tuple[Json, Json, Json]]:
    """Span, scope and resource of every span in a file, by `json.loads` of its lines or of its whole."""
    try:
        documents = [json.loads(data)]
    except json.JSONDecodeError:
        documents = [json.loads(text) for text in data.splitlines() if text]
    return [
        (span, scoped.get("scope", {}), group.get("resource", {}))
        for document in documents
        for group in document.get("resourceSpans", [document] if "scopeSpans" in document else [])
        for scoped in group["scopeSpans"]
        for span in scoped["spans"]
    ]


def plain(pairs: list[Json]) -> dict[str, Any]:
    """Attributes of samples as Python values."""

    def value(content: Json) -> Any:
        kind: str = next(iter(content), "")
        inner: Any = content.get(kind)
        match kind:
            case "arrayValue":
                return [value(item) for item in inner.get("values", [])]
            case "kvlistValue":
                return plain(inner.get("values", []))
            case "intValue":
                return int(inner)
            case "bytesValue":
                return base64.b64decode(inner)
        return inner if kind else None

    return {pair["key"]: value(pair["value"]) for pair in pairs}


def recording(name: str) -> Findings:
    """A directory of resmoke's as one recording, read in the order of names."""
    table = SpanTable()
    for path in sorted((DATA / "resmoke" / name).iterdir()):
        reader = OtlpJson()
        reader.feed(path.read_bytes())
        reader.finish()
        table.append(table.add_source(path.name), reader.take(), path.stat().st_size)
    return study(table.snapshot(), 0)


def spans_of(name: str) -> list[Json]:
    """All spans of a directory of resmoke's, by the standard library."""
    return [
        span
        for path in (DATA / "resmoke" / name).iterdir()
        for span, _, _ in independent(path.read_text("utf-8"))
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: "-".join(path.parts[-2:]))
def test_every_span_is_read_back_from_its_own_bytes(path: Path) -> None:
    """Offset and length of each span find exactly that span, with its scope and resource."""
    data = path.read_bytes()
    batch, known = read(data), independent(data.decode())
    assert (len(batch), batch.rejected, batch.torn) == (len(known), [], [])
    for number, (span, scope, resource) in enumerate(known):
        piece = data[batch.offset[number] : batch.offset[number] + batch.length[number]]
        assert json.loads(piece) == span
        found = decode_span(piece, batch.resource[number], batch.scope[number])
        assert found.name == span["name"] == batch.name[number]
        assert (found.trace_id, found.span_id) == (span["traceId"].lower(), span["spanId"].lower())
        assert found.start_ns == int(span["startTimeUnixNano"]) == batch.start_ns[number]
        assert found.end_ns == int(span["endTimeUnixNano"]) == batch.end_ns[number]
        assert found.attributes == plain(span.get("attributes", []))
        assert [event.attributes for event in found.events] == [
            plain(event.get("attributes", [])) for event in span.get("events", [])
        ]
        assert len(found.links) == len(span.get("links", []))
        assert found.scope.name == scope.get("name", "")
        assert found.resource.attributes == plain(resource.get("attributes", []))


@pytest.mark.parametrize(
    ("name", "spans", "tests", "failed", "orphans", "traces"),
    [("evergreen", 133, 60, 3, 2, 1), ("local-pretty", 125, 54, 1, 0, 2), ("core-analyzer", 4, 0, 0, 2, 1)],
)
def test_resmoke_recordings_are_understood(
    name: str, spans: int, tests: int, failed: int, orphans: int, traces: int
) -> None:
    """Spans, tests, failed tests, orphans and traces are those of an independent count."""
    found, known = recording(name), spans_of(name)
    read_ = found.snapshot
    assert len(read_) == len(known) == spans
    names = Counter(span["name"] for span in known)
    assert names["job._execute_test"] == tests == found.summary.tests == int((read_.role == Role.TEST).sum())
    bad = [span for span in known if span["name"] == "job._execute_test" and "ERROR" in str(span["status"])]
    assert len(bad) == failed == found.summary.outcomes[Outcome.FAILED]
    ids = {(span["traceId"], span["spanId"]) for span in known}
    lost = [
        span
        for span in known
        if "parentSpanId" in span and (span["traceId"], span["parentSpanId"]) not in ids
    ]
    assert len(lost) == orphans == read_.orphans
    assert len({span["traceId"] for span in known}) == traces == len(read_.trace_ids)
    assert (read_.health.rejected, read_.health.duplicates, read_.health.collisions) == (0, 0, 0)


@pytest.mark.parametrize("name", ["evergreen", "local-pretty"])
def test_own_time_of_resmokes_tests_is_that_of_run_test(name: str) -> None:
    """By test: the sum of its `run_test` spans, neither hooks nor archiving; in this order."""
    own: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for span in spans_of(name):
        took = int(span["endTimeUnixNano"]) - int(span["startTimeUnixNano"])
        if span["name"] in ("run_test", "job._execute_test"):
            test = plain(span["attributes"])["test_long_name"]
            own[test] += took if span["name"] == "run_test" else 0
            total[test] += took if span["name"] == "job._execute_test" else 0
    ranks = [(rank.name, rank.own_ns, rank.total_ns) for rank in recording(name).rank()]
    assert ranks == sorted(
        ((test, own[test], total[test]) for test in own), key=lambda rank: (-rank[1], rank[0])
    )


def test_resmokes_suites_tell_by_their_return_code() -> None:
    """Status OK, and failed all the same: only the code speaks."""
    for name in ("evergreen", "local-pretty"):
        found = recording(name).snapshot
        told = {
            found.title(row): Outcome(int(found.outcome[row]))
            for row in range(len(found))
            if found.role[row] == Role.SUITE
        }
        for span in spans_of(name):
            if span["name"] == "run.__init__._execute_suite":
                attributes = plain(span["attributes"])
                codes = {0: Outcome.PASSED, 1: Outcome.FAILED, 2: Outcome.ERROR, 3: Outcome.ERROR}
                bad = codes[attributes["suite_return_code"]]
                skipped = attributes["suite_return_status"] == "skipped"
                assert told[attributes["suite_display_name"]] == (Outcome.SKIPPED if skipped else bad)


def test_a_pytest_opentelemetry_recording_is_understood() -> None:
    """Suite, workers, tests, phases and fixtures of pytest-opentelemetry 1.1."""
    batch = read(next(DATA.glob("dialects/pytest-opentelemetry*.jsonl")).read_bytes())
    known = independent(next(DATA.glob("dialects/pytest-opentelemetry*.jsonl")).read_text("utf-8"))
    kinds = Counter(plain(span["attributes"]).get("pytest.span_type") for span, _, _ in known)
    roles = Counter(batch.role)
    assert roles[Role.TEST] + roles[Role.PHASE] == kinds["test"]
    assert roles[Role.HOOK] == kinds["fixture"]
    assert roles[Role.PHASE] == sum(
        span["name"].endswith(("::setup", "::call", "::teardown")) for span, _, _ in known
    )


def test_the_official_log_example_is_counted() -> None:
    """The specification's example of logs holds one record."""
    batch = read((DATA / "other" / "otlp-proto-example-logs.json").read_bytes())
    assert (len(batch), batch.log_records) == (0, 1)
