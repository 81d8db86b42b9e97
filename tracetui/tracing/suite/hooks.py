"""A suite's hooks: a command, or a function of the project."""

from __future__ import annotations

import importlib
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tracetui.tracing.suite.command import filled_in, run_command
from tracetui.tracing.suite.failures import CommandError, HookError
from tracetui.tracing.suite.schema import Hook, Suite, When
from tracetui.tracing.suite.table import Command

_CALLABLE = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")


@dataclass(frozen=True)
class HookCall:
    """The argument of a hook that is a callable; `test` and `tmp_path` are None around the suite."""

    when: When
    suite: str
    directory: Path
    port: int | None = None
    test: str | None = None
    tmp_path: Path | None = None


def run_hook(hook: Hook, command: Command, call: HookCall, suite: Suite, values: Mapping[str, str]) -> None:
    """Run `hook` at that time; raises HookError."""
    name = f"hook {hook.name} {call.when.replace('_', ' ')}"
    try:
        if isinstance(command, str) and _CALLABLE.fullmatch(command):
            _callable(command, suite.path.parent)(call)
        else:
            run_command(filled_in(command, values), suite.cwd, suite.env, hook.timeout_s)
    except CommandError as failure:
        raise HookError(hook.name, f"{name}: {failure}", failure.output) from None
    except (Exception, pytest.fail.Exception) as error:
        message = f"{name}: {type(error).__name__}: {error}"
        raise HookError(hook.name, message, traceback.format_exc()) from error


def _callable(name: str, directory: Path) -> Callable[[HookCall], object]:
    module, _, function = name.partition(":")
    with _importing_from(directory):
        function_of_module: Callable[[HookCall], object] = getattr(importlib.import_module(module), function)
        return function_of_module


@contextmanager
def _importing_from(directory: Path) -> Iterator[None]:
    sys.path.insert(0, str(directory))
    try:
        yield
    finally:
        sys.path.remove(str(directory))
