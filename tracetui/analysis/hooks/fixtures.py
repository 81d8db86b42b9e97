"""Which hooks are fixtures, and which the collection: as their writers say, by the rules of `model`."""

import numpy as np
from numpy.typing import NDArray

from tracetui.model.role import HookKind
from tracetui.store.snapshot import Snapshot


def are_fixtures(snapshot: Snapshot, rows: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Which of some rows are fixtures."""
    is_fixture: NDArray[np.bool_] = snapshot.hook_kind[rows] >= HookKind.FIXTURE
    return is_fixture


def cost_of(kind: int) -> str:
    """The cost of a run under which a hook of this kind is listed."""
    if kind >= HookKind.FIXTURE:
        return "fixtures"
    return "collection" if kind == HookKind.COLLECTION else "hooks"
