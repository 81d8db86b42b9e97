"""What the `OTEL_*` environment variables ask for beside the files. Requests that cannot be met are
reported.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from opentelemetry.sdk.trace import sampling

from tracetui.tracing.host.warn import Warn
from tracetui.tracing.otlp.exporters import (
    installed_exporter,
    is_own_receiver,
    otlp_exporter,
    otlp_protocol,
    otlp_setting,
    otlp_target,
)

if TYPE_CHECKING:
    from tracetui.tracing.otlp.tee import Tee

_OURS = frozenset({"none", "tracetui"})
_KNOWN_SAMPLERS = frozenset(
    {
        "always_on",
        "always_off",
        "traceidratio",
        "parentbased_always_on",
        "parentbased_always_off",
        "parentbased_traceidratio",
    }
)


def is_disabled() -> bool:
    """Whether `OTEL_SDK_DISABLED` turns tracing off."""
    return os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"


def sampler(warn: Warn) -> sampling.Sampler | None:
    """The sampler: everything, unless `OTEL_TRACES_SAMPLER` asks for another; None leaves that to the SDK."""
    name = os.environ.get("OTEL_TRACES_SAMPLER", "").strip().lower()
    if name in _KNOWN_SAMPLERS:
        return None
    if name:
        warn(f"OTEL_TRACES_SAMPLER: {name!r} is not known; every span is recorded")
    # A parent that was not sampled for some backend says nothing about our files.
    return sampling.ALWAYS_ON


def tees(otlp_endpoint: str | None, warn: Warn) -> list[Tee]:
    """The exporters that the program (by `otlp_endpoint`) and the environment ask for.

    `OTEL_TRACES_EXPORTER` is a comma-separated list of `otlp`, `console`, `none` (nothing, even if an
    endpoint is configured) and names that installed distributions register; without it, spans are sent to
    `OTEL_EXPORTER_OTLP_[TRACES_]ENDPOINT`, if that is set.
    """
    if is_disabled():
        return []
    made = (_tee(name, otlp_endpoint, warn) for name in _asked_for(otlp_endpoint))
    return [tee for tee in made if tee is not None]


def _asked_for(otlp_endpoint: str | None) -> Iterator[str]:
    listed = os.environ.get("OTEL_TRACES_EXPORTER", "").split(",")
    names = dict.fromkeys(name.strip() for name in listed if name.strip())
    if not otlp_endpoint and is_own_receiver():
        names = dict.fromkeys(name for name in names if name != "otlp") or {"none": None}
    if otlp_endpoint or (not names and otlp_setting("ENDPOINT")):
        yield "otlp"
    if "none" not in names:
        yield from (name for name in names if name not in _OURS and not (name == "otlp" and otlp_endpoint))


def _tee(name: str, otlp_endpoint: str | None, warn: Warn) -> Tee | None:
    from opentelemetry.sdk.trace.export import ConsoleSpanExporter

    from tracetui.tracing.otlp.tee import Tee

    try:
        if name == "otlp":
            return _otlp(otlp_endpoint, warn)
        if name == "console":
            return Tee(ConsoleSpanExporter, "the console")
        if not entry_points(group="opentelemetry_traces_exporter", name=name):
            warn(f"OTEL_TRACES_EXPORTER: {name!r} is not known, and is ignored")
            return None
        return Tee(partial(installed_exporter, name), name)
    except Exception as error:  # noqa: BLE001 - whatever a foreign exporter dislikes, the files are written
        warn(f"no spans are sent to {name}: {type(error).__name__}: {error}")
        return None


def _otlp(endpoint: str | None, warn: Warn) -> Tee:
    protocol = otlp_protocol(warn)
    make = partial(otlp_exporter, protocol, endpoint)
    # It loads protobuf, like the exporter.
    from tracetui.tracing.otlp.packing import packed
    from tracetui.tracing.otlp.tee import Tee

    return Tee(make, otlp_target(protocol, endpoint), pack=packed)
