"""Hooks that a project may implement, like resmoke's: around suite and tests, each call a span of the trace.

They run in every process that runs tests (with xdist: in each worker, as resmoke runs them in each job),
whether or not the run is traced. The first that fails stops the others of its kind: before a test it makes
the test an error and the test does not run, after a test it makes the test an error, around the suite it
fails the run. They may not be hook wrappers.
"""

from __future__ import annotations

import pytest


def pytest_tracetui_before_suite(session: pytest.Session) -> None:
    """Before the first test, once all are collected; if it raises, no test runs."""


def pytest_tracetui_after_suite(session: pytest.Session) -> None:
    """After the last test and its fixtures, however the run ended."""


def pytest_tracetui_before_test(item: pytest.Item) -> None:
    """Before a test's fixtures; it may skip the test."""


def pytest_tracetui_after_test(item: pytest.Item, outcome: str) -> None:
    """After a test's fixtures, whatever its outcome.

    `outcome` is passed, failed, error, skipped, xfailed or xpassed.
    """
