"""Opens a file at a line in the user's editor: which command, and where the file is."""

import os
import shlex
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tracetui.errors import InputError

_COLON = frozenset({"subl", "sublime_text", "zed", "zeditor", "hx", "helix", "lapce", "atom"})
_GOTO = frozenset({"code", "code-insiders", "codium", "vscodium", "cursor", "windsurf"})
_LINE = frozenset({"idea", "pycharm", "webstorm", "clion", "goland", "rider", "kate", "mate"})

_LONGEST = 4096
"""No path has more characters."""


def editor(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The words of the user's editor; raises `InputError` if none is set."""
    chosen = environment.get("VISUAL") or environment.get("EDITOR") or ""
    try:
        words = shlex.split(chosen)
    except ValueError:
        words = []
    if not words:
        raise InputError("no editor set: export EDITOR=vim, or your own")
    return words


def command(words: list[str], path: Path, line: int) -> list[str]:
    """The command that opens `path` at `line` (0: anywhere)."""
    name = Path(words[0]).name.removesuffix(".exe")
    if not line:
        return [*words, str(path)]
    if name in _GOTO:
        return [*words, "--goto", f"{path}:{line}"]
    if name in _COLON:
        return [*words, f"{path}:{line}"]
    if name in _LINE:
        return [*words, "--line", str(line), str(path)]
    return [*words, f"+{line}", str(path)]


def find(file: str, bases: Iterable[Path]) -> Path:
    """The file on this machine: as it is named, or below one of `bases`, the likeliest first.

    An absolute path of another machine is looked for by its tail. Raises `InputError` if there is none.
    """
    try:
        path_found = next((path for path in _candidates(file, bases) if path.is_file()), None)
    except (OSError, ValueError):  # A NUL in it, or longer than any path here.
        path_found = None
    if path_found is None:
        raise InputError(f"{file}: not on this machine; start tracetui where the sources are")
    return path_found.resolve()


def _candidates(file: str, bases: Iterable[Path]) -> Iterator[Path]:
    if len(file) > _LONGEST:
        return
    named = Path(file)
    tails = [named]
    if named.is_absolute():
        yield named
        tails = [Path(*named.parts[cut:]) for cut in range(1, len(named.parts))]
    yield from (base / tail for base in bases for tail in tails)
