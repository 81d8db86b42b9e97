"""The machine a run ran on: what makes its times differ from those of the same tests elsewhere."""

from __future__ import annotations

import platform
import sys

from tracetui.cores import cores

_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "i386": "x86", "i686": "x86"}
"""As OpenTelemetry spells them (https://opentelemetry.io/docs/specs/semconv/registry/attributes/host/)."""


def machine_attributes() -> dict[str, str | int]:
    """Interpreter, system, architecture, and how many processors this process may use.

    OpenTelemetry has no name for the last of these.
    """
    machine = platform.machine().lower()
    return {
        "process.runtime.name": sys.implementation.name,
        "process.runtime.version": platform.python_version(),
        "os.type": "windows" if sys.platform == "win32" else sys.platform,
        "host.arch": _ARCHITECTURES.get(machine, machine),
        **({"tracetui.host.cores": count} if (count := cores()) else {}),
    }
