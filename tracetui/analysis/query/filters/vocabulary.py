"""The values that occur in a recording, for completions: foreign text."""

from collections.abc import Iterable

import numpy as np

from tracetui.analysis.query.filters.completion import Vocabulary
from tracetui.analysis.query.filters.keys import ATTRIBUTE
from tracetui.analysis.query.filters.places import Texts, around, files, lanes
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import Role

MOST_VALUES = 2000
SAMPLE = 120
"""So many spans are looked into for the keys of attributes."""


def vocabulary(findings: Findings, attribute_keys: Iterable[str]) -> Vocabulary:
    """The values of each key, the most frequent first."""
    return {
        "name": _frequent(around(findings, Role.TEST)),
        "test": _frequent(around(findings, Role.TEST)),
        "suite": _frequent(around(findings, Role.SUITE)),
        "hook": _frequent(around(findings, Role.HOOK)),
        "archiver": _frequent(around(findings, Role.ARCHIVER)),
        "file": _frequent(files(findings)),
        "lane": list(dict.fromkeys(name for texts in lanes(findings) for name in _frequent(texts))),
        ATTRIBUTE: sorted(attribute_keys),
    }


def sample(findings: Findings) -> list[int]:
    """Rows of every role, spread over the shown run."""
    chosen: list[int] = []
    for role in Role:
        of_role = findings.snapshot.role == role
        rows = np.flatnonzero(of_role if findings.within is None else of_role & findings.within)
        places = np.linspace(0, len(rows) - 1, min(len(rows), SAMPLE // len(Role)), dtype=np.int64)
        chosen += rows[places].tolist()
    return chosen


def _frequent(texts: Texts) -> list[str]:
    numbers, counts = np.unique(texts.ids[texts.ids >= 0], return_counts=True)
    order = numbers[np.argsort(-counts, kind="stable")][:MOST_VALUES]
    return [texts.values[number] for number in order.tolist()]
