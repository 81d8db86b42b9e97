"""A recording read to its end at once, and what to say of one that holds nothing."""

import os
from collections.abc import Callable, Iterable, Sequence

from tracetui.errors import InputError
from tracetui.ingest.ingest import Ingest


def load(
    paths: Sequence[str],
    stdin: int = 0,
    progress: Callable[[Ingest], None] | None = None,
    memory: int | None = None,
    *,
    cache: bool = False,
) -> Ingest:
    """Everything that `paths` hold now; raises `InputError` for a path without any span or log record."""
    ingest = Ingest(paths, stdin=stdin, memory=memory, cache=cache)
    try:
        ingest.sweep()
        while ingest.step() or not ingest.ended:
            if progress:
                progress(ingest)
        ingest.keep()
        ingest.judge()
        require_trace(ingest, paths)
    except BaseException:
        ingest.close()
        raise
    return ingest


def require_trace(ingest: Ingest, paths: Iterable[str]) -> None:
    """Raises `InputError` where a path gave nothing at all, saying what was found instead."""
    snapshot = ingest.table.snapshot()
    if not ingest.files:
        raise InputError(
            f"{', '.join(paths)}: no files there; give a span file, or a directory that holds some"
        )
    fruitful = ingest.table.fruitful_sources
    for path in paths:
        numbers = [number for number, label in enumerate(snapshot.sources) if _is_below(label, path)]
        if not fruitful.intersection(numbers):
            problem = next(
                (p.reason for p in snapshot.health.problems if _is_below(p.file, path)), "no spans in it"
            )
            raise InputError(
                f"{path}: not a trace ({problem}); give OTLP/JSON span files or a directory of them"
            )


def _is_below(label: str, path: str) -> bool:
    return label == path or label.startswith(path.rstrip(os.sep) + os.sep)
