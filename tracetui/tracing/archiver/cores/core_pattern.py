"""Where this system puts core dumps, and whether it makes any: core(5)."""

from __future__ import annotations

import contextlib
import re
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PATTERN = Path("/proc/sys/kernel/core_pattern")


@dataclass(frozen=True)
class CorePattern:
    """A directory (empty: the crashing process's own) and a name to glob for, or the reason there is none."""

    directory: str = ""
    name: str = ""
    why: str = ""

    def places(self, directories: list[Path]) -> Iterator[Path]:
        """Paths that may be core dumps of processes that worked in `directories`."""
        if not self.why:
            for place in [Path(self.directory)] if self.directory else directories:
                for name in (self.name, f"{self.name}.*"):
                    yield from place.glob(name)


def parse_core_pattern(text: str) -> CorePattern:
    """A core_pattern as the kernel reads it: a plain name, an absolute path, a pipe or a socket."""
    text = text.strip()
    if text.startswith(("|", "@")):
        program = Path(text.lstrip("|@").split(" ")[0]).name
        hint = (
            "get one back with coredumpctl dump PID" if "systemd" in program else "look where it stores them"
        )
        return CorePattern(why=f"core dumps on this system go to {program}: {hint}")
    if not text:
        return CorePattern(name="core")
    # Specifiers stand for text that is not known here; what else a glob would read as its own is escaped.
    directory, _, name = text.rpartition("/")
    name = re.sub(r"%(.)", lambda match: "%" if match[1] == "%" else "*", re.sub(r"([*?[])", r"[\1]", name))
    if "%" in directory:
        return CorePattern(why=f"core dumps on this system go to {directory}, which depends on the process")
    return CorePattern(directory or ("/" if text.startswith("/") else ""), name)


def system_core_pattern() -> CorePattern:
    """This system's."""
    try:
        return parse_core_pattern(_PATTERN.read_bytes().decode("utf-8", "replace"))
    except OSError as error:
        return CorePattern(why=f"{_PATTERN} cannot be read: {error.strerror}")


@contextlib.contextmanager
def core_dumps_allowed() -> Iterator[str]:
    """Raise the soft limit for core dumps to the hard one, for this process and its children, and restore it
    afterwards.

    Yields why there will be no core dumps all the same, or an empty text.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    try:
        yield "the hard limit of core dumps is 0 (ulimit -Hc)" if hard == 0 else ""
    finally:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))
