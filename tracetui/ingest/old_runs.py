"""The runs of a directory with all files of each, for removing old ones: complete runs, and only ours.

Files that hold spans of one run belong together, and so do runs that share a file. With them belong the start
records and logs that the same writers left (of the same name in `live/` and `logs/`, or with records of these
traces), and the archives that the runs' archiver packed.
"""

import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.study.findings import Findings, study
from tracetui.errors import InputError
from tracetui.ingest.ingest import Ingest
from tracetui.ingest.loading import Watch, read_to_end
from tracetui.model.kind import Kind
from tracetui.model.role import Outcome, Role
from tracetui.sources.files.walk import ARCHIVE
from tracetui.sources.writers import wrote

FRESH_NS = 60_000_000_000
"""What was changed in the last minute may still be written."""

_ENDS = (".traces.jsonl", ".logs.jsonl")
_BESIDE = ("live", "logs")
_ARCHIVE_PATH = "tracetui.archive.path"


class File(Struct, frozen=True):
    """A file in the state in which it was read: in any other state it is not removed."""

    path: str
    status: os.stat_result


class OldRun(Struct, frozen=True):
    """One run, or several that share files. `held` says why it must not be removed; empty if it may be.

    Times are in ns since the epoch: of its first and its last span, or of its last file where spans have no
    such time.
    """

    names: tuple[str, ...]
    start_ns: int
    end_ns: int
    files: tuple[File, ...]
    held: str

    @property
    def bytes(self) -> int:
        """The size of its files."""
        return sum(file.status.st_size for file in self.files)


def old_runs(directory: str, memory: int | None = None, watch: Watch | None = None) -> list[OldRun]:
    """The runs below `directory`, the newest first. Raises InputError if any part of it is unknown."""
    ingest = read_to_end([directory], memory=memory, watch=watch)
    try:
        if ingest.table.health.count(Kind.EVICTED, Kind.REFUSED):
            raise InputError(f"{directory}: more spans than the memory limit allows; raise it with --memory")
        findings = study(ingest.table.snapshot(), time.time_ns())
        ended = [
            _old_run(directory, ingest, findings, runs, sources) for runs, sources in _apart(ingest, findings)
        ]
    finally:
        ingest.close()
    return sorted(ended, key=lambda run: run.end_ns, reverse=True)


def chosen(runs: Sequence[OldRun], keep: int | None, older_ns: int | None, now_ns: int) -> list[OldRun]:
    """The runs to remove: beyond the newest `keep`, and ended longer than `older_ns` ago; both must agree.

    A run that must not be removed counts among the kept ones.
    """
    beyond = runs[keep:] if keep is not None else runs
    return [run for run in beyond if not run.held and (older_ns is None or now_ns - run.end_ns > older_ns)]


def remove(directory: str, runs: Iterable[OldRun]) -> list[tuple[str, str]]:
    """Remove the unchanged files of `runs`; returns what could not be removed, and why."""
    kept = []
    for run in runs:
        for file in run.files:
            try:
                _unlink(file)
            except OSError as error:
                kept.append((file.path, (error.strerror or str(error)).lower()))
            _remove_empty(Path(file.path).parent, Path(directory))
    return kept


def _apart(ingest: Ingest, findings: Findings) -> Iterator[tuple[list[int], set[int]]]:
    """Runs that share files, and the sources of these."""
    snapshot, labels = findings.snapshot, findings.runs.of
    of = np.asarray(labels)[: len(snapshot)]
    pairs = set(zip(of.tolist(), snapshot.source_id.tolist(), strict=True))
    by_trace = dict(zip(snapshot.trace_index.tolist(), of.tolist(), strict=True))
    runs_of = {snapshot.trace_ids[trace]: run for trace, run in by_trace.items()}
    for trace_id, _, places in ingest.logs.places:
        if trace_id in runs_of:
            pairs |= {(runs_of[trace_id], place.source) for place in places}
    groups: dict[int, tuple[set[int], set[int]]] = {}
    whose: dict[int, int] = {}
    for run, source in sorted(pair for pair in pairs if pair[0] >= 0):
        group = groups.setdefault(run, ({run}, set()))
        other = groups[whose.setdefault(source, run)]
        group[1].add(source)
        if other is not group:
            group[0].update(other[0])
            group[1].update(other[1])
            groups |= dict.fromkeys(other[0], group)
    for runs, sources in {id(group): group for group in groups.values()}.values():
        yield sorted(runs), sources


def _old_run(
    directory: str, ingest: Ingest, findings: Findings, runs: list[int], sources: set[int]
) -> OldRun:
    snapshot = findings.snapshot
    paths = {_path(snapshot.sources[source]) for source in sources}
    paths |= {beside for path in paths for beside in _beside(path)}
    rows = np.flatnonzero(np.isin(snapshot.source_id, list(sources)))
    paths |= set(_archives(directory, ingest, findings, rows))
    files, held = _files(directory, sorted(paths))
    now = time.time_ns()
    newest = max((file.status.st_mtime_ns for file in files), default=now)
    start_ns, end_ns = int(findings.runs.start_ns[runs].min()), int(findings.runs.end_ns[runs].max())
    if np.isin(snapshot.outcome[rows], (Outcome.RUNNING,)).any():
        held = held or "it is being written"
    if now - newest < FRESH_NS:
        held = held or "it was written to in the last minute"
    for source in sources:
        if any(wrote(pid, host, newest) for host, pid in ingest.table.processes(source)):
            held = held or "its writer still runs"
    return OldRun(
        tuple(findings.runs.full_name(run) for run in runs),
        start_ns if units.NO_EPOCH <= start_ns <= now else newest,
        end_ns if units.NO_EPOCH <= end_ns <= now else newest,
        tuple(files),
        held,
    )


def _path(label: str) -> str:
    """The file of a source: its own, or the archive's."""
    return label if os.path.lexists(label) else label.partition("!")[0]


def _beside(path: str) -> Iterator[str]:
    """The other files of the process that wrote one of ours."""
    folder, name = os.path.split(path)
    end = next((end for end in _ENDS if name.endswith(end)), "")
    if end:
        base = os.path.dirname(folder) if os.path.basename(folder) in _BESIDE else folder  # noqa: PTH120, PTH119
        stem = name.removesuffix(end)
        yield os.path.join(base, stem + _ENDS[0])  # noqa: PTH118 - names may be any bytes
        yield from (os.path.join(base, beside, stem + _ENDS[1]) for beside in _BESIDE)  # noqa: PTH118


def _archives(directory: str, ingest: Ingest, findings: Findings, rows: NDArray[np.intp]) -> Iterator[str]:
    snapshot = findings.snapshot
    for row in rows[snapshot.role[rows] == Role.ARCHIVER].tolist():
        with suppress(InputError):
            recorded = ingest.span(snapshot, row).attributes.get(_ARCHIVE_PATH)
            path = os.path.normpath(str(recorded))
            if recorded and path.startswith(ARCHIVE + os.sep):
                yield os.path.join(directory, path)  # noqa: PTH118


def _files(directory: str, paths: Iterable[str]) -> tuple[list[File], str]:
    """The regular files in the directory itself; and why the run is held, if others belong to it."""
    files, held, root = [], "", os.path.realpath(directory)
    for path in paths:
        try:
            status = os.lstat(path)
        except FileNotFoundError:
            continue
        folder = os.path.realpath(os.path.dirname(path))  # noqa: PTH120
        if not stat.S_ISREG(status.st_mode) or os.path.commonpath((folder, root)) != root:
            held = "a link leads to one of its files"
        else:
            files.append(File(path, status))
    return files, held


def _unlink(file: File) -> None:
    """Remove a file through its folder's descriptor, so that a folder replaced by a link leads nowhere."""
    folder = os.open(os.path.dirname(file.path) or ".", os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)  # noqa: PTH120
    try:
        name = os.path.basename(file.path)  # noqa: PTH119
        now = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if _stamps(now) != _stamps(file.status):
            raise OSError(0, "changed since it was looked at")
        os.unlink(name, dir_fd=folder)
    finally:
        os.close(folder)


def _stamps(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _remove_empty(folder: Path, root: Path) -> None:
    """Remove folders below the root that are empty now."""
    while folder != root and root in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def described(runs: Sequence[OldRun]) -> Mapping[str, int]:
    """The number of runs and files, their size, and when the oldest and the newest ended."""
    ends = [run.end_ns for run in runs]
    return {
        "runs": sum(len(run.names) for run in runs),
        "files": sum(len(run.files) for run in runs),
        "bytes": sum(run.bytes for run in runs),
        "oldest_ns": min(ends, default=0),
        "newest_ns": max(ends, default=0),
    }
