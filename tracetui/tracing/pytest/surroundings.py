"""What a test sees of its trace while it runs: the current context, and variables for its subprocesses.

Classes, where generators would read better: every phase of every test is in one of these.
"""

from __future__ import annotations

import os
from contextvars import Token

from opentelemetry import context as current
from opentelemetry.context import Context

from tracetui.tracing.environment import variables_for


class Attached:
    """Makes `context` the current one, as long as it lasts."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._token: Token[Context] | None = None

    def __enter__(self) -> None:
        self._token = current.attach(self._context)

    def __exit__(self, *_: object) -> None:
        if self._token is not None:
            current.detach(self._token)


class Surrounded(Attached):
    """Sets `TRACEPARENT` and its companions for subprocesses too; afterwards they are as they were."""

    def __enter__(self) -> None:
        super().__enter__()
        variables, environ = variables_for(self._context), os.environ
        # `get` raises and catches in there where there is nothing.
        self._before = {name: environ[name] if name in environ else None for name in variables}  # noqa: SIM401
        environ.update(variables)

    def __exit__(self, *_: object) -> None:
        for name, value in self._before.items():
            _restore(name, value)
        super().__exit__()


def _restore(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
