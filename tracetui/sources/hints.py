"""When to sweep: at once, soon after each file-system event, and at every interval whatever happens.

Where files were only written to, hints say which: nothing else need be looked at until the interval is over.

Events are a hint, the sweep is the truth: watchers go deaf when their directory is recreated, miss files in
new sub-directories, and are refused when the system runs out of them; a remote file system reports only
changes made on this machine. Then only the interval is left, and that is reported.
"""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from watchfiles import Change, watch

from tracetui.sources.mounts import remote_type

DEBOUNCE_MS = 20
STEP_MS = 10
"""The watcher wakes so often to look whether there was an event, each time it is asked."""
_QUIET_PARTS = 20
MOST_REST_S = 0.1
"""It is asked again after such a part of the time for which nothing has happened, or after so long."""

Changes = AbstractSet[tuple[Change, str]]
"""What happened to which files."""

Hint = frozenset[str] | None
"""What has changed since the last hint; None where anything may have."""


def hints(
    path: Path,
    stop: threading.Event,
    interval_s: float = 1.0,
    on_trouble: Callable[[str], None] = lambda _: None,
) -> Iterator[Hint]:
    """Yields whenever a sweep of `path` is due, until `stop` is set; the directory need not exist.

    Anything may have happened at least once in each interval.

    `on_trouble` is told why there are no events: an empty text if there are, or if there is no directory.
    """
    yield None
    while not stop.is_set():
        remote = remote_type(os.fspath(path))
        if remote:
            on_trouble(f"{remote} does not report changes made elsewhere: scanned every {interval_s:g} s")
        else:
            yield from _events_or_why(path, stop, interval_s, on_trouble)
        if not stop.wait(interval_s):
            yield None


def _events_or_why(
    path: Path, stop: threading.Event, interval_s: float, on_trouble: Callable[[str], None]
) -> Iterator[Hint]:
    try:
        for hint in _events(path, stop, interval_s):
            on_trouble("")
            yield hint
    except (FileNotFoundError, NotADirectoryError):
        on_trouble("")
    except (OSError, RuntimeError) as error:  # A watcher refused, or broken: the interval goes on.
        on_trouble(f"no file-system events ({error}): scanned every {interval_s:g} s")


def _events(path: Path, stop: threading.Event, interval_s: float) -> Iterator[Hint]:
    """Yields at each event or interval, as long as the directory stays the same one."""
    until = 0.0
    with _held(path) as descriptor:
        watcher = watch(
            path,
            watch_filter=None,
            debounce=DEBOUNCE_MS,
            step=STEP_MS,
            stop_event=stop,
            rust_timeout=1,  # One step. 0 would be none.
            yield_on_timeout=True,
            ignore_permission_denied=True,
        )
        with contextlib.closing(watcher):
            for changes in _paced(watcher, stop, interval_s):
                known = bool(changes) and time.monotonic() < until
                written = frozenset(path for _, path in changes) if known else None
                if written is None:
                    until = time.monotonic() + interval_s
                yield written
                if not _is_same(path, descriptor):
                    return


def _paced(watcher: Iterable[Changes], stop: threading.Event, interval_s: float) -> Iterator[Changes]:
    """What the `watcher` tells, and nothing at the end of an interval in which it told nothing.

    A directory at rest costs next to nothing: the longer nothing happens, the longer the watcher rests.
    """
    heard = told = time.monotonic()
    for changes in watcher:
        now = time.monotonic()
        if changes or now - told >= interval_s:
            heard = now if changes else heard
            yield changes
            told = time.monotonic()
        else:
            stop.wait(min(MOST_REST_S, (now - heard) / _QUIET_PARTS, told + interval_s - now))


@contextlib.contextmanager
def _held(path: Path) -> Iterator[int]:
    # While it is held open, its inode cannot be given to a directory of the same name.
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _is_same(path: Path, descriptor: int) -> bool:
    return os.path.samestat(path.stat(), os.fstat(descriptor))
