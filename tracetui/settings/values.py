"""The settings themselves, and the errors about invalid ones."""

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tracetui.cores import cores
from tracetui.errors import InputError, suggestion


class SettingError(InputError):
    """An invalid setting; the message names the file, variable or option, and the key."""


_MOST_THREADS = 4
"""One reads, one scans, one takes what was found, one makes rows of that."""


def _threads() -> int:
    """One for each core, up to those that have something of their own to do: more scan beside each other."""
    return min(max(1, cores()), _MOST_THREADS)


@dataclass(frozen=True)
class Settings:
    """None, or empty, means not chosen.

    `theme` is a name; `ascii` draws with ASCII characters only; `axis` is the zero of shown times; `columns`
    are those of the waterfall; `memory` is a ceiling in bytes, `jobs` the number of threads that read
    recordings; `cache` keeps what was read of large ones; `limit` is how long a run may take, in ns; `gates`
    are the rules of `tracetui gate` by name (see `fields.GATES`), times in ns and shares from 0 to 1;
    `screenshots` is a directory; `filters` are filters by name, `fixed` revisions (comma-separated) by
    the tests that were fixed then, `keymap` keys (Textual's names, comma-separated) by the ids of actions.
    `origins` says where each was chosen: by field, or `field.key` for the tables.
    """

    theme: str | None = None
    ascii: bool | None = None
    axis: Literal["relative", "wall"] = "relative"
    columns: tuple[str, ...] = ()
    memory: int | None = None
    jobs: int = field(default_factory=_threads)
    cache: bool = True
    limit: int | None = None
    gates: Mapping[str, Any] = field(default_factory=dict)
    screenshots: str = "."
    filters: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    keymap: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def draws_ascii(self) -> bool:
        """Whether to draw with ASCII characters only: as chosen, else if the locale has no others."""
        return not speaks_unicode() if self.ascii is None else self.ascii

    def wrong(self, key: str, reason: str) -> SettingError:
        """The error for `key` (a field, or `field.key`): where it was chosen, and why it is invalid."""
        return complaint(self.origins.get(key, "settings"), key, reason)

    def require_known(self, key: str, value: str, known: Iterable[str]) -> None:
        """Raises `SettingError`, with the closest known value, if `value` is not `known`."""
        names = tuple(known)
        if value not in names:
            raise self.wrong(key, f"unknown name {value} ({suggestion(value, names)})")


def speaks_unicode() -> bool:
    """Whether the locale and the encoding of standard output have more than ASCII."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or os.environ.get("LANG") or ""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return encoding.lower().replace("-", "").startswith("utf") and locale not in ("C", "POSIX")


def complaint(origin: str, key: str, reason: str) -> SettingError:
    """One line: where, which key, why."""
    return SettingError(
        f"{origin}: {reason}" if origin.lower().endswith(key) else f"{origin}: {key}: {reason}"
    )


def merged(layers: Iterable[tuple[Mapping[str, Any], Mapping[str, str]]]) -> Settings:
    """Settings of layers (values and their origins), the weakest first: later ones win, tables by key."""
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for layer, said in layers:
        for name, value in layer.items():
            values[name] = {**values.get(name, {}), **value} if isinstance(value, dict) else value
        origins.update(said)
    return Settings(**values, origins=origins)
