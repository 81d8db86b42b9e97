"""The span of the collection, with one below it for each file: the imports' time, and their errors."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import pytest
from opentelemetry.trace import StatusCode

from tracetui.tracing.pytest.tests.exceptions import describe, first_line
from tracetui.tracing.pytest.tests.spans import HookSpan
from tracetui.tracing.pytest.underway import Underway


class CollectionHooks:
    """The hooks of a process that collects: a plain run, or a worker."""

    def __init__(self, underway: Underway) -> None:
        self._underway = underway
        self._safely = underway.faults.safely
        self._collection: HookSpan | None = None
        self._times = 1
        self._expected: int | None = None

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> Generator[None, object, object]:
        """Put a span around the collection; xdist's controller leaves it to its workers."""
        __tracebackhide__ = True
        if session.config.pluginmanager.has_plugin("dsession"):
            return (yield)
        self._collection = self._safely(self._begin, "collection")
        error: BaseException | None = None
        try:
            return (yield)
        except BaseException as raised:
            error = raised
            raise
        finally:
            self._safely(self._end_collection, session, error)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Put a span around the import of a file."""
        __tracebackhide__ = True
        is_file = isinstance(collector, pytest.File) and self._collection is not None
        span = self._safely(self._begin, f"collect {collector.nodeid}", collector) if is_file else None
        if span is None:
            return (yield)
        try:
            with self._underway.around(span.context, has_variables=False):
                report = yield
        except BaseException as error:
            self._safely(span.finish, error)
            raise
        self._safely(self._end_file, span, report)
        return report

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Say how many tests are to be run; of a worker's its controller says it."""
        if self._underway.worker is None:
            self._safely(self._expect, len(session.items))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_setupnodes(self, config: pytest.Config, specs: Sequence[object]) -> None:
        """Learn how often each test will be run."""
        self._times = len(specs) if config.getoption("dist") == "each" else 1

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Say how many tests are to be run, as soon as the first worker knows: all must find the same."""
        if self._expected is None:
            self._safely(self._expect, len(ids) * self._times)

    def _expect(self, tests: int) -> None:
        self._expected = tests
        if self._underway.run is not None and not self._underway.settings.dry_run:
            self._underway.run.expect(tests)

    def _begin(self, name: str, collector: pytest.Collector | None = None) -> HookSpan:
        attributes = {"tracetui.hook.when": "collection"}
        if collector is not None:
            attributes["code.file.path"] = str(collector.path)
        parent = self._underway.run_context if self._collection is None else self._collection.context
        return HookSpan(self._underway.tracing, name, parent, attributes)

    def _end_collection(self, session: pytest.Session, error: BaseException | None) -> None:
        span, self._collection = self._collection, None
        if span is not None:
            span.add({"tracetui.collection.tests": len(getattr(session, "items", ()))})
            span.finish(error)

    def _end_file(self, span: HookSpan, report: pytest.CollectReport) -> None:
        if not report.failed:
            span.add({"pytest.outcome": report.outcome})
            span.end(StatusCode.OK)
            return
        # Pytest keeps the call on the report until it has told the debugger of it.
        excinfo = getattr(vars(report).get("call"), "excinfo", None)
        message = report.longreprtext.strip().rpartition("\n")[2]
        if excinfo is not None:
            # Of a failed import pytest makes an error of its own, with the reason as its cause.
            error = excinfo.value.__cause__ or excinfo.value
            span.record(error, self._underway.stack(error))
            message = describe(error)
        span.add({"pytest.outcome": "error"})
        span.end(StatusCode.ERROR, first_line(message))
