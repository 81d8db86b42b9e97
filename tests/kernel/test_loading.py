"""A kernel is used only if it is what this Python calls; else there is none, and everyone is told why."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import small_run
from tests.cli.running import tracetui
from tracetui.kernel.build import BuildError, build, has_compiler
from tracetui.kernel.loading import FOLDER, NAME, problem, sources

needs_compiler = pytest.mark.skipif(not has_compiler(), reason="needs a C compiler")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the C, which is built in no time."""
    monkeypatch.setenv("CFLAGS", "-O0")
    copied = tmp_path / "c"
    copied.mkdir()
    for path in sources(FOLDER):
        shutil.copy(path, copied)
    return copied


@needs_compiler
def test_a_new_build_is_loaded(folder: Path, tmp_path: Path) -> None:
    """Whichever compiler it was: the system's, or what CC names."""
    assert build(tmp_path / NAME, folder) in ("clang", "cc", "gcc")
    assert problem(tmp_path / NAME, folder) == ""


@needs_compiler
def test_a_build_from_other_sources_is_not_loaded(folder: Path, tmp_path: Path) -> None:
    """One comment more, one file less: the next build is due."""
    build(tmp_path / NAME, folder)
    with (folder / "abi.c").open("a") as file:
        file.write("/* And more. */\n")
    assert "sources have changed; python -m tracetui.kernel.build" in problem(tmp_path / NAME, folder)
    build(tmp_path / f"again-{NAME}", folder)  # What is loaded under a name stays that.
    assert problem(tmp_path / f"again-{NAME}", folder) == ""


@needs_compiler
def test_another_interface_is_not_loaded(folder: Path, tmp_path: Path) -> None:
    """Nor is it put where one that works is."""
    build(tmp_path / NAME, folder)
    before = (tmp_path / NAME).read_bytes()
    source = folder / "abi.c"
    source.write_text(
        source.read_text().replace(
            "tracetui_kernel_abi(void) { return ", "tracetui_kernel_abi(void) { return 70"
        )
    )
    with pytest.raises(BuildError, match="made for interface 70"):
        build(tmp_path / NAME, folder)
    assert (tmp_path / NAME).read_bytes() == before


@needs_compiler
def test_what_does_not_compile_says_where(folder: Path, tmp_path: Path) -> None:
    """In one line, with the file; nothing is left of it."""
    (folder / "wrong.c").write_text("int wrong(void) { return nothing; }\n")
    with pytest.raises(BuildError, match=r"wrong\.c:1:\d+: error: .*nothing") as raised:
        build(tmp_path / NAME, folder)
    assert "\n" not in str(raised.value)
    assert [path.name for path in tmp_path.iterdir()] == ["c"]


def test_no_compiler_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither one that is not there nor one that does nothing is taken for one."""
    monkeypatch.setenv("CC", "")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert not has_compiler()
    with pytest.raises(BuildError, match="no C compiler"):
        build(tmp_path / NAME)
    for compiler in ("/nowhere/cc -O1", "/bin/false", "/bin/true"):
        monkeypatch.setenv("CC", compiler)
        with pytest.raises(BuildError, match=compiler):
            build(tmp_path / NAME)


@pytest.mark.parametrize("content", [None, b"", b"no library", Path("/bin/true").read_bytes()])
def test_what_is_no_kernel_is_not_loaded(content: bytes | None, tmp_path: Path) -> None:
    """The reason is plain text, whatever the system and the path say."""
    path = tmp_path / "\x1b[2J"
    if content is None:
        assert problem(path, FOLDER) == "not built"
        return
    path.write_bytes(content)
    reason = problem(path, FOLDER)
    assert reason.startswith("cannot be loaded: ")
    assert reason.isascii()
    assert reason.isprintable()


def test_where_it_is_off_everyone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The version, the page and the document of `check` say so in the same words."""
    words = "slow reader (no native kernel: TRACETUI_KERNEL=off)"
    (tmp_path / "a.jsonl").write_bytes(small_run())
    monkeypatch.setenv("TRACETUI_KERNEL", "off")
    assert tracetui("--version").stdout.decode().strip().endswith(f", {words}")
    assert words in tracetui("check", tmp_path).stdout.decode().splitlines()
    ran = tracetui("check", "--format", "json", tmp_path)
    assert json.loads(ran.stdout)["slow_reader"] == words


def test_help_loads_no_kernel() -> None:
    """Who asks for help waits for no library."""
    program = """
import sys
from tracetui.cli import main
try:
    main(["--help"])
finally:
    print("tracetui.kernel" in sys.modules)
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert ran.stdout.splitlines()[-1] == b"False"
