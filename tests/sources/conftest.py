"""Few descriptors, however many other tests have left open."""

import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

USUAL = 30
"""So many are open in a process of which 256 are few."""


def open_files() -> int:
    """How many descriptors this process has."""
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names are enough


@pytest.fixture
def few() -> Iterator[int]:
    """As many descriptors more as a process has that may have 256, as on some systems: the limit."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = 256 - USUAL + open_files()
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, before[1]))
    yield limit
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.fixture
def spans(tmp_path: Path) -> Path:
    """An empty directory."""
    path = tmp_path / "spans"
    path.mkdir()
    return path
