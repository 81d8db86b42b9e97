"""Whose context is current, and what is shown of open spans, before and after the end of a tracing."""

from __future__ import annotations

from pathlib import Path

import pytest
from opentelemetry import context as contexts
from opentelemetry.context import Context

from tests.tracing.made_spans import span_with
from tests.tracing.recording import live_in, spans_in, starts_in
from tracetui.tracing import Tracing, set_up_tracing
from tracetui.tracing.spans import root_processor

S = 1_000_000_000
MINE = Context({"whose": "the program's"})


def set_up(directory: Path, *, is_global: bool = True) -> Tracing:
    return set_up_tracing(directory, service_name="s", is_global=is_global)


def test_the_context_of_before_is_current_again(tmp_path: Path) -> None:
    """Once the tracing that had made its own current has ended."""
    contexts.attach(MINE)
    tracing = set_up(tmp_path)
    assert contexts.get_current() is tracing.context
    tracing.shutdown()
    assert contexts.get_current() is MINE


@pytest.mark.parametrize("is_global", [False, True])
def test_the_context_of_others_stays(tmp_path: Path, is_global: bool) -> None:
    """What the program has attached since is not taken away from it."""
    tracing = set_up(tmp_path, is_global=is_global)
    contexts.attach(MINE)
    tracing.shutdown()
    assert contexts.get_current() is MINE


def test_a_span_that_others_made_is_shown_until_it_is_forgotten(tmp_path: Path) -> None:
    """By a start record, before a pause and after it; it is never written by itself."""
    root = span_with(parent=None)
    with set_up(tmp_path) as tracing:
        for _ in range(2):
            tracing.sinks.started(root)
            assert [start.attributes["tracetui.span.name"] for start in starts_in(tmp_path)] == [root.name]
            tracing.sinks.forget(root)
            tracing.sinks.pause()
            assert live_in(tmp_path) == []
    assert spans_in(tmp_path) == []


class Deadlines:
    """A sink that is asked to deliver what is queued."""

    def __init__(self) -> None:
        self.until_ns: list[int] = []

    def force_flush(self, until_ns: int) -> bool:
        self.until_ns.append(until_ns)
        return True


def test_a_pause_delivers_for_as_long_as_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """1.9 s at most, to the millisecond."""
    sink = Deadlines()
    with set_up(tmp_path) as tracing, monkeypatch.context() as patched:
        patched.setattr(tracing.sinks, "tees", [sink])
        patched.setattr(root_processor, "now_ns", lambda: 7 * S)
        tracing.sinks.pause()
    assert sink.until_ns == [7 * S + 1_900_000_000]
