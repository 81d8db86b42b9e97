"""Where settings are looked for, apart from those of whoever runs the tests."""

from pathlib import Path

import pytest


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's configuration, where platformdirs looks for it."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path = tmp_path / "config" / "tracetui" / "config.toml"
    path.parent.mkdir(parents=True)
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A directory inside a project."""
    (tmp_path / "project" / "tests").mkdir(parents=True)
    return tmp_path / "project" / "tests"
