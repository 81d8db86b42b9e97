"""Which code is tested if no CI system says so: git is asked while pytest collects."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

from tracetui.tracing.about.ci import ci_attributes
from tracetui.tracing.about.work_tree import WorkTree
from tracetui.tracing.pytest.run_state import Underway

REVISION = "vcs.ref.head.revision"


class RevisionHooks:
    """Adds the revision to the suite's span; git's process is over before the first test."""

    def __init__(self, underway: Underway) -> None:
        self._underway = underway
        self._safely = underway.faults.safely
        self._work_tree: WorkTree | None = None

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Ask git, unless the revision is already known."""
        known = self._underway.tracing.provider.resource.attributes
        if REVISION not in known and not ci_attributes(os.environ):
            self._work_tree = self._safely(WorkTree, session.config.rootpath)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self) -> None:
        """Add git's answer."""
        self._safely(self._tell)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self) -> Generator[None, object, object]:
        """Add git's answer if nothing was collected here: by xdist's controller, or because that failed."""
        __tracebackhide__ = True
        self._safely(self._tell)
        return (yield)

    def _tell(self) -> None:
        work_tree, self._work_tree = self._work_tree, None
        if work_tree is None:
            return
        attributes = work_tree.attributes()
        if self._underway.run is not None:
            self._underway.run.add(attributes)
