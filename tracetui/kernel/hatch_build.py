"""Has hatchling put the compiled kernel into wheels, and beside its sources for an editable installation.

`TRACETUI_KERNEL=off` leaves it out, `=required` fails where there would be none. Without either, a machine on
which nothing compiles gets a wheel for any machine, which reads more slowly.
"""

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from packaging.tags import platform_tags

# The kernel that is being built, whatever else is installed.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tracetui.kernel.build import BuildError, build, has_compiler, macos
from tracetui.kernel.loading import FOLDER, NAME, OFF, SWITCH

ZIG = "ziglang>=0.13,<1"
REQUIRED = "required"
SEARCHED = ("-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--proxy", "--trusted-host")
"""Options of pip, each with a value, that decide where it looks for packages."""


class KernelBuildHook(BuildHookInterface):  # type: ignore[misc]
    """Only an editable installation has the library in the source tree."""

    def dependencies(self) -> list[str]:
        """Zig's compiler where the system has none that works: it is a large download."""
        wish = os.environ.get(SWITCH)
        if wish == OFF or has_compiler():
            return []
        return [ZIG] if wish == REQUIRED or _is_found("ziglang") else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and tag the wheel: ctypes asks for no version of Python, but the code for a platform."""
        wish = os.environ.get(SWITCH)
        if wish == OFF:
            return
        self._scratch = TemporaryDirectory(prefix="tracetui-wheel-", ignore_cleanup_errors=True)
        made = (FOLDER if version == "editable" else Path(self._scratch.name)) / NAME
        try:
            compiler = build(made)
        except BuildError as error:
            if wish == REQUIRED:
                raise
            self.app.display_warning(f"tracetui: no native kernel, files are read more slowly: {error}")
            return
        self.app.display_info(f"tracetui: native kernel compiled by {compiler}")
        if version != "editable":
            build_data["force_include"][str(made)] = f"tracetui/kernel/{NAME}"
            build_data |= {"pure_python": False, "tag": f"py3-none-{_platform()}"}

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Clean up: the wheel has the library now."""
        if hasattr(self, "_scratch"):
            self._scratch.cleanup()


def _platform() -> str:
    """This machine's platform tag, on macOS that of the oldest version which is built for."""
    if sys.platform == "darwin":
        major, minor = [*macos().split("."), "0"][:2]
        return f"macosx_{major}_{0 if int(major) >= 11 else minor}_{platform.machine()}"
    # The versions of libc that manylinux and musllinux promise are not looked into.
    return next(tag for tag in platform_tags() if not tag.startswith(("manylinux", "musllinux")))


def _is_found(package: str) -> bool:
    """Whether pip finds a package: it would give up for a build dependency that it does not find."""
    parent = Path(f"/proc/{os.getppid()}")
    query = ["index", "versions", package, "--retries", "1", "--timeout", "10", *_pip_options(parent)]
    ran = subprocess.run(
        # What isolates this build hides pip from it (-E).
        [sys.executable, "-E", "-m", "pip", *query],
        capture_output=True,
        check=False,
        cwd=parent / "cwd" if parent.exists() else None,
    )
    return ran.returncode == 0 or b"No module named pip" in ran.stderr


def _pip_options(parent: Path) -> Iterator[str]:
    """Where the pip that wants the wheel was told to look, as far as the system tells."""
    try:
        words = (parent / "cmdline").read_text().split("\0")
    except OSError:
        return
    if not any(Path(word).name.startswith("pip") for word in words[:3]):
        return
    for place, word in enumerate(words):
        if word == "--no-index" or word.startswith(tuple(f"{option}=" for option in SEARCHED)):
            yield word
        elif word in SEARCHED:
            yield from words[place : place + 2]
