"""Reads a recording to its end at once; the error messages about empty ones."""

import os
import time
from collections.abc import Callable, Iterable, Sequence

from tracetui import units
from tracetui.errors import InputError
from tracetui.ingest.ingest import Ingest
from tracetui.ingest.memory.allocator import keep_everything
from tracetui.model.kind import Kind
from tracetui.store.snapshot import Snapshot

Watch = Callable[[int, int], None]
"""Hears how many bytes of how many were read."""
TOLD_EVERY_S = 0.1

_ADVICE = "give OTLP/JSON span files or a directory of them"


def load(
    paths: Sequence[str],
    stdin: int = 0,
    memory: int | None = None,
    *,
    cache: bool = False,
    jobs: int = 1,
    watch: Watch | None = None,
) -> Ingest:
    """Everything that `paths` hold now; raises `InputError` for a path without any span or log record.

    For a process that ends after it has understood that.
    """
    keep_everything()
    ingest = read_to_end(paths, stdin, memory, cache=cache, jobs=jobs, watch=watch)
    try:
        require_trace(ingest, paths)
    except BaseException:
        ingest.close()
        raise
    return ingest


def read_to_end(
    paths: Sequence[str],
    stdin: int = 0,
    memory: int | None = None,
    *,
    cache: bool = False,
    jobs: int = 1,
    watch: Watch | None = None,
) -> Ingest:
    """The same, also for empty paths; `watch` is called a few times a second."""
    ingest = Ingest(paths, stdin=stdin, memory=memory, cache=cache, jobs=jobs)
    try:
        ingest.sweep()
        due = time.monotonic()
        while True:
            if watch and time.monotonic() >= due:
                watch(*ingest.notes.progress)
                due = time.monotonic() + TOLD_EVERY_S
            if not ingest.step() and ingest.ended:
                break
        ingest.keep()
        ingest.judge()
    except BaseException:
        ingest.close()
        raise
    return ingest


def within(watch: Watch | None, before: int, most: int, total: int) -> Watch | None:
    """The watch for a part of the whole: at most `most` bytes, after the `before` bytes that were read
    earlier.
    """
    return (lambda done, _: watch(before + min(done, most), total)) if watch else None


def require_trace(ingest: Ingest, paths: Iterable[str]) -> None:
    """Raises `InputError` if a path had no trace at all, and says what was found instead."""
    snapshot = ingest.table.snapshot()
    fruitful = {snapshot.sources[number] for number in ingest.table.fruitful_sources}
    for path in paths:
        if not any(_is_below(label, path) for label in fruitful):
            raise InputError(f"{path}: {_found(ingest, snapshot, path)}")


def _found(ingest: Ingest, snapshot: Snapshot, path: str) -> str:
    """What was found instead of a trace, and what to do."""
    problems = [problem for problem in snapshot.health.problems if _is_below(problem.file, path)]
    others = {label: what for label, what in ingest.notes.others.items() if _is_below(label, path)}
    if path in others:
        return f"not a trace: {others[path]}"
    for problem in problems:
        if problem.file == path and snapshot.health.count(Kind.UNREADABLE) and path not in snapshot.sources:
            return problem.reason
    if problems:
        problem = problems[0]
        where = "" if problem.file == path else f"{problem.file}: "
        torn = snapshot.health.kinds.get(Kind.TORN)
        if torn and problem in torn.examples:
            said = f"not a trace, or cut off in its first record ({where}{problem.reason})"
            return f"{said}; copy it again, or {_ADVICE}"
        return f"not a trace ({where}{problem.reason}); {_ADVICE}"
    if others:
        label, what = next(iter(others.items()))
        return f"no trace in {units.many(len(others), 'file')}; {label}: {what}"
    if any(_is_below(label, path) for label in snapshot.sources):
        return f"not a trace ({'no spans in it' if ingest.total_bytes else 'it is empty'}); {_ADVICE}"
    return "no files there; open a span file, or a directory of them"


def _is_below(label: str, path: str) -> bool:
    return label == path or label.startswith((path.rstrip(os.sep) + os.sep, path + "!"))
