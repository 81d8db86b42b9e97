"""What a test sees of its trace while it runs: the current context, and variables for its subprocesses."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import context as current
from opentelemetry.context import Context

from tracetui.tracing.environment import variables_for


@contextmanager
def attached(context: Context) -> Iterator[None]:
    """Make `context` the current one."""
    token = current.attach(context)
    try:
        yield
    finally:
        current.detach(token)


@contextmanager
def exported(context: Context) -> Iterator[None]:
    """Set `TRACEPARENT` and its companions for subprocesses; afterwards they are as they were."""
    variables = variables_for(context)
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            _restore(name, value)


@contextmanager
def surrounded(context: Context) -> Iterator[None]:
    """Both, for what runs in `context`."""
    with attached(context), exported(context):
        yield


def _restore(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
