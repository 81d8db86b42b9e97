"""The values of one attribute key over all rows, however they were found."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray


class AttributeColumn(Struct, frozen=True, eq=False):
    """`ids` is by row: an index into `values`, or -1 if the span has no such attribute.

    It may be shorter than a newer snapshot. Values are as text, as the detail pane shows them: foreign text.
    """

    ids: NDArray[np.int32]
    values: Sequence[str]

    def resized(self, rows: int) -> NDArray[np.int32]:
        """The ids of `rows` rows; rows not looked at yet have none."""
        ids = np.full(rows, -1, np.int32)
        ids[: len(self.ids)] = self.ids[:rows]
        return ids
