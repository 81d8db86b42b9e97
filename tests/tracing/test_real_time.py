"""When spans start and end, and the two ways to make them, whatever a test does to the clocks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

from tests.tracing.recording import Record, plain, run_python, spans_in
from tracetui.tracing import Tracing, set_up_tracing
from tracetui.tracing.spans.provider import RealTimeProvider


class UnprintableError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no")


@pytest.fixture
def tracing(tmp_path: Path) -> Iterator[Tracing]:
    with set_up_tracing(tmp_path, service_name="s") as tracing:
        yield tracing


def trace_something(tracing: Tracing, travel: AbstractContextManager[Any]) -> None:
    """Spans before, in and after a journey through time, and what happens in one."""
    with tracing.tracer.start_as_current_span("outside"):
        with travel, tracing.tracer.start_as_current_span("inside") as span:
            span.add_event("event")
            span.record_exception(ValueError("no"))
            time.sleep(0.02)
        tracing.tracer.start_span("after").end()


def _is_real(span: Record) -> bool:
    start, end = int(span.raw["startTimeUnixNano"]), int(span.raw["endTimeUnixNano"])
    events = [int(event["timeUnixNano"]) for event in span.raw.get("events", [])]
    is_now = abs(time.time_ns() - start) < 600 * 10**9
    return is_now and start < end and all(start <= at <= end for at in events)


def _are_real(directory: Path) -> None:
    spans = {span.name: span for span in spans_in(directory)}
    assert set(spans) == {"outside", "inside", "after"}
    assert all(_is_real(span) for span in spans.values())
    assert 20_000_000 <= spans["inside"].duration_ns <= spans["outside"].duration_ns


class Step(AbstractContextManager[None]):
    """A clock that is set back by an hour, or frozen, by replacing what `time` and the SDK hold."""

    def __init__(self, patch: pytest.MonkeyPatch, now_ns: Any) -> None:
        self._patch = patch
        self._now_ns = now_ns

    def __enter__(self) -> None:
        self._patch.setattr(time, "time_ns", self._now_ns)
        self._patch.setattr("opentelemetry.sdk.trace.time_ns", self._now_ns)

    def __exit__(self, *_: object) -> None:
        self._patch.undo()


@pytest.mark.parametrize("way", ["frozen", "set back", "time-machine"])
def test_no_frozen_or_shifted_clock_bends_a_span(
    tmp_path: Path, tracing: Tracing, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """Spans of `Tracing.tracer` start now, end later, and hold their events in between."""
    now = time.time_ns
    if way == "time-machine":
        travel = pytest.importorskip("time_machine").travel(0, tick=False)
    else:
        travel = Step(monkeypatch, (lambda: 0) if way == "frozen" else (lambda: now() - 3600 * 10**9))
    trace_something(tracing, travel)
    _are_real(tmp_path)


def test_freezegun_bends_none_either(tmp_path: Path) -> None:
    """In a process of its own: it asks all modules for all they have, which not every one survives."""
    pytest.importorskip("freezegun")
    code = """
        import freezegun
        from tests.tracing.test_real_time import trace_something
        from tracetui.tracing import set_up_tracing
        with set_up_tracing(".", service_name="s") as tracing:
            trace_something(tracing, freezegun.freeze_time("2012-01-01"))
    """
    ran = run_python(code, tmp_path, {"PYTHONPATH": str(Path(__file__).parents[2])})
    assert ran.returncode == 0, ran.stderr
    _are_real(tmp_path)


def test_times_that_are_given_are_kept(tmp_path: Path, tracing: Tracing) -> None:
    """Whoever knows when something began, happened and ended, is believed."""
    span = tracing.tracer.start_span("span", start_time=5)
    span.add_event("event", timestamp=6)
    span.end(7)
    (written,) = spans_in(tmp_path)
    assert (written.raw["startTimeUnixNano"], written.raw["endTimeUnixNano"]) == ("5", "7")
    assert written.raw["events"][0]["timeUnixNano"] == "6"


def test_what_is_not_recorded_has_no_times() -> None:
    """A sampler that records nothing gets the SDK's own span, as without us."""
    provider = RealTimeProvider(sampler=ALWAYS_OFF, shutdown_on_exit=False)
    assert not provider.get_tracer("t").start_span("span").is_recording()
    assert provider.get_tracer("t") is provider.get_tracer("t")


def test_a_with_block_and_a_decorated_function_are_spans(tmp_path: Path, tracing: Tracing) -> None:
    """Both forms nest, every call is a span, and an exception is recorded and goes on."""

    @tracing.tracer.start_as_current_span("function")
    def function(value: int) -> int:
        return 10 // value

    @tracing.tracer.start_as_current_span("coroutine")
    async def coroutine() -> int:
        return function(5)

    with tracing.tracer.start_as_current_span("block"):
        assert function(2) == 5
        assert asyncio.run(coroutine()) == 2
        with pytest.raises(ZeroDivisionError):
            function(0)
    first, nested, outer, failed, block = spans_in(tmp_path)
    names = [span.name for span in (first, nested, outer, failed, block)]
    assert names == ["function", "function", "coroutine", "function", "block"]
    assert [span.parent for span in (first, nested, outer, failed)] == [
        block.id,
        outer.id,
        block.id,
        block.id,
    ]
    assert failed.status == 2
    assert [error["exception.type"] for error in failed.exceptions] == ["ZeroDivisionError"]


def test_an_exception_that_cannot_be_printed_goes_on_as_it_is(tmp_path: Path, tracing: Tracing) -> None:
    """Out of a block, a function, a coroutine and a span: the host gets its own, and it is recorded."""
    error = UnprintableError()

    @tracing.tracer.start_as_current_span("function")
    def function() -> None:
        raise error

    @tracing.tracer.start_as_current_span("coroutine")
    async def coroutine() -> None:
        raise error

    def block() -> None:
        with tracing.tracer.start_as_current_span("block"):
            raise error

    def span() -> None:
        with tracing.tracer.start_span("span"):
            raise error

    for way in (function, lambda: asyncio.run(coroutine()), block, span):
        with pytest.raises(UnprintableError) as caught:
            way()
        assert caught.value is error
    with tracing.tracer.start_as_current_span("recorded") as current:
        current.record_exception(error)
    spans = spans_in(tmp_path)
    assert [span.name for span in spans] == ["function", "coroutine", "block", "span", "recorded"]
    said = "<unprintable UnprintableError>"
    for written in spans:
        (told,) = written.exceptions
        assert (told["exception.type"], told["exception.message"]) == (f"{__name__}.UnprintableError", said)
        assert "raise error" in told["exception.stacktrace"]
    assert {span.raw["status"].get("message") for span in spans} == {f"UnprintableError: {said}", None}


def test_a_value_that_cannot_be_printed_costs_itself(tmp_path: Path, tracing: Tracing) -> None:
    """At the start, later, in a list and in an event: nothing is raised, and what is beside it is there."""
    bad: Any = UnprintableError()
    span = tracing.tracer.start_span("span", attributes={"start": bad, "one": 1})
    span.set_attribute("later", bad)
    span.set_attributes({"list": [bad], "two": 2})
    span.add_event("event", {"bad": bad, "three": 3})
    span.end()
    (written,) = spans_in(tmp_path)
    said = "<unprintable UnprintableError>"
    assert written.attributes == {
        "start": said,
        "one": 1,
        "later": said,
        "list": "[UnprintableError()]",
        "two": 2,
    }
    (event,) = written.raw["events"]
    assert plain(event["attributes"]) == {"bad": said, "three": 3}
