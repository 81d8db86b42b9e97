"""The pytest plugin's door: its options, and nothing loaded until tracing is asked for.

`pytest --tracetui[=DIR]`, the ini option `tracetui_dir` or the variable `TRACETUI_DIR` turn it on;
`--no-tracetui` turns it off whatever else is said.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest


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
    _add_archive_options(parser, group)
    parser.addini("tracetui_dir", "directory to write a trace of every run to, relative to the rootdir")
    parser.addini(
        "tracetui_run_name", "what a traced run is called (default: PYTEST_RUN_NAME, or the rootdir)"
    )


def _add_archive_options(parser: pytest.Parser, group: pytest.OptionGroup) -> None:
    group.addoption(
        "--tracetui-archive",
        action="append",
        metavar="WHAT",
        help="archive this of each failed test: tmp_path, core, or a glob relative to the rootdir",
    )
    group.addoption(
        "--tracetui-archive-limit",
        action="append",
        metavar="NAME=VALUE",
        help="limit archives: tests=10, total=5000MB, test=1GiB, file=2GiB, files=10000, free=10%%",
    )
    group.addoption(
        "--tracetui-cores",
        action="store_true",
        help="archive core dumps of failed tests too: they contain memory and secrets",
    )
    parser.addini("tracetui_archive", "what to archive of each failed test", type="linelist")
    parser.addini("tracetui_archive_tests", "archive only of tests whose ids match these", type="linelist")
    parser.addini("tracetui_archive_limits", "limits of archives, as NAME=VALUE", type="linelist")


def pytest_configure(config: pytest.Config) -> None:
    """Turn tracing on where it was asked for."""
    directory = spans_directory(config)
    if directory is not None:
        from tracetui.tracing.pytest.registration import register

        register(config, directory)


def spans_directory(config: pytest.Config) -> Path | None:
    """Where this run's spans go, absolute; None if it is not traced. The command line wins over the rest."""
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
                f"{asked} is no directory for spans: write --tracetui=DIR, or put it last"
            )
        return directory
    configured = config.getini("tracetui_dir")
    return Path(config.rootpath, configured) if configured else None
