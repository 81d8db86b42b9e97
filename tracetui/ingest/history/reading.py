"""Reads files to their end; the records of the runs in them."""

import time
from collections.abc import Collection, Sequence

import numpy as np

from tracetui.analysis.history.run_records import jobs_with_tests, records
from tracetui.analysis.study.findings import Findings, study
from tracetui.ingest.history.indexed import Indexed, Place
from tracetui.ingest.loading import Watch, read_to_end
from tracetui.model.numbers.distinct import distinct


def read(paths: Sequence[str], memory: int | None = None, watch: Watch | None = None) -> Indexed:
    """The runs in the files `paths`; unreadable files are skipped. `files` stays empty."""
    ingest = read_to_end(paths, memory=memory, watch=watch)
    try:
        findings = study(ingest.table.snapshot(), time.time_ns())
    finally:
        ingest.close()
    return Indexed(records(findings), _places(findings, frozenset(paths)))


def _places(findings: Findings, paths: Collection[str]) -> list[Place]:
    """By record, its files and its traces."""
    snapshot, jobs = findings.snapshot, findings.runs.jobs
    sources, ids = max(1, len(snapshot.sources)), max(1, len(snapshot.trace_ids))
    files = distinct(jobs.job_of_parts * sources + snapshot.source_of_origin[jobs.origin_of_parts])
    traces = distinct(jobs.of.astype(np.int64) * ids + snapshot.trace_index)
    places = []
    for job in jobs_with_tests(findings.runs).tolist():
        begin, end = np.searchsorted(files, (job * sources, (job + 1) * sources))
        first, last = np.searchsorted(traces, (job * ids, (job + 1) * ids))
        labels = {_file(snapshot.sources[number], paths) for number in (files[begin:end] % sources).tolist()}
        digests = snapshot.trace_digests[traces[first:last] % ids]
        places.append(Place(tuple(sorted(labels)), tuple(digests.tolist())))
    return places


def _file(label: str, paths: Collection[str]) -> str:
    """The one of `paths` that a source is in: a member of an archive has its name appended."""
    while label not in paths and "!" in label:
        label = label.rpartition("!")[0]
    return label
