"""A quarter into a run, what is said of its end is kept once, and its end checks it."""

from pathlib import Path

import pytest

from tests.builders import T0, Json, S, case, line, snapshot, span, start_record, table
from tracetui.analysis.forecasts.checks import checked, measured
from tracetui.analysis.study.findings import Findings, study
from tracetui.ingest.forecasts.log import kept
from tracetui.ingest.forecasts.quarter import Quarters, at_a_quarter

HOUR = 3600 * S


def run(start: int, trace: str, tests: int = 40, *, ended: bool = True) -> bytes:
    """Forty tests of a second, of which so many have ended."""
    told = {"tracetui.span.role": "suite", "test.suite.name": "depot"}
    suite = span("depot", told, start=start, end=start + 40 * S if ended else 0, trace=trace, status=1)
    made: list[Json] = [
        case(
            f"a.py::{n}",
            worker="gw0",
            start=start + n * S,
            end=start + (n + 1) * S,
            parent=suite,
            trace=trace,
        )
        for n in range(tests)
    ]
    return line(*made, suite) if ended else line(*made) + start_record(suite)


def live(tests: int) -> Findings:
    """The third run of its name, of which so many tests have ended."""
    earlier = [run(T0 - HOUR, "1" * 32), run(T0 - 2 * HOUR, "2" * 32)]
    sources = table(*earlier, run(T0, "3" * 32, tests, ended=False), settle=False)
    return study(sources.snapshot(), T0 + tests * S)


def test_before_a_quarter_nothing_is_kept() -> None:
    """Nor of a run that is over."""
    assert at_a_quarter(live(8)) is None
    assert at_a_quarter(study(snapshot(run(T0, "3" * 32)), T0 + HOUR)) is None


def test_after_a_quarter_it_is_forty_seconds() -> None:
    """Eleven of forty tests took eleven seconds, as in the runs before."""
    forecast = at_a_quarter(live(11))
    assert forecast is not None
    assert forecast.predicted_ns == pytest.approx(40 * S, rel=0.03)
    assert forecast.low_ns < 40 * S < forecast.high_ns
    assert (forecast.kind, forecast.suite, forecast.start_ns) == ("eta", "depot", T0)


def test_it_is_kept_once_and_checked_by_its_own_end(tmp_path: Path) -> None:
    """By every watcher together, however often they read."""
    (tmp_path / ".gitignore").write_text("*\n")
    for quarters in (Quarters([str(tmp_path)]), Quarters([str(tmp_path)])):
        for tests in (8, 11, 12, 20):
            quarters.note(live(tests))
    (forecast,) = kept([str(tmp_path)])
    over = study(snapshot(run(T0, "3" * 32)), T0 + HOUR)
    (check,) = checked([forecast], measured(over))
    assert check.measured_ns == 40 * S
    assert abs(check.error) < 0.03
