"""What the app itself keeps from one time to the next; the reader's own files are never written.

One JSON object in platformdirs' state directory. A file that cannot be read counts as empty, and a key of a
kind that it should not have is as if it were not there: it is nobody's work that could be lost in it.
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
    """The theme and the waterfall's columns chosen last, and the filters that were given a name."""

    theme: str | None = None
    filters: Mapping[str, str] = field(default_factory=dict)
    columns: Sequence[str] | None = None


def recall() -> State:
    """What was kept."""
    try:
        document = json.loads(_path().read_bytes())
    except (OSError, ValueError, RecursionError):
        return State()
    return _understood(document) if isinstance(document, dict) else State()


def keep(**changes: Any) -> State:
    """Keeps fields of `State` anew, whole or not at all.

    Raises `OSError` where the file cannot be written.
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
