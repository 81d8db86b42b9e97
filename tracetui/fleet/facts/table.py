"""Facts of a recording as an Arrow table with the columns of `schema.FACTS`."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.history.run_records import workers_of_jobs
from tracetui.analysis.ranking.rank_keys import AFTER_TEST, BEFORE_TEST
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.tree.tree import nearest
from tracetui.fleet.facts.selected import AFTER, BEFORE, NO_DERIVED, Selected, selected
from tracetui.fleet.schema import FACTS
from tracetui.fleet.schema.types import arrow_schema
from tracetui.model.numbers.distinct import distinct
from tracetui.model.numbers.processor_time import UNKNOWN
from tracetui.model.resource_facts import ResourceFacts
from tracetui.model.role import HookKind, Outcome, Role
from tracetui.store.joining.keys import span_ids

if TYPE_CHECKING:
    import pyarrow as pa

_ROLES = {Role.SUITE: "suite", Role.TEST: "test", Role.HOOK: "hook", Role.ARCHIVER: "archiver"}
_OUTCOMES = {Outcome.RUNNING: "unknown", Outcome.RERUN: "cut_off"}
"""Of an attempt that was to be followed by another: whoever would have run that was gone."""
_DERIVED = {BEFORE: ("before", BEFORE_TEST), AFTER: ("after", AFTER_TEST)}
_DAY_NS = 86_400 * 1_000_000_000


def table(
    findings: Findings, units: Sequence[str], files: Sequence[str], since_ns: NDArray[np.int64]
) -> "pa.Table":
    """The facts of all runs that ran tests. By source, `units` are the keys of their loads, `files` where
    they were found, and `since_ns` what to add to times without a date.
    """
    import pyarrow as pa

    chosen = selected(findings)
    chosen = chosen.only(findings.runs.has_tests[findings.runs.of[chosen.row]])
    columns = (
        _places(findings, chosen, units, files, since_ns) | _names(findings, chosen) | _jobs(findings, chosen)
    )
    for name in ("own", "total", "setup", "teardown", "hook", "archive"):
        columns[f"{name}_ns"] = pa.array(getattr(chosen, name))
    columns["cpu_ns"] = pa.array(chosen.cpu, mask=chosen.cpu == UNKNOWN)
    columns |= {name: pa.array(getattr(chosen, name)) for name in ("reruns", "app_spans")}
    schema = arrow_schema(FACTS)
    return pa.table([columns[name].cast(schema.field(name).type) for name in schema.names], schema=schema)


def _places(
    findings: Findings,
    chosen: Selected,
    units: Sequence[str],
    files: Sequence[str],
    since_ns: NDArray[np.int64],
) -> dict[str, Any]:
    """Its time and span, and where that was read."""
    import pyarrow as pa

    snapshot = findings.snapshot
    source = snapshot.sources_of(chosen.row)
    start = chosen.start + since_ns[source]
    ids, parents = _ids(findings, chosen.row), _parents(findings, chosen.row)
    for which, (word, _) in _DERIVED.items():
        for place in np.flatnonzero(chosen.derived == which).tolist():
            parents[place], ids[place] = ids[place], f"{ids[place]}/{word}"
    return {
        "ts": pa.array(start // 1000, pa.int64()),
        "start_ns": pa.array(start),
        "date": pa.array((start // _DAY_NS).astype(np.int32)),
        "trace": _texts(snapshot.trace_index[chosen.row], snapshot.trace_ids),
        "span": _texts(np.arange(len(ids)), ids),
        "parent": _texts(np.arange(len(parents)), parents),
        "source": _texts(source, files),
        "unit": _texts(source, units),
    }


def _ids(findings: Findings, rows: NDArray[np.integer]) -> list[str]:
    snapshot = findings.snapshot
    opaque: Mapping[int, str] = snapshot.opaque_ids
    return [opaque.get(number) or f"{number:016x}" for number in snapshot.span_ids(rows).tolist()]


def _parents(findings: Findings, rows: NDArray[np.integer]) -> list[str]:
    """The parents' ids, empty if there is none; also of parents outside the recording."""
    snapshot = findings.snapshot
    parent, key = snapshot.parent_row[rows], snapshot.parent_key[rows]
    ids = _ids(findings, np.maximum(parent, 0))
    missing = span_ids(snapshot.trace_digests[snapshot.trace_index[rows]], key).tolist()
    for place in np.flatnonzero(parent < 0).tolist():
        ids[place] = f"{missing[place]:016x}" if key[place] else ""
    return ids


def _names(findings: Findings, chosen: Selected) -> dict[str, Any]:
    """Its kind, its test and suite, and its outcome."""
    snapshot, parent = findings.snapshot, findings.tree.parent
    row, role = chosen.row, snapshot.role[chosen.row].copy()
    role[chosen.derived != NO_DERIVED] = Role.HOOK
    test = nearest(snapshot.role == Role.TEST, parent, row)
    suite = nearest(snapshot.role == Role.SUITE, parent, row)
    titles = [*snapshot.texts, "", *(name for _, name in _DERIVED.values())]
    nothing = len(snapshot.texts)
    of_test = np.where(test >= 0, snapshot.title_id[test], nothing)
    hook = np.where((role == Role.HOOK) | (role == Role.ARCHIVER), snapshot.title_id[row], nothing)
    hook = np.where(chosen.derived != NO_DERIVED, nothing + chosen.derived.astype(np.int64), hook)
    fixture = (
        (role == Role.HOOK) & (chosen.derived == NO_DERIVED) & (snapshot.hook_kind[row] >= HookKind.FIXTURE)
    )
    roles = [_ROLES.get(kind, "") for kind in Role] + ["fixture"]
    outcome = np.where(chosen.derived == NO_DERIVED, snapshot.outcome[chosen.last], np.uint8(Outcome.UNKNOWN))
    return {
        "role": _texts(np.where(fixture, len(Role), role), roles),
        "suite": _texts(np.where(suite >= 0, snapshot.title_id[suite], nothing), titles),
        "test": _texts(of_test, titles),
        "file": _texts(of_test, [title.partition("::")[0] for title in titles]),
        "hook": _texts(hook, titles),
        "worker": _texts(snapshot.worker_id[row], titles),
        "outcome": _texts(outcome, [_OUTCOMES.get(kind, kind.label) for kind in Outcome]),
    }


def _jobs(findings: Findings, chosen: Selected) -> dict[str, Any]:
    """Its run and job, and their machine."""
    import pyarrow as pa

    runs = findings.runs
    job = runs.jobs.of[chosen.row]
    facts, keys = runs.job_facts, _run_keys(findings)
    run = runs.of[chosen.row]
    of_job = np.zeros(len(facts), np.intp)
    of_job[job] = run
    ids = [fact.run_id or keys[number] for fact, number in zip(facts, of_job.tolist(), strict=True)]
    texts = {
        "run": ids,
        "repository": [fact.repository for fact in facts],
        "branch": [fact.branch for fact in facts],
        "revision": [fact.revision for fact in facts],
        "pipeline": [fact.pipeline for fact in facts],
        "task": [fact.job for fact in facts],
        "variant": [_variant(fact) for fact in facts],
        "request": [fact.request for fact in facts],
        "runner": [fact.runner or fact.host for fact in facts],
        "image": [fact.image for fact in facts],
        "owner": [fact.owner for fact in facts],
    }
    cores = np.array([float(fact.cores) for fact in facts])[job]
    workers = workers_of_jobs(findings).astype(np.float64)[job]
    attempt = np.array([max(1, fact.attempt) for fact in facts], np.int64)[job]
    numbers = {
        "attempt": pa.array(attempt),
        "jobs": pa.array(workers),
        "cores": pa.array(cores, mask=cores == 0),
    }
    return {name: _texts(job, values) for name, values in texts.items()} | numbers


def _variant(facts: ResourceFacts) -> str:
    """The CI's name for it, else the kind of machine: times on different machines are not compared."""
    return facts.variant or " ".join(filter(None, (facts.system, facts.runtime, facts.machine)))


def _run_keys(findings: Findings) -> list[str]:
    """By run, the first of its trace ids: it is the same for any order of reading."""
    snapshot, of = findings.snapshot, findings.runs.of
    ids = max(1, len(snapshot.trace_ids))
    pairs = distinct(of.astype(np.int64) * ids + snapshot.trace_index)
    keys = [""] * len(findings.runs)
    for pair in pairs.tolist():
        run, trace = divmod(pair, ids)
        keys[run] = min(keys[run] or snapshot.trace_ids[trace], snapshot.trace_ids[trace])
    return keys


def _texts(indices: NDArray[np.integer], values: Sequence[str]) -> Any:
    """Texts by their indices; invalid UTF-8 is replaced."""
    import pyarrow as pa

    clean = [value if value.isascii() else value.encode("utf-8", "replace").decode() for value in values]
    numbers = pa.array(indices.astype(np.int32))
    return pa.DictionaryArray.from_arrays(numbers, pa.array(clean, pa.string())).cast(pa.string())
