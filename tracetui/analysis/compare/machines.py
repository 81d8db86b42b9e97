"""The machines of both sides: if they differ, times may differ without any change of code."""

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
    """What differs between the sides, and the values of each (foreign texts, each once)."""

    what: str
    base: tuple[str, ...]
    new: tuple[str, ...]


def differences(base: Sequence[RunHead], new: Sequence[RunHead]) -> tuple[Difference, ...]:
    """The facts about machines and workers that both sides give, with different values."""
    differing = []
    for what, ask in _ASKED.items():
        one, other = (tuple(sorted({ask(head) for head in heads} - {""})) for heads in (base, new))
        if one and other and one != other:
            differing.append(Difference(what, one, other))
    return tuple(differing)
