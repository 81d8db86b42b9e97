"""Every test of tracing begins in an environment that says nothing about tracing."""

from __future__ import annotations

import pytest

from tests.tracing.recording import VARIABLES


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "nightly" in config.getoption("-m"):
        return
    for item in items:
        if item.get_closest_marker("nightly"):
            item.add_marker(pytest.mark.skip(reason="only with -m nightly"))


@pytest.fixture(autouse=True)
def _no_tracing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
