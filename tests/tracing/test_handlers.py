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
