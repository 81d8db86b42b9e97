"""What a filter means, against an oracle that looks at one row after the other."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analysis.graphs import runs
from tests.builders import MS, T0, S, case, line, small_run, snapshot, span
from tracetui import units
from tracetui.analysis.overview.running import lane
from tracetui.analysis.query.filters.attributes import AttributeColumn
from tracetui.analysis.query.filters.completion import complete
from tracetui.analysis.query.filters.evaluate import attribute_keys, evaluate
from tracetui.analysis.query.filters.lens import lens
from tracetui.analysis.query.filters.parser import parse
from tracetui.analysis.query.filters.syntax import And, Condition, Node, Not, Or
from tracetui.analysis.query.filters.vocabulary import vocabulary
from tracetui.analysis.study.findings import Findings, study
from tracetui.model.role import Outcome, Role, StatusCode
from tracetui.store.snapshot import Snapshot

NOW = 100
WORDS = ("", "a", "B", "suite", "hook")
CONDITIONS = st.one_of(
    st.builds(
        Condition,
        st.sampled_from(["name", "suite", "test", "hook", "archiver", "file", "trace"]),
        st.sampled_from([":", "=", "!="]),
        st.sampled_from(WORDS),
    ),
    st.builds(
        Condition,
        st.sampled_from(["name", "suite"]),
        st.sampled_from(["~", "!~"]),
        st.sampled_from(["^a$", "a|b", "x*", "[A-Z]"]),
    ),
    st.builds(
        Condition, st.just("role"), st.sampled_from([":", "!="]), st.sampled_from(["test", "hook,phase"])
    ),
    st.builds(
        Condition, st.just("outcome"), st.just("="), st.sampled_from(["running", "cut_off,bad", "unknown"])
    ),
    st.builds(Condition, st.just("status"), st.just(":"), st.sampled_from(["ok", "error", "unset"])),
    st.builds(
        Condition,
        st.sampled_from(["dur", "total", "own", "self", "start", "end"]),
        st.sampled_from([":", "=", "!=", "<", "<=", ">", ">="]),
        st.integers(0, 50).map(lambda ns: f"{ns}ns"),
    ),
    st.builds(
        Condition,
        st.just("id"),
        st.sampled_from([":", "=", "!=", "~"]),
        st.sampled_from(["0" * 15, f"{3:016x}"]),
    ),
    st.builds(
        Condition,
        st.sampled_from(["attr.x", "attr.none"]),
        st.sampled_from(["", ":", "=", "!=", "~", "<", ">"]),
        st.sampled_from(["1", "20ms", "b"]),
    ),
)
TREES = st.recursive(
    CONDITIONS,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
    ),
    max_leaves=4,
)
AMOUNTS: dict[str, Callable[[Findings, int], int]] = {
    "dur": lambda findings, row: int(findings.times.total[row]),
    "total": lambda findings, row: int(findings.times.total[row]),
    "own": lambda findings, row: int(findings.times.own[row]),
    "self": lambda findings, row: int(findings.times.self_[row]),
    "start": lambda findings, row: int(findings.snapshot.start_ns[row]) - findings.summary.start_ns,
    "end": lambda findings, row: int(findings.times.end[row]) - findings.summary.start_ns,
}
VALUES = ("1", "abc", "30ms", "2.5")


@given(runs(), TREES, st.data())
def test_as_row_by_row(recording: Snapshot, node: Node, data: st.DataObject) -> None:
    """A filter finds the rows that every condition, looked at on its own row, says it finds."""
    findings = study(recording, NOW)
    ids = data.draw(st.lists(st.integers(-1, 3), min_size=len(recording), max_size=len(recording)))
    column = AttributeColumn(np.array(ids, np.int32), VALUES)
    found = evaluate(node, findings, {"x": column})
    assert found.tolist() == [holds(node, findings, row, ids) for row in range(len(recording))]


@given(runs(), TREES)
def test_ancestors_stay(recording: Snapshot, node: Node) -> None:
    """What is visible is what is meant and all above it, nothing else."""
    findings = study(recording, NOW)
    found = lens("", node, findings)
    meant = np.flatnonzero(found.matched).tolist()
    assert set(np.flatnonzero(found.visible).tolist()) == {
        row for each in meant for row in (each, *findings.tree.ancestors(each))
    }
    everything = np.ones(len(recording), np.bool_)
    assert found.hidden(everything) == len(recording) - np.count_nonzero(found.visible)


def holds(node: Node, findings: Findings, row: int, ids: list[int]) -> bool:
    """The oracle."""
    if isinstance(node, Condition):
        return condition_holds(node, findings, row, ids)
    if isinstance(node, Not):
        return not holds(node.inner, findings, row, ids)
    quantifier = all if isinstance(node, And) else any
    return quantifier(holds(part, findings, row, ids) for part in node.parts)


def condition_holds(condition: Condition, findings: Findings, row: int, ids: list[int]) -> bool:
    """The oracle for one condition."""
    if condition.operator.startswith("!"):
        positive = Condition(condition.key, condition.operator[1], condition.value)
        return not condition_holds(positive, findings, row, ids)
    said, words = condition.value, condition.value.split(",")
    recording = findings.snapshot
    match condition.key:
        case "role":
            return Role(int(recording.role[row])).label in words
        case "status":
            return StatusCode(int(recording.status[row])).name.lower() in words
        case "outcome":
            outcome = Outcome(int(recording.outcome[row]))
            return outcome.label in words or ("bad" in words and outcome.bad)
        case "attr.x" | "attr.none":
            return attribute_holds(condition, ids[row] if condition.key == "attr.x" else -1)
    if condition.key in AMOUNTS:
        return compared(condition, AMOUNTS[condition.key](findings, row), units.nanoseconds(said))
    return any(text_holds(condition, text) for text in texts(condition.key, findings, row))


def attribute_holds(condition: Condition, number: int) -> bool:
    """The oracle for an attribute."""
    if number < 0 or not condition.operator:
        return number >= 0
    if condition.operator in ":=~":
        return text_holds(condition, VALUES[number])
    amounts = {"1": 1.0, "30ms": 30e6, "2.5": 2.5, "20ms": 20e6}
    if VALUES[number] not in amounts or condition.value not in amounts:
        return False
    return compared(condition, amounts[VALUES[number]], amounts[condition.value])


def texts(key: str, findings: Findings, row: int) -> list[str]:
    """The texts of a row that a key looks at."""
    recording, tree = findings.snapshot, findings.tree
    if key == "name":
        return [recording.name(row), recording.title(row)]
    if key == "lane":
        named = lane(recording, tree, row)
        return [named] if named else []
    if key in ("trace", "id"):
        return [recording.trace_id(row) if key == "trace" else recording.span_id_text(row)]
    role = "test" if key == "file" else key
    around = [each for each in (row, *tree.ancestors(row)) if Role(int(recording.role[each])).label == role]
    return [
        recording.title(each).partition("::")[0] if key == "file" else recording.title(each)
        for each in around[:1]
    ]


def text_holds(condition: Condition, text: str) -> bool:
    """The oracle for a text; a span id is contained only at its beginning."""
    value = condition.value
    if condition.operator == "~":
        return re.search(value, text, 0 if value != value.lower() else re.IGNORECASE) is not None
    if condition.operator == "=":
        return text == value
    if condition.key == "id":
        return text.startswith(value)
    return value in (text if value != value.lower() else text.lower())


def compared(condition: Condition, left: float, right: float) -> bool:
    """The oracle for an amount."""
    said = condition.operator
    return (
        ("<" in said and left < right)
        or (">" in said and left > right)
        or (said not in "<>" and left == right)
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("role:test", 11),
        ("role:test outcome:bad", 1),
        ("test:test_closes", 4),
        ("file:tests/test_depot.py role:test", 3),
        ("lane:gw0 role:test or lane:gw1 role:test", 11),
        ("[A-B]", 0),
        ("[a-b]", 2),
        ("hook:yard", 1),
        ("role:test dur>600ms not outcome:running", 1),
        ("suite:depot", 45),
    ],
)
def test_small_run(text: str, count: int) -> None:
    """The small run's spans are found by what they are and belong to."""
    node = parse(text)
    assert node
    findings = study(snapshot(small_run()), T0 + 2 * S)
    assert np.count_nonzero(evaluate(node, findings)) == count


def test_packed_lanes() -> None:
    """Where nothing names a worker, the packed lanes do, for all inside a block too."""
    first = case("a", start=T0, end=T0 + 10 * MS)
    inner = span("inside", start=T0, end=T0 + MS, parent=first)
    second = case("b", start=T0 + MS, end=T0 + 9 * MS)
    node = parse("lane:job0")
    assert node
    findings = study(snapshot(line(first, inner, second)), T0 + S)
    assert evaluate(node, findings).tolist() == [True, True, False]


def shards() -> Findings:
    """Two shards of the workers gw0 and gw1, a test on each."""
    files = []
    for number in (1, 2):
        told, trace = {"tracetui.span.role": "suite", "test.suite.name": "s"}, f"{number:032x}"
        top = span("s", told, end=T0 + S, trace=trace)
        tests = [case(f"t{number}{gw}", worker=gw, parent=top, trace=trace) for gw in ("gw0", "gw1")]
        inner = span(f"in {number}", parent=tests[0], trace=trace)
        resource = {"ci.node.index": str(number), "ci.node.total": "2", "cicd.pipeline.run.id": "7"}
        files.append(line(top, *tests, inner, resource=resource))
    return study(snapshot(*files), T0 + 2 * S)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("lane:gw0", ["in 1", "in 2", "t1gw0", "t2gw0"]),
        ("lane=gw0", ["in 1", "in 2", "t1gw0", "t2gw0"]),
        ('lane:"shard 2/2:gw0"', ["in 2", "t2gw0"]),
        ('lane="shard 2/2:gw0"', ["in 2", "t2gw0"]),
        ('lane:"shard 1/2"', ["in 1", "t1gw0", "t1gw1"]),
        ('lane~"2/2:gw[1]"', ["t2gw1"]),
        ('name~"t|in" not lane:"shard 2/2:gw0"', ["in 1", "t1gw0", "t1gw1", "t2gw1"]),
        ('lane="shard 2/2"', []),
    ],
)
def test_a_lane_of_one_shard(text: str, names: list[str]) -> None:
    """A worker's name means that worker of all shards, a lane's whole name the one lane."""
    node, found = parse(text), shards()
    assert node
    rows = np.flatnonzero(evaluate(node, found)).tolist()
    assert sorted(found.snapshot.title(row) for row in rows) == names


@pytest.mark.parametrize(("text", "count"), [("lane=job0", 2), ('lane="a:job0"', 1), ("lane:job0", 2)])
def test_an_inferred_lane_of_one_suite(text: str, count: int) -> None:
    """The same holds where nothing names workers."""
    tops = [span(name, {"tracetui.span.role": "suite"}, end=T0 + S) for name in "ab"]
    node = parse(text)
    assert node
    found = study(
        snapshot(line(*tops, *(case(f"t{top['name']}", parent=top, end=T0 + S) for top in tops))), T0 + S
    )
    assert np.count_nonzero(evaluate(node, found)) == count


def test_every_lane_is_offered() -> None:
    """Workers, and the names that tell them apart, spelled so that the filter is read again."""
    found = shards()
    offered = [each.text for each in complete("lane:", vocabulary(found, ()))]
    assert offered[:2] == ["lane:gw0 ", "lane:gw1 "]
    assert sorted(offered[2:]) == [
        f'lane:"shard {number}/2:{gw}" ' for number in (1, 2) for gw in ("gw0", "gw1")
    ]
    for text in offered:
        node = parse(text)
        assert node
        assert evaluate(node, found).any()


def test_hostile_pattern() -> None:
    """A pattern that would keep a backtracking engine busy for ever is answered."""
    node = parse("name~^(a+)+$")
    assert node
    findings = study(snapshot(line(case("a" * 4000 + "!"))), T0)
    assert not evaluate(node, findings).any()


def test_texts_that_are_no_unicode() -> None:
    """Half surrogates in a name or a pattern hurt nobody."""
    node = parse("name~x\ud800 or name~x")
    assert node
    findings = study(snapshot(line(case("x\ud83d"))), T0)
    assert evaluate(node, findings).tolist() == [True]


def test_attribute_keys() -> None:
    """The attributes that a filter needs are known before it is at work."""
    assert attribute_keys(parse('attr.a>1 or not (attr."b c" x)')) == {"a", "b c"}
    assert attribute_keys(None) == frozenset()
