"""Runs only the tests that a file names, out of those the command line would run.

`tracetui confirm` names them this way, because it knows nothing of the command that starts pytest.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path

import pytest

from tracetui.tracing.pytest.plan.hooks import names_of

VARIABLE = "TRACETUI_ONLY"
"""Names a file with a JSON list of node ids; xdist's workers inherit it."""


def register(config: pytest.Config, file: Path) -> None:
    """Collect and run only the tests in `file`; raises `pytest.UsageError` if it is gone."""
    try:
        wanted = frozenset(map(str, json.loads(file.read_bytes())))
    except (OSError, ValueError, TypeError) as error:
        raise pytest.UsageError(f"{VARIABLE}: {file} cannot be read: {error}") from None
    config.args[:] = _files(config.rootpath, wanted)
    config.pluginmanager.register(OnlyThese(wanted), "tracetui-only")


def _files(root: Path, wanted: frozenset[str]) -> list[str]:
    """The existing files that hold them: nothing else needs to be imported."""
    files = {root / name.partition("::")[0] for name in wanted}
    return sorted(str(file) for file in files if file.exists())


class OnlyThese:
    """The hook of a process that collects: leaves only the tests that are wanted."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self._wanted = wanted

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> Generator[None, object, object]:
        """Deselect the others, after all other plugins have run."""
        result = yield
        kept = [item for item in items if not self._wanted.isdisjoint(names_of(item))]
        rest = [item for item in items if self._wanted.isdisjoint(names_of(item))]
        if rest:
            config.hook.pytest_deselected(items=rest)
        items[:] = kept
        return result
