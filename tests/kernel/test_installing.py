"""pip gives the kernel on every machine that can compile it, and a package that works on every other.

Each test builds as a user would, with hatchling (and Zig) fetched by pip: `-m installs`.
"""

import os
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.builders import small_run
from tracetui.kernel.build import has_compiler
from tracetui.kernel.loading import NAME, SWITCH

ROOT = Path(__file__).parents[2]
HERE = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
ANYWHERE = "py3-none-any"
SAID = "tracetui: native kernel compiled by"

pytestmark = [pytest.mark.installs, pytest.mark.timeout(600)]
needs_compiler = pytest.mark.skipif(not has_compiler(), reason="needs a C compiler")


def pip(*arguments: object, **variables: str) -> str:
    """Run pip; what it said, the build included."""
    usual = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_VERBOSE": "1"}
    return ran([sys.executable, "-m", "pip", *map(str, arguments)], {**os.environ, **usual, **variables})


def ran(command: list[str], variables: Mapping[str, str], cwd: Path | None = None) -> str:
    """Run a command that works; what it said."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def wheel(directory: Path, source: object, *options: object, **variables: str) -> tuple[str, str]:
    """Build one; the tag of the wheel, and what was said about the kernel."""
    said = pip("wheel", "--no-deps", "-w", directory, source, *options, **variables)
    (path,) = directory.glob("tracetui-*.whl")
    return path.stem.split("-", 2)[2], next(line for line in said.splitlines() if "native kernel" in line)


def why_not(package: Path) -> str:
    """What the package in a directory says of its kernel."""
    program = (
        "import tracetui.kernel as k; from pathlib import Path;"
        f"assert Path({str(package)!r}) in Path(k.__file__).parents, k.__file__; print(k.why_not())"
    )
    variables = {**os.environ, "PYTHONPATH": str(package)}
    return ran([sys.executable, "-c", program], variables, package).strip()


def installed(directory: Path) -> str:
    """Why the wheel in a directory has no kernel once it is installed; empty if it has one, and reads."""
    package, recording = directory / "package", directory / "a.jsonl"
    pip("install", "--no-deps", "--target", package, *directory.glob("tracetui-*.whl"))
    recording.write_bytes(small_run())
    variables = {**os.environ, "PYTHONPATH": str(package)}
    command = [sys.executable, "-m", "tracetui", "check", str(recording)]
    assert "spans in 1 trace" in ran(command, variables, package)
    return why_not(package)


@pytest.fixture
def without_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with Python and pip, and nothing else."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("CC", raising=False)


@pytest.fixture
def backend(tmp_path: Path) -> Path:
    """Where hatchling can be imported from."""
    pip("install", "--target", tmp_path / "backend", "hatchling")
    return tmp_path / "backend"


@pytest.fixture
def sdist(backend: Path, tmp_path: Path) -> Path:
    """A source distribution, as `python -m build --sdist` makes it."""
    program = f"from hatchling.build import build_sdist; build_sdist({str(tmp_path)!r})"
    ran([sys.executable, "-c", program], {**os.environ, "PYTHONPATH": str(backend)}, ROOT)
    (path,) = tmp_path.glob("*.tar.gz")
    return path


@pytest.fixture
def hatchling(tmp_path: Path) -> Path:
    """A directory with hatchling's wheel, those that it needs, and no other."""
    pip("download", "-d", tmp_path / "hatchling", "hatchling", "editables")
    return tmp_path / "hatchling"


@needs_compiler
def test_a_wheel_has_the_kernel(tmp_path: Path) -> None:
    """It is for this platform and any Python, and leaves nothing beside the sources."""
    before = set((ROOT / "tracetui" / "kernel").iterdir())
    tag, said = wheel(tmp_path, ROOT)
    assert (tag, SAID in said) == (HERE, True)
    assert installed(tmp_path) == ""
    assert set((ROOT / "tracetui" / "kernel").iterdir()) == before


@pytest.mark.usefixtures("without_compiler")
def test_zig_compiles_where_nothing_else_does(tmp_path: Path) -> None:
    """It is fetched for the build alone."""
    tag, said = wheel(tmp_path, ROOT)
    assert (tag, SAID in said, "ziglang" in said) == (HERE, True, True)
    assert installed(tmp_path) == ""


@pytest.mark.usefixtures("without_compiler")
def test_a_wheel_without_the_kernel_works(hatchling: Path, tmp_path: Path) -> None:
    """Where nothing compiles and there is no Zig to be had, the wheel is for any machine, and says so."""
    tag, said = wheel(tmp_path, ROOT, "--no-index", "--find-links", hatchling, PIP_FIND_LINKS="")
    assert (tag, "no C compiler" in said) == (ANYWHERE, True)
    assert installed(tmp_path) == "not built"


def test_what_is_off_is_left_out(tmp_path: Path) -> None:
    """Whoever wants a wheel for all machines gets one on each."""
    directory = tmp_path / "wheels"
    pip("wheel", "--no-deps", "-w", directory, ROOT, **{SWITCH: "off"})
    assert [path.stem.split("-", 2)[2] for path in directory.iterdir()] == [ANYWHERE]


@pytest.mark.usefixtures("without_compiler")
def test_what_is_required_is_no_matter_of_luck(backend: Path, tmp_path: Path) -> None:
    """No wheel, rather than one without the kernel; the reason is told."""
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", str(ROOT)]
    variables = {**os.environ, SWITCH: "required", "PYTHONPATH": str(backend)}
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "BuildError: no C compiler" in done.stdout + done.stderr
    assert list(tmp_path.glob("*.whl")) == []


@needs_compiler
def test_a_source_distribution_has_what_it_takes(sdist: Path, tmp_path: Path) -> None:
    """The C and the hook; unpacked it can be installed to be edited, and notices when its C has changed."""
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
        root = tmp_path / archive.getnames()[0].split("/", maxsplit=1)[0]
    assert why_not(root) == "not built"
    pip("install", "--no-deps", "--target", tmp_path / "editable", "--editable", root)
    assert why_not(root) == ""
    assert (root / "tracetui" / "kernel" / NAME).exists()
    with (root / "tracetui" / "kernel" / "abi.c").open("a") as file:
        file.write("/* And more. */\n")
    assert "its sources have changed" in why_not(root)


@needs_compiler
def test_a_source_distribution_gives_a_wheel(sdist: Path, tmp_path: Path) -> None:
    """The same as the tree gives."""
    tag, said = wheel(tmp_path, sdist)
    assert (tag, SAID in said) == (HERE, True)


@needs_compiler
def test_a_repository_gives_a_wheel(tmp_path: Path) -> None:
    """pip clones what was committed."""
    tag, said = wheel(tmp_path, f"git+file://{ROOT}")
    assert (tag, SAID in said) == (HERE, True)
