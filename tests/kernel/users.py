"""Which files of tests use the kernel, as a run with it finds: what the others do is the same without it.

`pytest -p tests.kernel.users --kernel-users=FILE` writes them there, `--of-kernel-users=FILE` runs no others.
"""

import socket
import subprocess
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The two options."""
    group = parser.getgroup("kernel", "files of tests that use the kernel")
    group.addoption("--kernel-users", metavar="FILE", type=Path, help="write them there")
    group.addoption("--of-kernel-users", metavar="FILE", type=Path, help="run only those that stand there")


def pytest_configure(config: pytest.Config) -> None:
    """Note them, if that is wanted."""
    path = config.getoption("kernel_users")
    if path is not None:
        config.pluginmanager.register(Recorder(config.rootpath, path))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Those that do not stand there, if only those are wanted that do."""
    users = config.getoption("of_kernel_users")
    if users is None or not collection_path.name.startswith("test_"):
        return None
    wanted = users.read_text().splitlines()
    assert wanted, f"{users} is empty"
    return None if str(collection_path.relative_to(config.rootpath)) in wanted else True


class Recorder:
    """Appends the file of a test to `path` when a reader of the kernel's is made, or another process started.

    What that one does is not seen.
    """

    def __init__(self, root: Path, path: Path) -> None:
        from tracetui.kernel.scan import Scanner

        self._root, self._path = root, path
        self._current: Path | None = None
        self._noted: set[Path] = set()
        for owner, name in ((Scanner, "__init__"), (subprocess.Popen, "__init__"), (socket, "send_fds")):
            setattr(owner, name, self._noting(getattr(owner, name)))

    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        """A file is imported."""
        self._current = collector.path

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """A test is run, with its fixtures."""
        self._current = item.path
        return (yield)

    def _noting(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*arguments: Any, **named: Any) -> Any:
            if self._current is not None and self._current not in self._noted:
                self._noted.add(self._current)
                with self._path.open("a") as file:
                    file.write(f"{self._current.relative_to(self._root)}\n")
            return call(*arguments, **named)

        return noted
