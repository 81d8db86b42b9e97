"""What every format is tried on: recordings of real writers, and names that mean something to a parser."""

from pathlib import Path

from tests.builders import HOSTILE_NAMES, T0, S, case, exception, line, span

DATA = Path(__file__).parents[1] / "data"
SAMPLES = [
    *(DATA / "resmoke" / name for name in ("core-analyzer", "evergreen", "local-pretty")),
    *(DATA / "runs" / name for name in ("hookfail", "nested", "setuponly", "shards_late")),
    DATA / "dialects" / "tracetui-reruns.traces.jsonl",
    DATA / "dialects" / "pytest-opentelemetry-1.1.0.jsonl",
]
NAMES = (*HOSTILE_NAMES, 'a.py::"quoted", and\nmore', "=cmd|' /C calc'!A0", "a.py::\x00\x7f\x9b")


def awkward(path: Path) -> Path:
    """A file of what is hard to draw: names, tests at once on a lane, clocks apart, events, no length."""
    spans = [
        case(name, worker="gw\x1b[2J0", start=T0 + number * S, end=T0 + (number + 1) * S)
        for number, name in enumerate(NAMES)
    ]
    spans += [
        case(f"b.py::{name}", worker="gw1", start=T0 + start, end=T0 + end, events=events)
        for name, start, end, events in (
            ("long", 0, 3 * S, [exception(at=T0 + S), exception("KeyError", at=T0 + 9 * S)]),
            ("at once", S, 2 * S, ()),
            ("next", 3 * S - 1000, 4 * S, ()),
            ("nothing", 5 * S, 5 * S, ()),
            ("longest", 6 * S, 10**6 * S + 1, ()),
        )
    ]
    spans += [span("inner", start=T0 + S // 2, end=T0 + S, parent=test) for test in spans]
    path.write_bytes(line(*spans))
    return path
