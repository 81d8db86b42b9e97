"""Recordings under way, in batches: what a study that adds to the one before has to cope with."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, cast

from hypothesis import strategies as st

from tests.builders import MS, T0, Json, S, heartbeat, line, span, start_record
from tracetui.analysis.counting.counting import counted
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.study.step import Step, between
from tracetui.analysis.time.clocks import trusted
from tracetui.analysis.tree.tree import build
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.store.snapshot import Snapshot
from tracetui.store.table import SpanTable

DAY = 86_400 * S
ROLES = ("suite", "worker", "test", "phase", "phase", "hook", "")
AT = (0, 5 * MS, S, 2 * S, 61 * S, 62 * S, 125 * S)
ODD = (-2 * DAY, 2 * DAY, -DAY // 2, -T0)
SOURCES = 3

Batches = list[list[tuple[int, bytes]]]


@st.composite
def processes(draw: st.DrawFn, odd: Sequence[int] = ()) -> Batches:
    """Records of spans of several processes, by source, in batches; `odd` times are seldom, from T0 on."""
    made: list[tuple[Json, dict[str, Any]]] = []
    for number in range(draw(st.integers(1, 12))):
        above = draw(st.integers(-1, number - 1))
        start = T0 + draw(st.sampled_from((*AT * 3, *odd)))
        role = draw(st.sampled_from(ROLES))
        told: dict[str, Any] = {"tracetui.span.role": role} if role else {}
        if role in ("suite", "test"):
            told[f"test.{role if role == 'suite' else 'case'}.name"] = f"n{number % 3}"
        if role == "suite" and draw(st.booleans()):
            told["test.suite.run.status"] = "success"
        if role == "test":
            told["pytest.outcome"] = draw(st.sampled_from(("passed", "passed", "failed", "skipped", "rerun")))
        name = draw(st.sampled_from(("setup", "call", "teardown"))) if role == "phase" else f"n{number % 3}"
        made.append(
            (
                span(
                    name,
                    told,
                    id=f"{number + 1:016x}",
                    parent=made[above][0] if above >= 0 else None,
                    start=start,
                    end=start + draw(st.sampled_from(AT)),
                ),
                _resource(draw(st.integers(0, 3))),
            )
        )
    records = [line(each, resource=told) for each, told in made if draw(st.integers(0, 4))]
    records += [start_record(each, resource=told) for each, told in made if draw(st.booleans())]
    records += [heartbeat(T0 + at * 30 * S) for at in draw(st.lists(st.integers(-1, 3), max_size=4))]
    order = [(draw(st.integers(0, SOURCES - 1)), record) for record in draw(st.permutations(records))]
    cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=6)))
    return [order[begin:end] for begin, end in pairwise([0, *cuts, len(order)])]


def _resource(pid: int) -> dict[str, Any]:
    return {"service.name": "depot", **({"host.name": "here", "process.pid": pid} if pid else {})}


class Looked(NamedTuple):
    """A study of the whole, as far as counting goes, the step to it, and the snapshot before it counted."""

    step: Step | None
    whole: Findings
    timed: Snapshot


def looked_at(batches: Batches, gone: int = -1) -> Iterator[Looked]:
    """What is found after each batch; before one of them all that is open is cut off."""
    table, last = SpanTable(), None
    for number in range(SOURCES):
        table.add_source(f"source{number}")
    for place, batch in enumerate([[], *batches]):
        for source, record in batch:
            reader = OtlpJson()
            reader.feed(record)
            table.append(source, reader.take())
        if place == gone:
            table.set_gone(range(SOURCES))
        snapshot = table.snapshot()
        step = between(last, snapshot)
        tree = build(snapshot)
        timed, clocks = trusted(snapshot, tree, now := T0 + 130 * S)
        seen, uncounted = counted(timed, tree)
        nothing = cast(Any, None)
        last = Findings(seen, now, tree, nothing, nothing, snapshot, clocks, uncounted)
        yield Looked(step, last, timed)
