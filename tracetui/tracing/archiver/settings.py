"""Reads the archiver's options from pytest's configuration."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tracetui.tracing.archiver.limits import Limits, parse_limit
from tracetui.tracing.archiver.rules import Rules, parse_rules


@dataclass(frozen=True)
class Settings:
    """What to archive, how much of it, and whether core dumps were asked for."""

    rules: Rules
    limits: Limits
    with_cores: bool


def settings_of(config: pytest.Config) -> Settings:
    """The settings of a run; raises `pytest.UsageError` that says what to write."""
    with_cores = bool(config.getoption("tracetui_cores"))
    try:
        rules = parse_rules(
            [*config.getini("tracetui_archive"), *(config.getoption("tracetui_archive") or ())],
            config.rootpath,
            config.getini("tracetui_archive_tests"),
            cores=with_cores,
        )
        return Settings(rules, _limits(config), with_cores)
    except ValueError as error:
        raise pytest.UsageError(f"tracetui: {error}") from error


def _limits(config: pytest.Config) -> Limits:
    """Limits from the ini option `tracetui_archive_limits`, and from the command line, which wins."""
    words = [*config.getini("tracetui_archive_limits"), *(config.getoption("tracetui_archive_limit") or ())]
    limits = Limits()
    for word in words:
        limits = parse_limit(limits, word)
    return limits
