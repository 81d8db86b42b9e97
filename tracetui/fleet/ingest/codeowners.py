"""The owners of files by a repository's CODEOWNERS, by GitHub's rules: the last line that matches decides.

https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tracetui.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks, the first that is there counts."""
LARGEST = 3_000_000
"""GitHub does not read a larger one."""
_OWNER = re.compile(r"@[^\s@]+|[^\s@]+@[^\s@]+")
_WORD = re.compile(r"(?:\\.|[^\s\\])+")
_TOKEN = re.compile(r"\\(.)|(\*+)|(\?)|(.)", re.DOTALL)
_DIRECTORIES = r"(?:[^/]+/)*?"

Rule = tuple[re.Pattern[str], str]


class Codeowners:
    """The rules of one file, from its `text` (foreign)."""

    def __init__(self, text: str) -> None:
        self._rules = list(_rules(text))[::-1]
        self._known: dict[str, str] = {}

    def of(self, path: str) -> str:
        """The first owner of a file, by its path from the repository's root; empty if it has none."""
        if path not in self._known:
            self._known[path] = next((owner for rule, owner in self._rules if rule.match(path)), "")
        return self._known[path]


def read_codeowners(path: Path) -> Codeowners:
    """Those of a file; raises `InputError` if it cannot be read, or is too large for GitHub."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise InputError(f"{path}: {(error.strerror or str(error)).lower()}") from None
    if len(content) > LARGEST:
        raise InputError(f"{path}: larger than 3 MB: GitHub does not read it either; split its patterns")
    return Codeowners(content.decode("utf-8", "replace"))


def codeowners_near(path: str) -> Codeowners:
    """Those of the repository that a file lies in, where it has any."""
    for directory in Path(path).absolute().parents:
        if (directory / ".git").exists():
            return _of_repository(directory)
    return Codeowners("")


def with_owners(facts: "pa.Table", codeowners: Codeowners) -> "pa.Table":
    """Facts, with the owner of their test's file where they tell none."""
    import pyarrow as pa

    owners, files = facts["owner"].to_pylist(), facts["file"].to_pylist()
    known = [
        owner or (codeowners.of(file) if file else "") for owner, file in zip(owners, files, strict=True)
    ]
    place = facts.column_names.index("owner")
    return facts.set_column(place, facts.schema.field(place), pa.array(known, pa.string()))


@cache
def _of_repository(root: Path) -> Codeowners:
    files = (root / place for place in PLACES)
    return next((read_codeowners(file) for file in files if file.is_file()), Codeowners(""))


def _rules(text: str) -> Iterator[Rule]:
    """Lines that GitHub finds invalid are skipped, as there."""
    for line in text.splitlines():
        words = _WORD.findall(line)
        end = next((place for place, word in enumerate(words) if word.startswith("#")), len(words))
        if end and _is_pattern(words[0]) and all(map(_OWNER.fullmatch, words[1:end])):
            yield re.compile(_expression(words[0])), next(iter(words[1:end]), "")


def _is_pattern(word: str) -> bool:
    """Negation, ranges and an escaped `#` are gitignore's, but not GitHub's here."""
    return (
        not word.startswith(("!", "\\#")) and not re.search(r"(?<!\\)[\[\]]", word) and word.strip("/") != ""
    )


def _expression(pattern: str) -> str:
    """A pattern as a regular expression for the beginning of a path.

    What follows an asterisk is taken where it is found first, for good: so no pattern takes long to fail.
    """
    is_anchored = "/" in pattern.rstrip("/")
    parts = pattern.strip("/").split("/")
    if not is_anchored and parts[-1] != "**":
        parts.insert(0, "**")
    if parts[-1] == "**":
        return _joined(parts[:-1]) + ("/" if len(parts) > 1 else "")
    if pattern.endswith("/"):
        return _joined(parts) + "/"
    is_direct = is_anchored and parts[-1] == "*"
    return _joined(parts) + (r"\Z" if is_direct else r"(?:\Z|/)")


def _joined(parts: list[str]) -> str:
    """Names of a path, with any number of directories where there is `**`."""
    runs: list[list[str]] = [[]]
    for part in parts:
        if part == "**":
            runs.append([])
        else:
            runs[-1].append(_name(part))
    first, *others = runs
    found = [_DIRECTORIES + "/".join(run) for run in others if run]
    sure = "".join(f"(?>{run}/)" for run in found[:-1])
    return "/".join(first) + "/" * bool(first and found) + sure + "".join(found[-1:])


def _name(part: str) -> str:
    """One name; asterisks and question marks match anything but a slash."""
    pieces = [""]
    for escaped, stars, mark, plain in _TOKEN.findall(part):
        if stars:
            pieces.append("")
        else:
            pieces[-1] += "[^/]" if mark else re.escape(escaped or plain)
    first, *others = pieces
    sure = "".join(f"(?>[^/]*?{piece})" for piece in others[:-1])
    return first + sure + "".join(f"[^/]*{piece}" for piece in others[-1:])
