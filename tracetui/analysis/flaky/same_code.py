"""Which runs ran the same code on the same kind of machine: only there are two outcomes of a test chance."""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.history.records import RunHead

Numbers = NDArray[np.int64]


def same_code(heads: Sequence[RunHead]) -> tuple[Numbers, NDArray[np.bool_]]:
    """By run, a number shared by runs of the same code and variant, and whether its code is known.

    The code is the revision; without one, the attempts of one pipeline run share it. A run with neither
    shares its number with no other.
    """
    groups: dict[Hashable, int] = {}
    number = [groups.setdefault(_code(head) or place, len(groups)) for place, head in enumerate(heads)]
    is_known = [bool(head.revision or head.run_id) for head in heads]
    return np.array(number, np.int64), np.array(is_known, np.bool_)


def _code(head: RunHead) -> Hashable:
    """The code, with suite and job: the same test in another job is another measurement."""
    if head.revision:
        return ("revision", head.revision, head.kind, head.variant)
    return ("pipeline run", head.run_id, head.kind, head.variant) if head.run_id else None


def kinds(heads: Sequence[RunHead]) -> Numbers:
    """By run, a number shared by runs of one suite and job."""
    groups: dict[tuple[str, str], int] = {}
    return np.array([groups.setdefault(head.kind, len(groups)) for head in heads], np.int64)
