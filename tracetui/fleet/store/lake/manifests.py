"""Manifests: which files of a lake count, and which loads are in them.

A manifest names files and the units whose rows stand in them. It is put in place by one rename, which is when
its files begin to count and those of the manifests that it replaces cease to: whatever is killed before or
after leaves files that no manifest names, and nobody reads these.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracetui.errors import InputError

DIRECTORY = "manifests"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files` are relative to the lake, `units` says of each load what was known of it (see `ledger`).

    `replaces` are the names of manifests that no longer count.
    """

    name: str
    files: tuple[str, ...]
    units: Mapping[str, Any]
    replaces: tuple[str, ...] = ()

    def dump(self) -> bytes:
        """As it is written."""
        told = {"format": FORMAT, "files": self.files, "units": self.units, "replaces": self.replaces}
        return json.dumps(told, separators=(",", ":")).encode()


def manifests(lake: Path) -> list[Manifest]:
    """Those that count, by name."""
    found = [_read(path) for path in sorted((lake / DIRECTORY).glob("*.json"))]
    there = [each for each in found if each]
    replaced = {name for each in there for name in each.replaces}
    return [each for each in there if each.name not in replaced]


def files(found: Iterable[Manifest], relation: str) -> list[str]:
    """The files of a relation (`facts` or `spans`) that manifests name."""
    return [file for each in found for file in each.files if file.startswith(relation + "/")]


def _read(path: Path) -> Manifest | None:
    """A manifest; None for one that somebody has just replaced."""
    try:
        told = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:
        raise InputError(f"{path}: this is no manifest of a lake; restore it or remove it") from None
    if told.get("format") != FORMAT:
        raise InputError(f"{path}: written by another version of tracetui; use that one")
    return Manifest(path.stem, tuple(told["files"]), told["units"], tuple(told["replaces"]))
