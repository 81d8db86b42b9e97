"""Runs suite files (see `tracetui.tracing.suite`) that the command line names, traced or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracetui.tracing.pytest.loading import unrewritten

if TYPE_CHECKING:
    from tracetui.tracing.pytest.run_state import Underway


def names_suites(config: pytest.Config) -> bool:
    """Whether the command line names a suite file, or a test of one."""
    return any(arg.partition("::")[0].endswith(".toml") for arg in config.args)


def register_suites(config: pytest.Config, underway: Underway | None) -> None:
    """Run them, traced if there is an `underway`; raises `pytest.UsageError` for a suite file with a
    mistake.
    """
    if names_suites(config):
        with unrewritten(config):
            from tracetui.tracing.suite.plugin import register
        register(config, underway)
