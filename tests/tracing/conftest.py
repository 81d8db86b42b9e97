"""Every test of tracing begins in an environment that says nothing about tracing."""

from __future__ import annotations

import pytest

from tests.tracing.recording import VARIABLES


@pytest.fixture(autouse=True)
def _no_tracing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
