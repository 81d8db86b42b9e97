"""One declaration of the columns: what is derived from it has all of them."""

import numpy as np
import pytest
from msgspec.structs import replace

from tests.builders import T0, S, case, line, snapshot, span
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.model.batch import LISTS
from tracetui.model.columns import (
    JUDGED,
    SHARED,
    STORED,
    SharedColumns,
    SpanColumns,
    StoredColumns,
    joined,
)
from tracetui.model.interned import Interned
from tracetui.model.role import HookKind
from tracetui.store.snapshot import Snapshot

HOOK = {"tracetui.span.role": "hook", "tracetui.fixture.scope": "module", "tracetui.hook.when": "setup"}


@pytest.mark.parametrize("arrays", [SpanColumns, StoredColumns, Snapshot])
def test_shared_columns_go_all_the_way(arrays: type[SharedColumns]) -> None:
    """Formats, the store and snapshots have each of them; only the last two have those of the store."""
    names = set(arrays.__struct_fields__)
    assert set(SHARED) <= names
    assert (set(STORED) <= names) == (arrays is not SpanColumns)


def test_each_shared_column_is_given_by_a_batch() -> None:
    """Either its lists have it, or the rules say it."""
    assert set(SHARED) == set(LISTS) & set(SHARED) | set(JUDGED)
    assert not set(LISTS) & set(JUDGED)


@pytest.mark.parametrize("count", [1, 200])
def test_what_the_rules_say_reaches_the_snapshot(count: int) -> None:
    """One by one or in bulk, with the type that was declared."""
    hooks = [span("db setup", HOOK, start=T0 + at, end=T0 + S) for at in range(count)]
    read = snapshot(line(case("t", start=T0, end=T0 + S), *hooks))
    assert sorted(read.hook_kind.tolist()) == [HookKind.PROJECT] + [HookKind.MODULE] * count
    assert {name: getattr(read, name).dtype for name in STORED} == {
        name: np.dtype(dtype) for name, dtype in STORED.items()
    }


def test_neighbours_that_number_the_same_are_one() -> None:
    """All of their columns in order; parts that number other things, or know more, stay by themselves."""
    reader = OtlpJson()
    reader.feed(b"".join(line(span(f"span {number}", start=T0 + number)) for number in range(6)))
    [whole] = reader.take().columns()
    parts = [_part(whole, slice(0, 2)), _part(whole, slice(2, 3)), _part(whole, slice(3, 6))]
    [one] = joined(parts)
    for name in SpanColumns.__struct_fields__:
        assert np.array_equal(getattr(one, name), getattr(whole, name)), name
    knows_more = replace(parts[1], half=np.ones(1, np.uint8))
    other = replace(parts[1], texts=Interned())
    for odd in (knows_more, other):
        assert list(map(len, joined([parts[0], odd, parts[2]]))) == [2, 1, 3]


def _part(whole: SpanColumns, some: slice) -> SpanColumns:
    columns = {name: getattr(whole, name) for name in SpanColumns.__struct_fields__}
    return replace(
        whole, **{name: column[some] for name, column in columns.items() if isinstance(column, np.ndarray)}
    )
