"""Turns one failure into one archive and its span."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from opentelemetry.context import Context
from opentelemetry.trace import Span, StatusCode

from tracetui.tracing.archiver.cores.core_pattern import core_dumps_allowed, system_core_pattern
from tracetui.tracing.archiver.cores.cores import core_roots
from tracetui.tracing.archiver.gather import LeftOut, Root
from tracetui.tracing.archiver.ledger import Ledger, Totals
from tracetui.tracing.archiver.limits import Limits
from tracetui.tracing.archiver.rules import Rules
from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.live import ROLE
from tracetui.tracing.set_up import Tracing

DIRECTORY = "artifacts"


@dataclass(frozen=True)
class Work:
    """A failure: the test's name, what to archive, its start, and the directories its processes worked in."""

    test: str
    rules: Rules
    since_ns: int
    tmp_path: Path | None = None
    directories: list[Path] = field(default_factory=list)


class ArchiveTask:
    """Archives failures in one process of a run; `run` is an id that all its processes have in common."""

    def __init__(self, tracing: Tracing, run: str, limits: Limits, *, with_cores: bool) -> None:
        self._tracing = tracing
        self._limits = limits
        self._with_cores = with_cores
        self._pattern = system_core_pattern()
        self._allowing = core_dumps_allowed()
        self._no_cores = self._allowing.__enter__() if with_cores else ""
        self.ledger = Ledger(tracing.spans_dir / DIRECTORY, run, limits)

    def run(self, work: Work, parent: Context) -> None:
        """Archive, with a span under `parent`. Raises OSError, after saying so there."""
        span = self._tracing.tracer.start_span(
            "archive", context=parent, attributes={ROLE: "archiver"}, start_time=now_ns()
        )
        try:
            self._archive(work, span)
        except Exception as error:
            span.set_status(StatusCode.ERROR, f"{type(error).__name__}: {error}")
            raise
        finally:
            span.end(now_ns())

    def close(self, *, is_over: bool) -> Totals:
        """Put the limit of core dumps back; `is_over` when no other process of the run is left."""
        if self._with_cores:
            self._allowing.__exit__(None, None, None)
        with suppress(OSError):
            totals = self.ledger.totals()
            self.ledger.close(remove=is_over)
            return totals
        return Totals()

    def _archive(self, work: Work, span: Span) -> None:
        # Imported here, since most runs archive nothing.
        from tracetui.tracing.archiver.archive import Archiver
        from tracetui.tracing.archiver.span import archive_attributes

        archiver = Archiver(self._tracing.spans_dir, self.ledger, self._limits, with_cores=self._with_cores)
        context = span.get_span_context()
        facts = {"trace_id": f"{context.trace_id:032x}", "span_id": f"{context.span_id:016x}"}
        archive = archiver.pack(work.test, self._roots(work), facts)
        if work.rules.cores and (why := self._pattern.why or self._no_cores):
            archive.leave_out(LeftOut("core dumps", why))
        span.set_attributes(archive_attributes(archive, self._tracing.spans_dir))
        span.set_status(StatusCode.OK)

    def _roots(self, work: Work) -> Iterator[Root]:
        if work.rules.cores:
            # First, so that they are core dumps also where a glob would find them.
            places = [*([work.tmp_path] if work.tmp_path else []), *work.directories]
            yield from core_roots(self._pattern, places, work.since_ns)
        yield from work.rules.roots(work.tmp_path)
