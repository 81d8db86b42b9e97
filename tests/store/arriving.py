"""Records that arrive in any order, and all that must not depend on it."""

from collections.abc import Sequence

from hypothesis import strategies as st

from tests.builders import Json, compact, document, span, start_record
from tracetui.analysis.tree.tree import build
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.store.snapshot import Snapshot
from tracetui.store.table import SpanTable

IDS = [f"{number:016x}" for number in range(1, 5)]
TRACES = ["a" * 32, "b" * 32]


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """One record of a span: finished, started, or written without its end."""
    start = draw(st.integers(1, 3))
    made = span(
        draw(st.sampled_from("xy")),
        {"pytest.xdist.worker": "gw1"} if draw(st.booleans()) else {},
        trace=draw(st.sampled_from(TRACES)),
        id=draw(st.sampled_from(IDS)),
        parent=draw(st.sampled_from(["", "f" * 16, *IDS])),
        start=start,
        end=start + draw(st.integers(0, 3)),
        status=draw(st.integers(0, 2)),
    )
    made_by = draw(st.sampled_from((finished, finished, unfinished, started)))
    return made_by(made)


def finished(made: Json) -> bytes:
    return compact(document(made))


def started(made: Json) -> bytes:
    return start_record(made)


def unfinished(made: Json) -> bytes:
    return compact(document({key: made[key] for key in made if key != "endTimeUnixNano"}))


def store(parts: Sequence[Sequence[bytes]], *, finish: bool = False) -> Snapshot:
    """A store that got each part as one batch of a source of its own, looked at or finished in between."""
    table = SpanTable()
    for part in parts:
        source = table.add_source("x")
        reader = OtlpJson()
        reader.feed(b"".join(part))
        table.append(source, reader.take())
        if finish:
            table.finish()
        table.snapshot()
    return table.snapshot()


def told(snapshot: Snapshot) -> object:
    """Everything that must not depend on arrival: spans in display order by identity, and counts."""
    tree = build(snapshot)
    place = {int(row): number for number, row in enumerate(tree.order)}
    spans = [
        (
            snapshot.trace_id(row),
            snapshot.span_id_text(row),
            snapshot.name(row),
            snapshot.worker(row),
            int(snapshot.start_ns[row]),
            int(snapshot.end_ns[row]),
            int(snapshot.status[row]),
            int(snapshot.outcome[row]),
            place.get(int(tree.parent[row])),
            int(tree.depth[row]),
            int(tree.size[row]),
        )
        for row in map(int, tree.order)
    ]
    health = snapshot.health
    return spans, health.duplicates, health.collisions, tree.cycles, snapshot.orphans
