"""What the system says of waiting for a processor, and what a run writes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tracing.recording import run_pytest, spans_in, with_role, write_suite
from tracetui.tracing.host import run_queue
from tracetui.tracing.host.run_queue import PRESSURE, RUN_QUEUE, waited_ns, waited_since

TELLS = waited_ns()


@pytest.mark.parametrize(
    ("thread", "machine", "expected"),
    [
        ("7 42 3\n", "some avg10=0.00 total=9\nfull avg10=0.00 total=5\n", {RUN_QUEUE: 42, PRESSURE: 9000}),
        ("7 42 3\n", "full avg10=0.00 total=5\n", {RUN_QUEUE: 42}),
        ("7\n", "some avg10=0.00 total=9\n", {PRESSURE: 9000}),
        ("", "some", {}),
        ("one two", "", {}),
        (None, None, {}),
    ],
)
def test_what_the_system_does_not_tell_is_left_out(
    tmp_path: Path, thread: str | None, machine: str | None, expected: dict[str, int]
) -> None:
    """Of any text; a kernel may have been built without either."""
    for name, text in (("thread", thread), ("machine", machine)):
        if text is not None:
            (tmp_path / name).write_text(text)
    assert waited_ns(str(tmp_path / "thread"), str(tmp_path / "machine")) == expected


def test_a_difference_is_of_what_both_readings_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another thread may count less."""
    monkeypatch.setattr(run_queue, "waited_ns", lambda: {RUN_QUEUE: 5, PRESSURE: 30})
    assert waited_since({RUN_QUEUE: 9}) == {RUN_QUEUE: 0}
    assert waited_since({PRESSURE: 10}) == {PRESSURE: 20}


@pytest.mark.skipif(not TELLS, reason="the system does not tell")
@pytest.mark.parametrize("workers", [0, 2])
def test_suite_and_workers_tell_how_long_they_waited(tmp_path: Path, workers: int) -> None:
    """As far as the system does."""
    write_suite(tmp_path, test_work="def test_one(): pass")
    result = run_pytest(tmp_path, "--tracetui", *(["-n", str(workers)] if workers else []))
    assert result.returncode == 0, result.stdout
    spans = spans_in(tmp_path / "spans")
    tell = with_role(spans, "suite") + with_role(spans, "worker")
    assert len(tell) == 1 + workers
    for span in tell:
        assert span.attributes.keys() >= TELLS.keys()
