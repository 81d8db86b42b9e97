"""What pytest's configuration says about how a run is traced."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Literal

import pytest

from tracetui.tracing.pytest.tests.stacks import Stacks, stacks_of

Capture = Literal["failures", "all", "none"]
CAPTURES: tuple[Capture, ...] = ("failures", "all", "none")
Mode = Literal["observe", "attach", "isolate"]
MODES: tuple[Mode, ...] = ("observe", "attach", "isolate")
MARKER = "tracetui"
_DRY_RUNS = ("collect-only", "setup-plan", "setup-only")


@dataclass(frozen=True)
class Settings:
    """`mode` is what tests see of their trace, unless their marker says otherwise (see `surroundings`).

    `dry_run` is the option by which no test is called: `collect-only`, `setup-only` or `setup-plan`.
    """

    run_name: str
    capture: Capture = "failures"
    mode: Mode = "observe"
    shows_hidden_fixtures: bool = False
    is_global: bool = False
    dry_run: str = ""
    stacks: Stacks = field(default_factory=Stacks)


def add_options(parser: pytest.Parser) -> None:
    """Register the ini options."""
    parser.addini("tracetui_dir", "directory to write a trace of every run to, relative to the rootdir")
    parser.addini(
        "tracetui_run_name", "what a traced run is called (default: PYTEST_RUN_NAME, or the rootdir)"
    )
    parser.addini(
        "tracetui_capture",
        f"whose captured output the trace keeps: {', '.join(CAPTURES)}",
        default="failures",
    )
    parser.addini(
        "tracetui_context",
        "observe: code under test sees nothing of the trace, its spans are shown below its test; attach: the"
        " span of its test is the parent of its own; isolate: it sees nothing, its spans are not written",
        default="observe",
    )
    parser.addini(
        "tracetui_global_provider",
        "let code under test that sets no tracer provider write its spans to the trace",
        type="bool",
        default=False,
    )
    parser.addini(
        "tracetui_hidden_fixtures", "show fixtures whose names begin with _ too", type="bool", default=False
    )


def add_plan_options(group: pytest.OptionGroup) -> None:
    """Register the options of a plan."""
    group.addoption(
        "--tracetui-plan",
        metavar="FILE",
        help="run tests in the order of a plan by `tracetui plan`, with its --dist and --maxschedchunk",
    )
    group.addoption(
        "--tracetui-shard", metavar="I/K", help="run only shard I of the K that the plan has: 1/3, 2/3, 3/3"
    )


def add_archive_options(parser: pytest.Parser, group: pytest.OptionGroup) -> None:
    """Register the options of the archiver, which reads them itself."""
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


def read_settings(config: pytest.Config) -> Settings:
    """The settings of this run; raises `pytest.UsageError` for an unknown value."""
    capture = _one_of(config, "tracetui_capture", CAPTURES)
    mode = _one_of(config, "tracetui_context", MODES)
    return Settings(
        run_name=config.getini("tracetui_run_name")
        or os.environ.get("PYTEST_RUN_NAME")
        or config.rootpath.name
        or "pytest",
        capture=next(each for each in CAPTURES if each == capture),
        mode=next(each for each in MODES if each == mode),
        shows_hidden_fixtures=config.getini("tracetui_hidden_fixtures"),
        is_global=config.getini("tracetui_global_provider"),
        dry_run=next(
            (word for word in _DRY_RUNS if config.getoption(word.replace("-", ""), default=False)), ""
        ),
        stacks=stacks_of(config),
    )


def mode_of(marker: pytest.Mark, default: Mode) -> Mode:
    """The mode that a marker asks for: `tracetui(context="attach")`, or `isolate=True`; raises
    `ValueError`.
    """
    isolate = marker.kwargs.get("isolate")
    if isolate is not None:
        return "isolate" if isolate else "observe" if default == "isolate" else default
    word = marker.kwargs.get("context", default)
    for mode in MODES:
        if mode == word:
            return mode
    raise ValueError(f"tracetui(context={word!r}): write one of {', '.join(MODES)}")


def _one_of(config: pytest.Config, option: str, words: tuple[str, ...]) -> str:
    value = str(config.getini(option))
    if value not in words:
        raise pytest.UsageError(f"{option} = {value!r}: write one of {', '.join(words)}")
    return value
