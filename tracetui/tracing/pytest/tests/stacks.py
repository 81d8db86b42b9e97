"""Stack traces as pytest shows them: without the frames of the test runner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from reprlib import Repr
from traceback import StackSummary, TracebackException, walk_tb
from types import FrameType

import pytest

_LONGEST = 32 * 1024
_MACHINERY = frozenset({"_pytest", "asyncio", "contextlib", "pluggy", "pytest", "tracetui"})
_HIDE = "__tracebackhide__"
_MOST_VARIABLES = 20
_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = 200


@dataclass(frozen=True)
class Stacks:
    """The stack traces of a run. `machinery`: packages that run tests; `is_full`: these are shown too.

    With `has_locals`, each frame's code is followed by its local variables, as Python writes them
    (`TracebackException(capture_locals=True)`), but shortened, and without what looks like a secret.
    """

    machinery: frozenset[str] = _MACHINERY
    is_full: bool = False
    has_locals: bool = False

    def text(self, error: BaseException, path: Path | None = None) -> str:
        """The stack trace as Python prints it, but from the first frame in `path`, else the first beyond the
        machinery.

        Frames that hide from pytest are left out; if it is longer than 32 KiB only its end is kept, which
        explains it.
        """
        traceback = TracebackException(type(error), error, error.__traceback__)
        self._shorten(traceback, error, path)
        for cause, raised in _chain(traceback, error):
            self._shorten(cause, raised)
        stack = "".join(traceback.format())
        return stack if len(stack) <= _LONGEST else f"…{stack[-_LONGEST:]}"

    def _shorten(self, traceback: TracebackException, error: BaseException, path: Path | None = None) -> None:
        frames = [frame for frame, _ in walk_tb(error.__traceback__)]
        first = 0 if self.is_full else self._first(frames, path)
        shown = [
            (frame, summary)
            for place, (frame, summary) in enumerate(zip(frames, traceback.stack, strict=False))
            if self.is_full or (place >= first and not _is_hidden(frame, error))
        ]
        for frame, summary in shown if self.has_locals else ():
            summary.locals = _variables(frame)
        if shown:
            traceback.stack = StackSummary.from_list([summary for _, summary in shown])

    def _first(self, frames: list[FrameType], path: Path | None) -> int:
        for place, frame in enumerate(frames):
            if frame.f_code.co_filename == str(path):
                return place
        own = (place for place, frame in enumerate(frames) if _package(frame) not in self.machinery)
        return next(own, 0)


def stacks_of(config: pytest.Config) -> Stacks:
    """The stack traces of this run: all installed plugins are machinery, except with `--full-trace`.

    With `--showlocals` they have local variables.
    """
    plugins = (plugin for plugin, _ in config.pluginmanager.list_plugin_distinfo())
    names = (str(getattr(plugin, "__name__", "")) for plugin in plugins)
    packages = frozenset(name.partition(".")[0] for name in names if name)
    return Stacks(
        _MACHINERY | packages,
        is_full=bool(config.getoption("fulltrace", default=False)),
        has_locals=bool(config.getoption("showlocals", default=False)),
    )


def _variables(frame: FrameType) -> dict[str, str]:
    """The first variables of a frame, one a line; without those of rewritten asserts (`@py_assert1`)."""
    names = [name for name in frame.f_locals if name.isidentifier()][:_MOST_VARIABLES]
    return {name: _short(name, frame.f_locals[name]) for name in names}


def _short(name: str, value: object) -> str:
    from tracetui.tracing.redact import REDACTED, looks_secret  # Loaded once a run is traced.

    if looks_secret(name):
        return REDACTED
    try:
        return " ".join(_SHORT.repr(value).split())
    except Exception:  # noqa: BLE001 - reprlib asks a value for its type, its length and more
        return "(no repr)"


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def _is_hidden(frame: FrameType, error: BaseException) -> bool:
    local = _HIDE in frame.f_code.co_varnames
    hides = frame.f_locals.get(_HIDE) if local else frame.f_globals.get(_HIDE)
    if callable(hides):
        return bool(hides(pytest.ExceptionInfo.from_exception(error)))
    return bool(hides)


def _chain(
    traceback: TracebackException, error: BaseException
) -> Iterator[tuple[TracebackException, BaseException]]:
    """The exceptions before this one, each as its traceback and as it was raised."""
    while True:
        cause, raised = traceback.__cause__, error.__cause__
        if cause is None or raised is None:
            cause, raised = traceback.__context__, error.__context__
        if cause is None or raised is None:
            return
        yield cause, raised
        traceback, error = cause, raised
