"""What every format is tried on: recordings of real writers, and names that mean something to a parser."""

from pathlib import Path

from tests.builders import HOSTILE_NAMES

DATA = Path(__file__).parents[1] / "data"
SAMPLES = [
    *(DATA / "resmoke" / name for name in ("core-analyzer", "evergreen", "local-pretty")),
    *(DATA / "runs" / name for name in ("hookfail", "nested", "setuponly", "shards_late")),
    DATA / "dialects" / "tracetui-reruns.traces.jsonl",
    DATA / "dialects" / "pytest-opentelemetry-1.1.0.jsonl",
]
NAMES = (*HOSTILE_NAMES, 'a.py::"quoted", and\nmore', "=cmd|' /C calc'!A0", "a.py::\x00\x7f\x9b")
