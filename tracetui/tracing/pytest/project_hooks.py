"""Calls the project's own hooks (see `hookspecs`), traced or not: they are part of its tests."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tracetui.tracing.pytest.tests.outcomes import Outcome, phase_outcome, test_outcome

Wrapped = Generator[None, object, object]
_TEST_HOOKS = "tracetui-test-hooks"


@dataclass(frozen=True)
class HookCall:
    """One call of one implementation: whose it is, and when (`before_suite` and so on)."""

    owner: str
    when: str
    function: str

    @property
    def name(self) -> str:
        """How people call it."""
        return f"{self.owner} {self.when.replace('_', ' ')}"


Watch = Callable[[HookCall], AbstractContextManager[object]]


def unwatched(_: HookCall) -> AbstractContextManager[object]:
    """Where there is no trace."""
    return nullcontext()


class ProjectHooks:
    """Runs the hooks of a process around its suite and its tests, each within `watch`."""

    def __init__(self, watch: Watch = unwatched) -> None:
        self._watch = watch

    def pytest_plugin_registered(self, manager: pytest.PytestPluginManager) -> None:
        """Begin to look at every test with the first hook that asks for it."""
        hooks = (manager.hook.pytest_tracetui_before_test, manager.hook.pytest_tracetui_after_test)
        if any(hook.get_hookimpls() for hook in hooks) and not manager.has_plugin(_TEST_HOOKS):
            manager.register(_TestHooks(self._watch), _TEST_HOOKS)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Wrapped:
        """Run the suite's hooks around the tests of this process, if it runs any."""
        __tracebackhide__ = True
        if session.config.option.collectonly or session.config.pluginmanager.has_plugin("dsession"):
            return (yield)
        self._around_suite(session, "before_suite")
        try:
            result = yield
        except BaseException:
            # The run has failed already, and for a better reason.
            with suppress(session.Failed):
                self._around_suite(session, "after_suite")
            raise
        self._around_suite(session, "after_suite")
        return result

    def _around_suite(self, session: pytest.Session, when: str) -> None:
        try:
            _call(self._watch, session.config.hook, session.config, when, session=session)
        except Exception as error:
            reason = f"a hook {when.replace('_', ' the ')} failed: {type(error).__name__}: {error}"
            session.shouldfail = reason
            raise session.Failed(reason) from error


class _TestHooks:
    """Runs the hooks around each test."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._outcomes: list[Outcome] = []

    # Innermost of all wrappers: what a hook prints is captured as its test's.
    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Wrapped:
        """Run the hooks before a test."""
        __tracebackhide__ = True
        self._outcomes.clear()
        _call(self._watch, item.ihook, item.config, "before_test", item=item)
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Learn what becomes of the test."""
        __tracebackhide__ = True
        report = yield
        is_xfail = hasattr(report, "wasxfail")
        self._outcomes.append(phase_outcome(report.when or "call", report.outcome, is_xfail=is_xfail))
        return report

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Wrapped:
        """Run the hooks after a test."""
        __tracebackhide__ = True
        ending: list[Outcome] = ["error"]
        try:
            result = yield
            ending = []
            return result
        finally:
            outcome = test_outcome([*self._outcomes, *ending])
            _call(self._watch, item.ihook, item.config, "after_test", item=item, outcome=outcome)


def _call(watch: Watch, hooks: Any, config: pytest.Config, when: str, **arguments: object) -> None:
    __tracebackhide__ = True
    # One by one, where pluggy would make one call of all: each is to have its own span.
    for hook in reversed(getattr(hooks, f"pytest_tracetui_{when}").get_hookimpls()):
        if hook.wrapper or hook.hookwrapper:
            raise TypeError(f"{hook.function.__qualname__} may not be a hook wrapper")
        call = HookCall(_owner(hook.plugin, config), when, _qualified(hook.function))
        with watch(call):
            hook.function(*(arguments[name] for name in hook.argnames))


def _owner(plugin: object, config: pytest.Config) -> str:
    path = getattr(plugin, "__file__", None)
    if path is None:
        return type(plugin).__qualname__
    if Path(path).is_relative_to(config.rootpath):
        return Path(path).relative_to(config.rootpath).as_posix()
    return str(getattr(plugin, "__name__", path))


def _qualified(function: Callable[..., object]) -> str:
    return f"{function.__module__}.{function.__qualname__}"
