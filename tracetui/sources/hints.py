"""When to sweep: at once, soon after each file-system event, and at every interval whatever happens.

Events are a hint, the sweep is the truth: watchers go deaf when their directory is recreated, miss files in
new sub-directories, and are refused when the system runs out of them; a remote file system reports only
changes made on this machine. Then only the interval is left, and that is reported.
"""

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from watchfiles import watch

from tracetui.sources.mounts import remote_type

DEBOUNCE_MS = 50
STEP_MS = 40


def hints(
    path: Path,
    stop: threading.Event,
    interval_s: float = 1.0,
    on_trouble: Callable[[str], None] = lambda _: None,
) -> Iterator[None]:
    """Yields whenever a sweep of `path` is due, until `stop` is set; the directory need not exist.

    `on_trouble` is told why there are no events: an empty text if there are, or if there is no directory.
    """
    yield
    while not stop.is_set():
        remote = remote_type(os.fspath(path))
        if remote:
            on_trouble(f"{remote} does not report changes made elsewhere: scanned every {interval_s:g} s")
        else:
            yield from _events_or_why(path, stop, interval_s, on_trouble)
        if not stop.wait(interval_s):
            yield


def _events_or_why(
    path: Path, stop: threading.Event, interval_s: float, on_trouble: Callable[[str], None]
) -> Iterator[None]:
    try:
        for _ in _events(path, stop, interval_s):
            on_trouble("")
            yield
    except (FileNotFoundError, NotADirectoryError):
        on_trouble("")
    except (OSError, RuntimeError) as error:  # A watcher refused, or broken: the interval goes on.
        on_trouble(f"no file-system events ({error}): scanned every {interval_s:g} s")


def _events(path: Path, stop: threading.Event, interval_s: float) -> Iterator[None]:
    """Yields at each event or interval, as long as the directory stays the same one."""
    with _held(path) as descriptor:
        watcher = watch(
            path,
            watch_filter=None,
            debounce=DEBOUNCE_MS,
            step=STEP_MS,
            stop_event=stop,
            rust_timeout=max(1, round(interval_s * 1000)),  # 0 would be none.
            yield_on_timeout=True,
            ignore_permission_denied=True,
        )
        with contextlib.closing(watcher):
            for _ in watcher:
                yield
                if not _is_same(path, descriptor):
                    return


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
