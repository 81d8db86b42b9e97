"""CODEOWNERS -> whose a file is.

The file is looked for where GitHub and GitLab do, in the rootdir and above it up to the repository's top. As
there, the last pattern that matches decides, and a pattern without owners makes a file nobody's. Patterns are
those of .gitignore, without `!` and `[...]`
(https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners).
GitLab's section headings are read over.

The package `codeowners` (0.9) is not used: it takes names in comments behind a rule for owners, headings with
owners for rules, and one pattern it cannot read costs it the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
_PART = re.compile(r"/\*\*/|\*\*/|/\*\*|\*\*|\*|\?|.", re.DOTALL)
_MEANING = {"/**/": "/(?:.*/)?", "**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


class Owners:
    """The owners of the files of one repository; nobody without a readable CODEOWNERS."""

    def __init__(self, rootdir: Path) -> None:
        self._top, self._rules = _read(rootdir)
        self._known: dict[Path, str] = {}

    def of(self, path: Path) -> str:
        """The owners of a file, with spaces between; empty if it has none."""
        if not self._rules:
            return ""
        if path not in self._known:
            self._known[path] = self._find(path)
        return self._known[path]

    def _find(self, path: Path) -> str:
        if not path.is_relative_to(self._top):
            return ""
        name = path.relative_to(self._top).as_posix()
        return next((owners for pattern, owners in reversed(self._rules) if pattern.match(name)), "")


def pattern_of(glob: str) -> re.Pattern[str]:
    """A regular expression for the paths below the top that a CODEOWNERS pattern matches."""
    anywhere = "" if "/" in glob.rstrip("/") else "(?:.*/)?"
    body = "".join(_MEANING.get(part, re.escape(part)) for part in _PART.findall(glob.strip("/")))
    # `docs/*` does not reach into folders; `docs/` and `docs` mean all that is in them.
    end = "/.*" if glob.endswith("/") else "" if glob.endswith("/*") else "(?:/.*)?"
    return re.compile(f"{anywhere}{body}{end}\\Z", re.DOTALL)


def _read(rootdir: Path) -> tuple[Path, list[tuple[re.Pattern[str], str]]]:
    for top in (rootdir, *rootdir.parents):
        for place in _PLACES:
            if (top / place).is_file():
                return top, list(_rules((top / place).read_text("utf-8", "replace")))
        if (top / ".git").exists():
            break
    return rootdir, []


def _rules(content: str) -> Iterator[tuple[re.Pattern[str], str]]:
    for line in content.splitlines():
        said = re.sub(r"(?:^|\s)#.*", "", line).strip()
        if said and not said.startswith(("[", "^[")):
            # A space in a path is written with a backslash before it.
            glob, *owners = re.split(r"(?<!\\)\s+", said)
            yield pattern_of(glob.replace("\\ ", " ")), " ".join(owners)
