"""Turns one group of files into one load."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tracetui import units as times
from tracetui.analysis.study.findings import study
from tracetui.errors import InputError
from tracetui.fleet.facts.spans import spans_table
from tracetui.fleet.facts.table import table
from tracetui.fleet.ingest.codeowners import Codeowners, codeowners_near, with_owners
from tracetui.fleet.ingest.groups import Group
from tracetui.fleet.ingest.units import unit_keys, units
from tracetui.fleet.store.loads import Load, Stamp
from tracetui.ingest.ingest import Ingest
from tracetui.ingest.loading import Watch, read_to_end, require_trace
from tracetui.sources.files.regular import RACY_NS
from tracetui.store.snapshot import Snapshot


def read(
    group: Group,
    memory: int | None,
    watch: Watch | None = None,
    *,
    spans: bool,
    codeowners: Codeowners | None = None,
) -> tuple[Load, dict[str, str]]:
    """The load of a group, and by path why a given file holds no trace.

    Owners that the recording does not tell are those of `codeowners`; if None, of the repository it lies in.
    """
    there = {path: stamp for path, stamp in group.files.items() if path == "-" or Path(path).exists()}
    ingest = read_to_end(list(there), memory=memory, watch=watch)
    try:
        findings = study(ingest.table.snapshot(), time.time_ns())
        snapshot = findings.snapshot
        keys = unit_keys(snapshot)
        facts = table(findings, keys, snapshot.sources, _since(snapshot, there))
        facts = with_owners(facts, codeowners or codeowners_near(next(iter(group.files))))
        load = Load(
            facts=facts,
            spans=spans_table(ingest, findings, keys) if spans else None,
            units=units(snapshot, keys, facts, with_spans=spans),
            files=_settled(there),
        )
        return load, _refused(ingest, sorted(group.named))
    finally:
        ingest.close()


def _since(snapshot: Snapshot, files: Mapping[str, Stamp]) -> NDArray[np.int64]:
    """By source what to add to times without a date: as if they had ended when the file was written."""
    since = np.zeros(len(snapshot.sources), np.int64)
    undated = np.flatnonzero(snapshot.start_ns < times.NO_EPOCH)
    ends: dict[int, int] = {}
    for source, row in zip(snapshot.sources_of(undated).tolist(), undated.tolist(), strict=True):
        ends[source] = max(ends.get(source, 0), int(snapshot.end_ns[row]))
    for source, end in ends.items():
        path = snapshot.sources[source].partition("!")[0]
        stamp = files.get(path)
        since[source] = (stamp.modified_ns if stamp and stamp.modified_ns else time.time_ns()) - end
    return since


def _settled(files: Mapping[str, Stamp]) -> dict[str, Stamp]:
    """The files that cannot have changed since without a visible sign."""
    late = time.time_ns() - RACY_NS
    return {path: stamp for path, stamp in files.items() if 0 < stamp.modified_ns < late}


def _refused(ingest: Ingest, named: Sequence[str]) -> dict[str, str]:
    reasons = {}
    for path in named:
        try:
            require_trace(ingest, [path])
        except InputError as error:
            reasons[path] = str(error).removeprefix(f"{path}: ")
    return reasons
