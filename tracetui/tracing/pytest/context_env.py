"""What a test sees of its trace while it runs, and where the spans that it starts are shown.

`observe`: it sees nothing; its spans are written and shown below it. `attach`: the span of its phase is the
current one, and its subprocesses get `TRACEPARENT`, so that everything is one distributed trace. `isolate`:
it sees nothing, and none of its spans are written. A pytest or a `set_up_tracing` that it starts gets
`TRACETUI_PARENT` in any case, and is shown below it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from contextvars import Token

from opentelemetry import context as current
from opentelemetry.context import Context

from tracetui.tracing.environment import variables_for
from tracetui.tracing.spans.home import VARIABLE, Home


class Surroundings:
    """A context manager around what happens in the span of `context`.

    Sets `variables` and restores them afterwards. Meanwhile `attached` is the current context, and the list
    of `inner` has the context of `inner` as its last entry.
    """

    def __init__(
        self,
        variables: Mapping[str, str],
        attached: Context | None = None,
        inner: tuple[list[Context], Context] | None = None,
    ) -> None:
        self._variables = variables
        self._attached = attached
        self._inner = inner
        self._token: Token[Context] | None = None
        self._before: list[tuple[str, str | None]] = []

    def __enter__(self) -> None:
        if self._attached is not None:
            self._token = current.attach(self._attached)
        if self._inner is not None:
            contexts, context = self._inner
            contexts.append(context)
        environ = os.environ
        for name, value in self._variables.items():
            self._before.append((name, environ.get(name)))
            environ[name] = value

    def __exit__(self, *_: object) -> None:
        for name, value in self._before:
            _restore(name, value)
        if self._inner is not None:
            contexts, context = self._inner
            with suppress(ValueError):
                contexts.remove(context)
        if self._token is not None:
            current.detach(self._token)


def variables(home: Home, context: Context, propagators: str, *, attaches: bool) -> Mapping[str, str]:
    """The environment variables for what belongs to `home`, the span of `context`."""
    own = {VARIABLE: home.variable}
    return variables_for(context, propagators) | own if attaches else own


def _restore(name: str, value: str | None) -> None:
    if value is not None:
        os.environ[name] = value
        return
    with suppress(KeyError):
        del os.environ[name]
