"""On what both sides ran: where machines differ, so may times, and nobody's code is to blame."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tracetui.analysis.history.records import RunHead

_ASKED: dict[str, Callable[[RunHead], str]] = {
    "cores": lambda head: str(head.variant.cores or ""),
    "workers": lambda head: str(head.workers or ""),
    "image": lambda head: head.variant.image,
    "machine": lambda head: head.variant.machine,
    "system": lambda head: head.variant.system,
    "runtime": lambda head: head.variant.runtime,
}


class Difference(NamedTuple):
    """What differs between the sides, and what each says of it (foreign texts, each once)."""

    what: str
    base: tuple[str, ...]
    new: tuple[str, ...]


def differences(base: Sequence[RunHead], new: Sequence[RunHead]) -> tuple[Difference, ...]:
    """What both sides tell of their machines and workers, and tell differently."""
    found = []
    for what, ask in _ASKED.items():
        one, other = (tuple(sorted({ask(head) for head in heads} - {""})) for heads in (base, new))
        if one and other and one != other:
            found.append(Difference(what, one, other))
    return tuple(found)
