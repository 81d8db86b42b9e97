"""What tracing needs of pytest and pytest-xdist beyond their public interfaces, each use with its reason.

`tests/tracing/test_pytest_compat.py` checks it against the installed versions. If a part is missing in
another version, what depends on it is left out of the trace, and the run goes on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

_CLASSIC = re.compile(r"_(?:xunit|unittest)_(\w+?)_fixture_")


def rewrite_hook(config: pytest.Config) -> object | None:
    """Pytest's import hook: there is no public way to suspend it while our own modules load, which have no
    asserts.
    """
    return getattr(config.pluginmanager, "rewrite_hook", None)


def count_finalizers(fixturedef: Any) -> int | None:
    """How many finalizers a fixture has: without one it has no teardown to time. None if unknown."""
    finalizers = getattr(fixturedef, "_finalizers", None)
    return None if finalizers is None else len(finalizers)


def is_parameter(fixturedef: pytest.FixtureDef[Any]) -> bool:
    """Whether it is a parameter of a test, which pytest presents as a fixture."""
    return getattr(fixturedef.func, "__name__", "") == "get_direct_param_fixture_func"


def fixture_name(argname: str) -> str:
    """A fixture's name; for what pytest makes of `setup_module()` and the like, that function's name."""
    classic = _CLASSIC.match(argname)
    return classic.group(1) if classic else argname


def temporary_paths(config: pytest.Config) -> pytest.TempPathFactory:
    """The factory of temporary directories: pytest gives it to fixtures only, and a suite file's command has
    none.
    """
    factory: pytest.TempPathFactory = vars(config)["_tmp_path_factory"]
    return factory


def parameters(item: pytest.Item) -> Mapping[str, Any] | None:
    """The parameters of a test; None without any. Publicly they are only a part of its id."""
    params: Mapping[str, Any] | None = getattr(getattr(item, "callspec", None), "params", None)
    return params


def collection_error(report: pytest.CollectReport) -> BaseException | None:
    """Why collecting failed: pytest keeps the call on the report for the debugger.

    Pytest wraps a failed import in an error of its own, with the reason as its cause.
    """
    excinfo = getattr(vars(report).get("call"), "excinfo", None)
    return None if excinfo is None else excinfo.value.__cause__ or excinfo.value


def has_workers(config: pytest.Config) -> bool:
    """Whether this is xdist's controller, which runs no test itself: its session is a plugin of this name."""
    return bool(config.pluginmanager.has_plugin("dsession"))


def report_to_controller(config: pytest.Config, name: str, value: object) -> None:
    """Give `value` to xdist's controller when this worker is done."""
    vars(config)["workeroutput"][name] = value


def reported_by(node: Any) -> Mapping[str, Any]:
    """What a finished worker has reported; empty if it died."""
    return getattr(node, "workeroutput", None) or {}


def crashed_worker(report: pytest.TestReport) -> str:
    """The name of the worker that crashed: xdist puts its node into the report."""
    name: str = vars(report)["node"].gateway.id
    return name
