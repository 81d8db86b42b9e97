"""What a command is called: after its program, or after what a launcher such as `npx` starts."""

import re
from collections.abc import Sequence
from pathlib import Path

_LAUNCHERS = {
    "env": (),
    "npx": (),
    "bunx": (),
    "pnpx": (),
    "npm": ("exec", "x"),
    "pnpm": ("exec", "dlx"),
    "yarn": ("exec", "dlx", "run"),
    "bun": ("x", "run"),
    "uv": ("run",),
    "uvx": (),
    "pipx": ("run",),
    "poetry": ("run",),
    "pdm": ("run",),
    "hatch": ("run",),
    "bundle": ("exec",),
}
"""Programs that start another, and what they call that; those without a word always do."""
_PYTHON = re.compile(r"(python|pypy)[\d.]*")


def program(command: Sequence[str]) -> str:
    """The name for the service and the suite of a command: `vitest` for `npx --no vitest run`."""
    name, words = Path(command[0]).name, list(command[1:])
    if _PYTHON.fullmatch(name):
        return words[1].rpartition(".")[2] or name if words[:1] == ["-m"] and len(words) > 1 else name
    if name not in _LAUNCHERS or not words:
        return name
    if _LAUNCHERS[name] and words.pop(0) not in _LAUNCHERS[name]:
        return name
    started = next((word for word in words if not word.startswith("-") and "=" not in word), "")
    return Path(started).name.partition("@")[0] or name
