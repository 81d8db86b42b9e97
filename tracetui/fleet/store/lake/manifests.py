"""Manifests: the valid files of a lake, and the loads in them.

A manifest names files and the units whose rows are in them. It is put in place by one rename, at which its
files become valid and those of the manifests that it replaces cease to be: a process killed before or after
it leaves files that no manifest names, and nobody reads these.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import fields, replace

from tracetui.errors import InputError

DIRECTORY = "manifests"
FORMAT = 1


class Manifest(Struct, frozen=True):
    """`files` are relative to the lake. `units` and `sources` are what was loaded, in the form of
    `loads.Ledger`.

    `replaces` are the names of manifests that are no longer valid.
    """

    name: str
    files: tuple[str, ...]
    units: Mapping[str, Any]
    sources: Mapping[str, Any]
    replaces: tuple[str, ...] = ()

    def dump(self) -> bytes:
        """Its bytes."""
        content = {"format": FORMAT, **{field.name: getattr(self, field.name) for field in fields(self)}}
        return json.dumps(content, separators=(",", ":")).encode()

    def with_all_of(self, others: Iterable["Manifest"]) -> "Manifest":
        """The same, with the loads of others added, unless it has them itself."""
        units: dict[str, Any] = {}
        sources: dict[str, Any] = {}
        for manifest in (*others, self):
            units.update(manifest.units)
            sources.update(manifest.sources)
        return replace(self, units=units, sources=sources)


def manifests(lake: Path) -> list[Manifest]:
    """The valid manifests, by name."""
    there = written(lake)
    replaced = {name for manifest in there for name in manifest.replaces}
    return [manifest for manifest in there if manifest.name not in replaced]


def written(lake: Path) -> list[Manifest]:
    """All manifests, by name, including those no longer valid: a consistent state."""
    while True:
        paths = _listed(lake)
        with suppress(FileNotFoundError):  # Somebody has just replaced one: all are listed anew.
            read = [_read(path) for path in paths]
            if paths == _listed(lake):
                return read


def _listed(lake: Path) -> list[Path]:
    return sorted((lake / DIRECTORY).glob("*.json"))


def files(some: Iterable[Manifest], relation: str) -> list[str]:
    """The files of a relation (`facts` or `spans`) that manifests name."""
    return [file for manifest in some for file in manifest.files if file.startswith(relation + "/")]


@lru_cache(maxsize=1 << 14)
def _read(path: Path) -> Manifest:
    """A manifest. A name is never written twice, so each is read only once."""
    try:
        content = json.loads(path.read_bytes())
    except ValueError:
        raise InputError(f"{path}: this is no manifest of a lake; restore it or remove it") from None
    if content.get("format") != FORMAT:
        raise InputError(f"{path}: written by another version of tracetui; use that one")
    return Manifest(
        path.stem, tuple(content["files"]), content["units"], content["sources"], tuple(content["replaces"])
    )
