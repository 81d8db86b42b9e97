"""What a test sees of its trace while it runs: the current context, and variables for its subprocesses.

Classes, where generators would read better: every phase of every test is in one of these.
"""

from __future__ import annotations

import os
from contextlib import suppress
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
    """Sets `TRACEPARENT` and its companions for subprocesses too; afterwards they are as they were.

    `propagators` is what `configured_propagators` gave, for who asks often.
    """

    def __init__(self, context: Context, propagators: str | None = None) -> None:
        super().__init__(context)
        self._propagators = propagators
        self._before: list[tuple[str, str | None]] = []

    def __enter__(self) -> None:
        super().__enter__()
        environ = os.environ
        for name, value in variables_for(self._context, self._propagators).items():
            self._before.append((name, environ.get(name)))
            environ[name] = value

    def __exit__(self, *_: object) -> None:
        for name, value in self._before:
            _restore(name, value)
        super().__exit__()


def _restore(name: str, value: str | None) -> None:
    if value is not None:
        os.environ[name] = value
        return
    with suppress(KeyError):
        del os.environ[name]
