"""What a stretch of time holds."""

import numpy as np

from tests.builders import T0, S, case, line, snapshot, span
from tracetui.analysis.study.findings import Findings, study
from tracetui.analysis.timeline.area import Area, area
from tracetui.analysis.timeline.window import Window


def of(*spans: bytes) -> Findings:
    return study(snapshot(b"".join(spans)), T0 + 100 * S)


def test_tests() -> None:
    """Of each test what lies inside; one that only touches the stretch is not in it."""
    cases = [case(f"t{start}", start=T0 + start * S, end=T0 + (start + 4) * S) for start in (0, 2, 4, 6)]
    findings = of(*map(line, cases))
    window = Window(T0 + 4 * S, T0 + 6 * S)
    assert area(findings, window) == Area(2, 4 * S, tests=True)
    none = np.zeros(len(findings.snapshot), np.bool_)
    assert area(findings, window, none) == Area(0, 0, tests=False)


def test_other_spans() -> None:
    """Where no test is inside, all spans count."""
    spans = [span("a", start=T0, end=T0 + 3 * S), span("b", start=T0 + S, end=T0 + 2 * S)]
    assert area(of(*map(line, spans)), Window(T0, T0 + 2 * S)) == Area(2, 3 * S, tests=False)
