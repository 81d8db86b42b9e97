"""Recordings in `tests/data`, read as `tracetui open` reads them."""

from pathlib import Path

from tests.builders import T0
from tracetui.analysis.study.findings import Findings, study
from tracetui.ingest import load

RUNS = Path(__file__).parent / "data" / "runs"


def recorded(*paths: Path, now_ns: int = T0) -> Findings:
    """The findings of files or directories at `now_ns`, by default within days of when all were recorded."""
    return study(load([str(path) for path in paths]).table.snapshot(), now_ns)
