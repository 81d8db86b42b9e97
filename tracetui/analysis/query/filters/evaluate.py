"""Evaluates a filter: conditions on columns, a whole snapshot at once; each distinct text is tested once."""

from collections.abc import Callable, Mapping
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.query.filters.attributes import AttributeColumn
from tracetui.analysis.query.filters.keys import ATTRIBUTE, BAD, KEYS, Kind, choices
from tracetui.analysis.query.filters.patterns import test_for
from tracetui.analysis.query.filters.places import Texts, around, files, lanes, used_ids
from tracetui.analysis.query.filters.syntax import Condition, Node, Not, Or, conditions
from tracetui.analysis.study.findings import Findings
from tracetui.model.numbers.distinct import among
from tracetui.model.role import Outcome, Role, StatusCode

Rows = NDArray[np.bool_]
Columns = Mapping[str, AttributeColumn]

NO_COLUMNS: Columns = {}


def evaluate(node: Node, findings: Findings, columns: Columns = NO_COLUMNS) -> Rows:
    """By row, whether it matches the filter.

    `columns` holds the attributes that `attribute_keys` names; a key without a column is one that no span
    has.
    """
    if isinstance(node, Condition):
        return _condition(node, findings, columns)
    if isinstance(node, Not):
        return ~evaluate(node.inner, findings, columns)
    join = np.logical_or if isinstance(node, Or) else np.logical_and
    rows: Rows = reduce(join, (evaluate(part, findings, columns) for part in node.parts))
    return rows


def attribute_keys(node: Node | None) -> frozenset[str]:
    """The attribute keys that a filter uses."""
    asked = conditions(node) if node else []
    return frozenset(
        condition.key.removeprefix(ATTRIBUTE) for condition in asked if condition.key.startswith(ATTRIBUTE)
    )


def _condition(condition: Condition, findings: Findings, columns: Columns) -> Rows:
    if condition.operator in ("!=", "!~"):
        positive = Condition(condition.key, condition.operator[1], condition.value)
        return ~_condition(positive, findings, columns)
    if condition.key.startswith(ATTRIBUTE):
        column = columns.get(condition.key.removeprefix(ATTRIBUTE))
        return _attribute(condition, column, len(findings.snapshot))
    kind = KEYS[condition.key].kind
    if kind is Kind.CHOICE:
        return _choice(condition, findings)
    if kind is Kind.DURATION:
        return _compared(
            condition.operator, _AMOUNTS[condition.key](findings), units.nanoseconds(condition.value)
        )
    return _text(condition, findings)


def _choice(condition: Condition, findings: Findings) -> Rows:
    snapshot = findings.snapshot
    words = choices(condition)
    if condition.key == "role":
        return among(snapshot.role, [role for role in Role if role.label in words])
    if condition.key == "status":
        return among(snapshot.status, [code for code in StatusCode if code.name.lower() in words])
    wanted = [outcome for outcome in Outcome if outcome.label in words or (outcome.bad and BAD in words)]
    return among(snapshot.outcome, wanted)


_AMOUNTS: Mapping[str, Callable[[Findings], NDArray[np.int64]]] = {
    "dur": lambda findings: findings.times.total[:],
    "total": lambda findings: findings.times.total[:],
    "own": lambda findings: findings.times.own,
    "self": lambda findings: findings.times.self_[:],
    "start": lambda findings: findings.snapshot.start_ns - findings.summary.start_ns,
    "end": lambda findings: findings.times.end[:] - findings.summary.start_ns,
}

_TEXTS: Mapping[str, Callable[[Findings], Texts]] = {
    "suite": lambda findings: around(findings, Role.SUITE),
    "test": lambda findings: around(findings, Role.TEST),
    "hook": lambda findings: around(findings, Role.HOOK),
    "archiver": lambda findings: around(findings, Role.ARCHIVER),
    "file": files,
    "trace": lambda findings: Texts(findings.snapshot.trace_index, findings.snapshot.trace_ids),
}


def _compared(operator: str, left: NDArray[np.generic], right: float) -> Rows:
    compare: Mapping[str, Callable[[NDArray[np.generic], float], Rows]] = {
        "<": np.less,
        "<=": np.less_equal,
        ">": np.greater,
        ">=": np.greater_equal,
    }
    return compare.get(operator, np.equal)(left, right)


def _text(condition: Condition, findings: Findings) -> Rows:
    if condition.key == "id":
        return _ids(condition, findings)
    if condition.key == "lane":
        return reduce(np.logical_or, (_tested(condition, texts) for texts in lanes(findings)))
    if condition.key != "name":
        return _tested(condition, _TEXTS[condition.key](findings))
    snapshot = findings.snapshot
    both = Texts(np.concatenate([snapshot.title_id, snapshot.name_id]), snapshot.texts)
    by_title, by_name = _tested(condition, both).reshape(2, -1)
    return by_title | by_name


def _tested(condition: Condition, texts: Texts) -> Rows:
    test = test_for(condition.operator, condition.value)
    good = np.zeros(len(texts.values) + 1, np.bool_)
    for number in used_ids(texts.ids, len(texts.values)).tolist():
        good[number] = test(texts.values[number])
    return good[texts.ids]


def _ids(condition: Condition, findings: Findings) -> Rows:
    """Matches span ids by their first digits, without formatting every one."""
    snapshot, value = findings.snapshot, condition.value.lower()
    if (
        condition.operator == "~"
        or any(digit not in "0123456789abcdef" for digit in value)
        or len(value) > 16
    ):
        numbers, places = np.unique(snapshot.span_id, return_inverse=True)
        spelled = [snapshot.opaque_ids.get(number) or f"{number:016x}" for number in numbers.tolist()]
        return _tested(condition, Texts(places.astype(np.int32), spelled))
    shift = 4 * (16 - len(value)) if condition.operator == ":" else 0
    low = int(value or "0", 16) << shift
    high = low | ((1 << shift) - 1)
    within: Rows = (snapshot.span_id >= np.uint64(low)) & (snapshot.span_id <= np.uint64(high))
    return within


def _attribute(condition: Condition, column: AttributeColumn | None, rows: int) -> Rows:
    if column is None:
        return np.zeros(rows, np.bool_)
    ids = column.resized(rows)
    if not condition.operator:
        return ids >= 0
    if condition.operator in (":", "=", "~"):
        return _tested(condition, Texts(ids, column.values))
    numbers = np.array([*map(_number, column.values), np.nan])
    return _compared(condition.operator, numbers[ids], _number(condition.value))


def _number(text: str) -> float:
    """A number or a duration (in ns); NaN, for which no comparison holds, if it is neither."""
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return float(units.nanoseconds(text))
    except ValueError:
        return float("nan")
