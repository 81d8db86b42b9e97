"""An archive -> the attributes of its span."""

from __future__ import annotations

import signal
from pathlib import Path

from tracetui.tracing.archiver.cores.elf import Death
from tracetui.tracing.archiver.packing import SECRETS, Archive

_LEFT_OUT_SHOWN = 20

Attribute = str | int | bool | list[str]


def archive_attributes(archive: Archive, spans_dir: Path) -> dict[str, Attribute]:
    """The span attributes that describe `archive`; paths are relative to the spans' directory."""
    attributes: dict[str, Attribute] = {
        "tracetui.archive.files": len(archive.members),
        "tracetui.archive.left_out_count": archive.left_out_count,
        "tracetui.archive.truncated": archive.is_truncated,
    }
    if archive.left_out:
        shown = archive.left_out[:_LEFT_OUT_SHOWN]
        attributes["tracetui.archive.left_out"] = [f"{thing.path}: {thing.why}" for thing in shown]
    if archive.path is not None:
        attributes |= {
            "tracetui.archive.path": str(archive.path.relative_to(spans_dir)),
            "tracetui.archive.size_bytes": archive.size_bytes,
            "tracetui.archive.data_bytes": archive.data_bytes,
            "tracetui.archive.sha256": archive.sha256,
            "tracetui.archive.kinds": archive.kinds,
        }
    if archive.deaths:
        attributes["tracetui.archive.warning"] = SECRETS
        attributes |= _death_attributes(archive.deaths[0])
    return attributes


def _death_attributes(death: Death) -> dict[str, Attribute]:
    """The first core dump's process, as far as it is known."""
    facts: dict[str, Attribute] = {
        "process.executable.name": death.executable,
        "process.pid": death.pid,
        "process.signal": _signal_name(death.signal),
    }
    return {key: value for key, value in facts.items() if value}


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number or "")
