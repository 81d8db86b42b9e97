"""Names of threads and processes, from metadata events anywhere in a document: the names of lanes."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from tracetui.formats.chrome.events import Event


class Thread(NamedTuple):
    """A thread of a process; either id may be a text."""

    pid: str
    tid: str


_Way = Callable[[Thread, str], str]
"""A longer name for a thread that has a name."""


class Names:
    """The names in metadata; the last one counts."""

    def __init__(self) -> None:
        self._threads: dict[Thread, str] = {}
        self._processes: dict[str, str] = {}

    def add(self, event: Event) -> bool:
        """Whether a metadata event names anything."""
        name = event.args.get("name")
        if not isinstance(name, str) or not name:
            return False
        if event.name == "thread_name":
            self._threads[Thread(event.pid, event.tid)] = name
        elif event.name == "process_name":
            self._processes[event.pid] = name
        else:
            return False
        return True

    def process(self, pid: str) -> str:
        """The name of a process; empty if unknown."""
        return self._processes.get(pid, "")

    def lanes(self, threads: Sequence[Thread]) -> Mapping[Thread, str]:
        """The name of each of `threads`: with its process if several threads have one name."""
        plain = {thread: self._threads.get(thread) or _numbered(thread.tid) for thread in threads}
        several = len({thread.pid for thread in threads}) > 1
        ways: list[_Way] = [self._in_process] if several else []
        return _told_apart(plain, [*ways, lambda thread, name: f"{name} {thread.tid}"])

    def _in_process(self, thread: Thread, name: str) -> str:
        return f"{self._processes.get(thread.pid) or f'process {thread.pid}'} {name}"


def _numbered(tid: str) -> str:
    return f"thread {tid}" if tid.lstrip("-").isdecimal() else tid


def _told_apart(names: Mapping[Thread, str], ways: Sequence[_Way]) -> Mapping[Thread, str]:
    """The same, with names shared by several threads made longer, one way after the other."""
    for way in ways:
        times = Counter(names.values())
        names = {thread: way(thread, name) if times[name] > 1 else name for thread, name in names.items()}
    return names
