"""The pytest plugin's door: its options, and nothing loaded until tracing is asked for.

`pytest --tracetui[=DIR]`, the ini option `tracetui_dir` or the variable `TRACETUI_DIR` turn it on;
`--no-tracetui` turns it off whatever else is said. The project's own hooks (see `hookspecs`), and suite files
that the command line names, run in any case; so do a plan (`--tracetui-plan`) and a choice (`TRACETUI_ONLY`).
"""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from tracetui.tracing.pytest import hookspecs
from tracetui.tracing.pytest.fixtures.project_hooks import ProjectHooks
from tracetui.tracing.pytest.loading import unrewritten
from tracetui.tracing.pytest.settings import add_archive_options, add_options, add_plan_options
from tracetui.tracing.pytest.suites import register_suites


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the options."""
    group = parser.getgroup("tracetui", "tracing of the test run (tracetui)")
    group.addoption(
        "--tracetui",
        nargs="?",
        const="spans",
        metavar="DIR",
        help="write a trace of this run to DIR (default: spans); watch it with `tracetui watch DIR`",
    )
    group.addoption("--no-tracetui", action="store_true", help="write no trace, whatever else asks for one")
    group.addoption(
        "--tracetui-gate",
        action="store_true",
        help="judge this run by [tool.tracetui.gates], as `tracetui gate` does: 3 broken, 4 undecidable",
    )
    add_options(parser)
    add_plan_options(group)
    add_archive_options(parser, group)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare our own hooks, which projects may implement."""
    pluginmanager.add_hookspecs(hookspecs)


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, object, object]:
    """Apply the plan that the command line names, before xdist fills in its defaults."""
    if config.getoption("tracetui_plan") is not None or config.getoption("tracetui_shard") is not None:
        with unrewritten(config):
            from tracetui.tracing.pytest.plan.hooks import register
        register(config)
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Turn tracing on where it was asked for."""
    config.addinivalue_line(
        "markers", "tracetui(isolate): whether the test sees nothing of its trace (see tracetui_context)"
    )
    if only := os.environ.get("TRACETUI_ONLY"):
        with unrewritten(config):
            from tracetui.tracing.pytest.plan.only import register as register_only
        register_only(config, Path(only))
    directory = spans_directory(config)
    if directory is None:
        if config.getoption("tracetui_gate") and not hasattr(config, "workerinput"):
            raise pytest.UsageError("--tracetui-gate judges a traced run: write --tracetui too")
        config.pluginmanager.register(ProjectHooks(), "tracetui-hooks")
        register_suites(config, None)
        return
    with unrewritten(config):
        from tracetui.tracing.pytest.registration import register

    register(config, directory)


def spans_directory(config: pytest.Config) -> Path | None:
    """The absolute directory of this run's spans; None if it is not traced. The command line wins over other
    settings.
    """
    if config.getoption("no_tracetui"):
        return None
    worker_input = getattr(config, "workerinput", None)
    if worker_input is not None:
        handed_down = worker_input.get("tracetui")
        return None if handed_down is None else Path(handed_down["directory"])
    asked = config.getoption("tracetui") or os.environ.get("TRACETUI_DIR")
    if asked:
        directory = Path(config.invocation_params.dir, asked)
        if "::" in asked or directory.is_file():
            raise pytest.UsageError(
                f"{asked} is not a directory; write --tracetui=DIR, or put the option last"
            )
        return directory
    configured = config.getini("tracetui_dir")
    return Path(config.rootpath, configured) if configured else None
