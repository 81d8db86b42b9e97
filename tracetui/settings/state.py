"""The app's own state between sessions; the user's own files are never written.

One JSON object in platformdirs' state directory. An unreadable file counts as empty, and a key of the wrong
type as missing: it holds nothing that users would miss.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from platformdirs import user_state_path

from tracetui.atomic import write_whole


@dataclass(frozen=True)
class State:
    """The theme and the waterfall's columns chosen last, and the saved filters."""

    theme: str | None = None
    filters: Mapping[str, str] = field(default_factory=dict)
    columns: Sequence[str] | None = None


def recall() -> State:
    """The stored state."""
    try:
        document = json.loads(_path().read_bytes())
    except (OSError, ValueError, RecursionError):
        return State()
    return _understood(document) if isinstance(document, dict) else State()


def keep(**changes: Any) -> State:
    """Store changed fields of `State`, all or none of them.

    Raises `OSError` if the file cannot be written.
    """
    state = replace(recall(), **changes)
    path = _path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, [json.dumps(asdict(state)).encode()])
    return state


def _understood(document: Mapping[str, Any]) -> State:
    theme, filters = document.get("theme"), document.get("filters")
    named = filters.items() if isinstance(filters, dict) else ()
    return State(
        theme if isinstance(theme, str) else None,
        {name: told for name, told in named if isinstance(told, str)},
        tuple(map(str, columns)) if isinstance(columns := document.get("columns"), list) else None,
    )


def _path() -> Path:
    return user_state_path("tracetui") / "state.json"
