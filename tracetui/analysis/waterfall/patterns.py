"""What names of repeated spans have in common: `core/txns/*.js`, `tests/test_route.py::*`, `worker *`."""

import re
from array import array
from collections.abc import Sequence

import numpy as np

from tracetui.analysis.tree.tree import Rows

MOST_CHARACTERS = 512
"""Of a name; names that differ only after these are alike."""

_NUMBERS = re.compile(r"[0-9]+")


def pattern(name: str) -> str:
    """The pattern of a name (both foreign text).

    The file of a pytest node id, the folder and the ending of a path, else the name without its numbers.
    """
    name = name[:MOST_CHARACTERS]
    file, colons, _ = name.partition("::")
    if colons:
        return f"{file}::*"
    folder, slash, file = name.rpartition("/")
    if slash:
        stem, dot, ending = file.rpartition(".")
        return f"{folder}/*.{ending}" if stem and dot else f"{folder}/*"
    return _NUMBERS.sub("*", name)


class Patterns:
    """The number of each text's pattern. Texts are only ever appended; each is looked at once."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._of = array("i")

    def of(self, texts: Sequence[str]) -> Rows:
        """By text, the index of its pattern in `names`."""
        for text in texts[len(self._of) :]:
            common = pattern(text)
            number = self._numbers.setdefault(common, len(self.names))
            if number == len(self.names):
                self.names.append(common)
            self._of.append(number)
        return np.array(self._of, np.int32)
