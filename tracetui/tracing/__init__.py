"""The writing wing: what a program imports to have its spans written where tracetui can see them.

Nothing is loaded until it is used: `import tracetui.tracing` costs neither OpenTelemetry nor orjson.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracetui.tracing.baggage import BatchedBaggageSpanProcessor
    from tracetui.tracing.file_exporter import FileSpanExporter
    from tracetui.tracing.set_up import Tracing, set_up_tracing

__all__ = ["BatchedBaggageSpanProcessor", "FileSpanExporter", "Tracing", "set_up_tracing"]

_HOMES = {
    "BatchedBaggageSpanProcessor": "tracetui.tracing.baggage",
    "FileSpanExporter": "tracetui.tracing.file_exporter",
    "Tracing": "tracetui.tracing.set_up",
    "set_up_tracing": "tracetui.tracing.set_up",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)
