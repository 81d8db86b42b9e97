"""Load units: the identity of a recording's files, wherever they are and however far they have grown."""

import re
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from tracetui.fleet.store.loads import Unit
from tracetui.store.snapshot import Snapshot

if TYPE_CHECKING:
    import pyarrow as pa

_OURS = re.compile(r"(?:.*[/!])?(\d{8}T\d{6}Z-.+-\d+-[0-9a-f]{8})\.(?:traces|logs)\.jsonl", re.DOTALL)
"""Our own files: the one of what has begun and the one of what is over are of one unit."""
_ORDER = ("unit", "role", "start_ns", "span")


def unit_keys(snapshot: Snapshot) -> list[str]:
    """By source its unit: for our own files their unique name, else their first span."""
    source = snapshot.source_id
    order = np.lexsort((snapshot.offset, source))
    sources, first = np.unique(source[order], return_index=True)
    rows = dict(zip(sources.tolist(), order[first].tolist(), strict=True))
    return [
        _digest(ours[1]) if (ours := _OURS.match(label)) else _of_first(snapshot, rows.get(number))
        for number, label in enumerate(snapshot.sources)
    ]


def units(
    snapshot: Snapshot, keys: Sequence[str], facts: "pa.Table", *, with_spans: bool
) -> Mapping[str, Unit]:
    """The facts about each unit that has spans."""
    spans: dict[str, int] = {}
    for key, count in zip(keys, np.bincount(snapshot.source_id, minlength=len(keys)).tolist(), strict=True):
        if count:
            spans[key] = spans.get(key, 0) + count
    digests = _digests(facts)
    kept = "+spans" if with_spans else ""
    return {key: Unit(count, digests.get(key, "") + kept) for key, count in spans.items()}


def _of_first(snapshot: Snapshot, row: int | None) -> str:
    if row is None:
        return ""
    identity = (
        snapshot.trace_id(row),
        snapshot.span_id_text(row),
        snapshot.start_ns[row],
        snapshot.name(row),
    )
    return _digest("\0".join(map(str, identity)))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()


def _digests(facts: "pa.Table") -> dict[str, str]:
    """By unit a digest of its facts, without where they were found."""
    ordered = facts.drop_columns(["source"]).sort_by([(name, "ascending") for name in _ORDER])
    units = np.asarray(ordered["unit"].to_pylist(), object)
    if not len(units):
        return {}
    begins = np.flatnonzero(np.append(True, units[1:] != units[:-1]))
    ends = np.append(begins[1:], len(units))
    return {
        units[begin]: _content(ordered.slice(begin, end - begin))
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)
    }


def _content(rows: "pa.Table") -> str:
    import pyarrow as pa

    sink: Any = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as stream:
        stream.write_table(rows.combine_chunks())
    return blake2b(sink.getvalue(), digest_size=12).hexdigest()
