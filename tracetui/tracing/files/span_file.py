"""The files that the processes of a program write their finished spans to.

What cannot be written is counted, reported once on stderr when it starts and once at the end, and never
raised.
"""

from __future__ import annotations

import os
from pathlib import Path

from opentelemetry.sdk.trace import ReadableSpan

from tracetui.tracing.files.directory import spans_directory
from tracetui.tracing.files.line_file import LineFile, Losses
from tracetui.tracing.files.place import Place
from tracetui.tracing.host.per_process import PerProcess
from tracetui.tracing.host.system import System
from tracetui.tracing.host.warn import Warn, warn_on_stderr
from tracetui.tracing.host.words import counted
from tracetui.tracing.redact import Redact, scrub
from tracetui.tracing.spans.encode import Encoder
from tracetui.tracing.spans.home import Homing, home_of_environment


class SpanFile:
    """Each span is written through to the file of its process, which is made with the first one.

    The arguments are explained by `FileSpanExporter`.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str] | None = None,
        *,
        service_name: str | None = None,
        warn: Warn = warn_on_stderr,
        redact: Redact = scrub,
        batch_seconds: float = 0.0,
        max_bytes: int | None = None,
        homing: Homing | None = None,
    ) -> None:
        service = service_name or os.environ.get("OTEL_SERVICE_NAME") or "unknown"
        self.place = Place(spans_directory(directory), service)
        self._warn = warn
        self._made_in = System.getpid()
        self._has_complained = False
        self.homing = homing or Homing(home_of_environment())
        self.own = PerProcess(
            lambda: (
                self.place.traces(self._complain, batch_seconds, max_bytes),
                Encoder(redact=redact, homing=self.homing),
            )
        )

    @property
    def directory(self) -> Path:
        """The directory, absolute."""
        return self.place.directory

    @property
    def written(self) -> int:
        """Spans this process has in its file."""
        file = self._file()
        file.restore()
        return file.written

    @property
    def lost(self) -> int:
        """Spans this process could not write."""
        return self._file().lost

    @property
    def losses(self) -> Losses:
        """Spans this process could not write, and those lost with a file that was removed."""
        file = self._file()
        return Losses(file.lost, file.removed)

    @property
    def first_error(self) -> str:
        """Why the first lost span was lost; empty if none was."""
        return self._file().first_error

    def write(self, span: ReadableSpan) -> bool:
        """Write one span; False if it was lost."""
        file, encoder = self.own()
        return file.append(encoder.span_line, span)

    def force_flush(self, timeout_millis: int = 30000) -> bool:  # noqa: ARG002 - a file does not take its time
        """Write any buffered spans."""
        self._file().flush()
        return True

    def shutdown(self) -> None:
        """Close the file and say what was lost, if anything."""
        file = self._file()
        if file.closed:
            return
        file.close()
        if file.lost and System.getpid() == self._made_in:
            self._warn(f"{file.lost} of {counted(file.written + file.lost, 'span')} lost in {self.directory}")

    def _file(self) -> LineFile:
        return self.own()[0]

    def _complain(self, error: str) -> None:
        # What was said before a fork need not be said after it by every child.
        if self._has_complained:
            return
        self._has_complained = True
        self._warn(f"cannot write spans to {self.directory}: {error}")
