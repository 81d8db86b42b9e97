"""Imports our own modules without pytest's assertion rewriting.

Pytest rewrites the assertions of all modules of a plugin's package. Ours have none: in a fresh environment,
as in CI, rewriting would only compile every one of them again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tracetui.tracing.pytest.compat import rewrite_hook


@contextmanager
def unrewritten(config: pytest.Config) -> Iterator[None]:
    """Import without pytest's import hook, where it is in the list of those."""
    hook = rewrite_hook(config)
    before = list(sys.meta_path)
    sys.meta_path[:] = [finder for finder in before if finder is not hook]
    try:
        yield
    finally:
        # At its place again, whoever else came meanwhile.
        sys.meta_path[:] = [*before, *(finder for finder in sys.meta_path if finder not in before)]
