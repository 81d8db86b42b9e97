"""Keys are whole numbers of 64 bits, the largest too."""

import numpy as np
import pytest

from tracetui.store.joining.keys import are_among

LARGEST = 2**64 - 1


@pytest.mark.parametrize("wanted", [[LARGEST], [LARGEST, 2**63], [1, LARGEST], [2**63 + 7]])
def test_large_keys_are_found(wanted: list[int]) -> None:
    """Also by the lowest numpy that is allowed, whose own way fails for them."""
    keys = np.array([1, 2, 2**63, 2**63 + 7, LARGEST - 1, LARGEST], np.uint64)
    found = are_among(keys, np.array(wanted, np.uint64))
    assert keys[found].tolist() == sorted(wanted)
