"""What the host's signal handlers raise is the host's, also where it finds us writing a span."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.tracing.recording import run_python
from tracetui.tracing.host.handlers import let_through

PROGRAM = """
    import signal
    from tracetui.tracing import set_up_tracing

    class Handler:
        is_armed, raised = False, 0

        def __call__(self, *_):
            if self.is_armed:
                self.is_armed = False
                self.raised += 1
                raise LookupError("late")

        late = __call__

    handler, caught = Handler(), 0
    signal.signal(signal.SIGALRM, {handler})
    with set_up_tracing("spans", service_name="s", batch_seconds={batch}, warn=lambda _: None) as tracing:
        signal.setitimer(signal.ITIMER_REAL, 0.002, 0.002)
        for _ in range(100):
            try:
                handler.is_armed = True
                while handler.is_armed:
                    tracing.tracer.start_span("span", attributes={{"tracetui.span.role": "test"}}).end()
            except LookupError:
                caught += 1
        signal.setitimer(signal.ITIMER_REAL, 0)
    print(caught, handler.raised)
"""


@pytest.mark.parametrize("handler", ["handler", "handler.late", "lambda *_: handler()"])
@pytest.mark.parametrize("batch", [0, 0.1])
def test_what_a_handler_raises_is_raised(tmp_path: Path, handler: str, batch: float) -> None:
    """An alarm, a hundred times in a loop of nothing but spans: none is swallowed."""
    result = run_python(PROGRAM.format(handler=handler, batch=batch), tmp_path)
    assert result.stdout.split() == ["100", "100"], result.stderr


def test_what_anyone_else_raises_is_not_let_through() -> None:
    """An exception of an enumeration, whose call is what the signals without a handler seem to have."""
    with pytest.raises(ValueError, match="999") as raised:
        signal.Handlers(999)
    let_through(raised.value)


STARTS = """
    import sys, threading
    from tracetui.tracing.host.ticker import Ticker

    def handler(*_):
        raise LookupError("late")

    def start(ticker, number):
        left = [number]

        def trace(frame, event, argument):
            frame.f_trace_opcodes = True
            left[0] -= event == "opcode"
            if left[0] == 0:
                left[0] = -1
                handler()
            return trace

        sys.settrace(trace)
        try:
            ticker.start()
        finally:
            sys.settrace(None)
        return left[0] > 0

    number, raised, is_over = 0, 0, False
    while not is_over:
        number += 1
        ticked = threading.Event()
        ticker = Ticker(ticked.set, 60)
        try:
            is_over = start(ticker, number)
        except LookupError:
            raised += 1
        ticker.start()
        assert ticked.wait({patience})
        ticker.stop()
    print(raised, number - 1)
"""


def test_a_ticker_starts_wherever_a_handler_raises(tmp_path: Path) -> None:
    """Between any two instructions of its start: the host has its exception, and nobody else says a word."""
    result = run_python(STARTS.format(patience=60), tmp_path)
    raised, instructions = map(int, result.stdout.split())
    assert raised == instructions > 20
    assert not result.stderr
