"""Applies a plan of `tracetui plan`: the order of tests, how xdist hands them out, or one of its shards."""

from __future__ import annotations

import pytest

PLAN_ID = pytest.StashKey[str]()
"""In the config of a run that a plan is applied to: which plan."""
