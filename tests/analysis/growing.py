"""A store that grows by records of several runs."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from tests.analysis.alike import compare
from tests.builders import T0, Json, S, case, line, span, start_record
from tracetui.analysis.study.findings import study
from tracetui.analysis.study.study import Study
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.store.snapshot import Snapshot
from tracetui.store.table import SpanTable

Record = tuple[int, bytes]
RESOURCES: Sequence[dict[str, Any]] = (
    {"service.name": "depot"},
    {"service.name": "other", "process.pid": 7, "host.name": "h"},
    {"service.name": "depot", "cicd.pipeline.run.id": "1", "cicd.pipeline.task.name": "a"},
    {"service.name": "depot", "cicd.pipeline.run.id": "1", "cicd.pipeline.task.name": "b"},
    {"service.name": "depot", "cicd.pipeline.run.id": "2", "ci.node.index": 1, "ci.node.total": 2},
)
ROLES = ("suite", "worker", "test", "test", "phase", "hook", "archiver", "")
OUTCOMES = ("passed", "passed", "failed", "error", "skipped", "rerun")
SOURCES = ("d/run.jsonl", "d/run1.jsonl", "other.jsonl", "live/run.logs.jsonl")


class Growing:
    """A store of several sources, and a study of it."""

    def __init__(self) -> None:
        self.table = SpanTable()
        for label in SOURCES:
            self.table.add_source(label)
        self.study = Study()

    def add(self, records: Sequence[Record]) -> Snapshot:
        for source, record in records:
            reader = OtlpJson()
            reader.feed(record)
            self.table.append(source, reader.take())
        return self.table.snapshot()

    def check(self, now_ns: int) -> bool:
        """Whether runs grew; they are those that are found anew in any case."""
        snapshot = self.table.snapshot()
        grown = self.study(snapshot, now_ns)
        compare(grown.runs, study(snapshot, now_ns).runs, "runs")
        return self.study._kept.runs.grew


@st.composite
def recordings(draw: st.DrawFn) -> list[list[Record]]:
    """Records of spans of several runs, in batches of any order: started, ended, or both, here or there."""
    made: list[Json] = []
    for number in range(draw(st.integers(1, 16))):
        above = draw(st.integers(-2, number - 1))
        parent = made[above] if above >= 0 else None
        start = T0 + draw(st.sampled_from((0, 0, 1, 2, 3, 12, 5000))) * S
        role = draw(st.sampled_from(ROLES))
        told = {"tracetui.span.role": role} if role else {}
        if draw(st.booleans()):
            told["cicd.pipeline.run.id"] = draw(st.sampled_from("12"))
        name = f"n{draw(st.integers(0, 3))}"
        more: dict[str, Any] = {
            "start": start,
            "end": start + draw(st.integers(0, 3)) * S,
            "parent": parent,
            "trace": parent["traceId"] if parent else draw(st.sampled_from("ab")) * 32,
            "id": f"{number + 1:016x}",
        }
        is_test = role == "test"
        outcome = draw(st.sampled_from(OUTCOMES))
        made.append(
            case(name, outcome, **more)
            if is_test
            else span(name, told, status=draw(st.sampled_from((0, 1, 2))), **more)
        )
    records = [_record(draw, each) for each in made if draw(st.integers(0, 5))]
    records += [_started(draw, each) for each in made if draw(st.booleans())]
    order = draw(st.permutations(records))
    cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=6)))
    return [order[begin:end] for begin, end in pairwise([0, *cuts, len(order)])]


def _record(draw: st.DrawFn, made: Json) -> Record:
    return draw(st.integers(0, 2)), line(made, resource=draw(st.sampled_from(RESOURCES)))


def _started(draw: st.DrawFn, made: Json) -> Record:
    return 3, start_record(made, resource=draw(st.sampled_from(RESOURCES)))
