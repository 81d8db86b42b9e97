"""Random test runs as spans, and what analysis should make of them, worked out the slow way."""

from hypothesis import strategies as st

from tests.builders import Json, line, snapshot, span
from tracetui.store.snapshot import Snapshot

OUTCOMES = ("", "", "passed", "failed", "error", "xfailed")
ROLES = ("suite", "worker", "test", "phase", "hook", "archiver", "other")


@st.composite
def runs(draw: st.DrawFn, most: int = 14) -> Snapshot:
    """Spans whose parents may be anyone: themselves, younger ones, each other, nobody."""
    count = draw(st.integers(0, most))
    ids = [f"{number + 1:016x}" for number in range(count)]
    parents = st.sampled_from(["", "f" * 16, *ids])
    return snapshot(line(*(draw(spans(id_, parents)) for id_ in ids)))


@st.composite
def spans(draw: st.DrawFn, id_: str, parents: st.SearchStrategy[str]) -> Json:
    role = draw(st.sampled_from(ROLES))
    attributes = {"tracetui.span.role": role, "test.suite.name": "suite"}
    if role in ("hook", "archiver") and draw(st.booleans()):
        attributes["tracetui.fixture.scope"] = "function"
    key = "test.suite.run.status" if role == "suite" else "pytest.outcome"
    attributes[key] = draw(st.sampled_from(OUTCOMES))
    start = draw(st.integers(1, 30))
    end = draw(st.sampled_from([0, start, start + 3, start + 10, start + 40]))
    return span(draw(st.sampled_from("abc")), attributes, id=id_, parent=draw(parents), start=start, end=end)


def ancestors(parent: list[int], row: int) -> list[int]:
    """The rows above, the nearest first, each once."""
    found: list[int] = []
    above = parent[row]
    while above >= 0 and above not in (row, *found):
        found.append(above)
        above = parent[above]
    return found
