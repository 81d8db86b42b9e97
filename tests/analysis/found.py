"""Findings of spans."""

from tests.builders import T0, Json, S, line, snapshot
from tracetui.analysis.study.findings import Findings, study


def found(*spans: Json) -> Findings:
    """The findings of a recording of `spans`."""
    return study(snapshot(line(*spans)), T0 + S)
