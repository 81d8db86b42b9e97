"""Core dumps: found where the system puts them, read without a debugger, archived only if asked for."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

import pytest

from tests.tracing.archiver.archives import core_dump, left_out, manifest, pack
from tracetui.tracing.archiver.cores.core_pattern import (
    core_dumps_allowed,
    parse_core_pattern,
    system_core_pattern,
)
from tracetui.tracing.archiver.cores.cores import core_roots
from tracetui.tracing.archiver.cores.elf import Death, is_core, read_death
from tracetui.tracing.archiver.gather import Root
from tracetui.tracing.archiver.span import archive_attributes

NOT_ASKED_FOR = "a core dump, which contains memory and secrets (--tracetui-cores asks for it)"


def dumped(path: Path, pid: int = 4711, signal: int = 11, program: bytes = b"mongod") -> Path:
    """A core dump in a file."""
    path.write_bytes(core_dump(pid, signal, program))
    return path


def test_core_dumps_are_archived_only_if_asked_for(tmp_path: Path) -> None:
    """Whatever a core dump is called and however it was found, it is left out, and the reason is given."""
    plain = dumped(tmp_path / "innocent.log")
    named = Root("core", str(dumped(tmp_path / "core")), "core/1/core")
    archive = pack(tmp_path / "spans", plain, named)
    assert left_out(archive) == {"innocent.log": NOT_ASKED_FOR, "core": NOT_ASKED_FOR}
    assert archive.path is None


def test_an_archived_core_dump_warns_and_tells_who_died(tmp_path: Path) -> None:
    """In the manifest and on the span: the warning, the program, its pid and the signal."""
    archive = pack(tmp_path / "spans", dumped(tmp_path / "core"), with_cores=True)
    assert archive.path is not None
    assert manifest(archive.path)["warning"] == "contains memory and secrets"
    attributes = archive_attributes(archive, tmp_path / "spans")
    assert attributes["tracetui.archive.warning"] == "contains memory and secrets"
    assert attributes["tracetui.archive.kinds"] == ["core"]
    assert attributes["process.executable.name"] == "mongod"
    assert (attributes["process.pid"], attributes["process.signal"]) == (4711, "SIGSEGV")
    assert attributes["tracetui.archive.path"] == "artifacts/test-1.tar.zst"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_another_users_core_dump_is_refused(tmp_path: Path) -> None:
    """What a setuid program or another user left is not ours to keep."""
    theirs = dumped(tmp_path / "core")
    os.chown(theirs, 12345, 12345)
    archive = pack(tmp_path / "spans", theirs, with_cores=True)
    assert left_out(archive) == {"core": "another user's core dump"}


@pytest.mark.parametrize(
    ("text", "directory", "name"),
    [
        ("core\n", "", "core"),
        ("\n", "", "core"),
        ("core.%e.%p", "", "core.*.*"),
        ("/var/cores/%e-%%-[x]", "/var/cores", "*-%-[[]x]"),
        ("/core", "/", "core"),
        ("sub/core", "sub", "core"),
    ],
)
def test_a_core_pattern_says_where_to_look(text: str, directory: str, name: str) -> None:
    """A plain name, an absolute path, specifiers, and what a glob would misread."""
    pattern = parse_core_pattern(text)
    assert (pattern.directory, pattern.name, pattern.why) == (directory, name, "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("|/usr/lib/systemd/systemd-coredump %P", "systemd-coredump: get one back with coredumpctl dump PID"),
        ("|/usr/share/apport/apport -p%p", "apport: look where it stores them"),
        ("@/run/cores.sock", "cores.sock: look where it stores them"),
        ("/cores/%u/core", "/cores/%u, which depends on the process"),
    ],
)
def test_a_core_pattern_may_lead_elsewhere(text: str, why: str) -> None:
    """Pipes, sockets and directories by process: no core dump can be found, and the reason says where."""
    pattern = parse_core_pattern(text)
    assert pattern.why == f"core dumps on this system go to {why}"
    assert list(pattern.places([Path("/")])) == []


def test_only_new_core_dumps_are_a_tests(tmp_path: Path) -> None:
    """What was there before is not, nor what is no core dump; a name with the pid is found too."""
    old, new = dumped(tmp_path / "core"), dumped(tmp_path / "core.17")
    os.utime(old, ns=(10**18, 10**18))
    os.utime(new, ns=(2 * 10**18, 2 * 10**18))
    (tmp_path / "core.txt").write_text("an essay on apples")
    (tmp_path / "core.link").symlink_to(new)
    found = core_roots(parse_core_pattern("core"), [tmp_path, tmp_path], 2 * 10**18)
    assert list(found) == [Root("core", str(new), "core/1/core.17")]


def test_a_core_dump_is_waited_for(tmp_path: Path) -> None:
    """While it grows, the kernel is not done."""
    core = dumped(tmp_path / "core")
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) < 5:
            with core.open("ab") as file:
                file.write(b"more")

    assert len(list(core_roots(parse_core_pattern("core"), [tmp_path], 0, pause))) == 1
    assert len(pauses) == 5


@pytest.mark.parametrize("cut", [0, 4, 17, 18, 40, 63, 64, 100, 119, 121, 300, 480])
def test_a_damaged_core_dump_tells_less(tmp_path: Path, cut: int) -> None:
    """Cut anywhere, it is read without complaint."""
    whole = core_dump(4711, 6, b"mongod")
    (tmp_path / "core").write_bytes(whole[:cut] + bytes(len(whole) - cut) if cut % 2 else whole[:cut])
    with (tmp_path / "core").open("rb") as file:
        death = read_death(file.fileno())
    assert death.pid in (0, 4711)
    assert death.executable in ("", "mongod")


def test_other_programs_are_no_core_dumps() -> None:
    """An executable and a text are not."""
    assert not is_core(Path(sys.executable).read_bytes()[:18])
    assert not is_core(b"#!/bin/sh")
    assert is_core(core_dump(1, 11, b"x")[:18])


def test_core_dumps_are_allowed_for_a_while() -> None:
    """The soft limit is the hard one inside, and what it was afterwards."""
    before = resource.getrlimit(resource.RLIMIT_CORE)
    with core_dumps_allowed() as why:
        assert resource.getrlimit(resource.RLIMIT_CORE) == (before[1], before[1])
        assert (why == "") == (before[1] != 0)
    assert resource.getrlimit(resource.RLIMIT_CORE) == before


@pytest.mark.skipif(bool(system_core_pattern().why), reason="core dumps go elsewhere on this system")
def test_a_real_core_dump_is_read(tmp_path: Path) -> None:
    """A program that kills itself is found, with its name and signal."""
    with core_dumps_allowed() as why:
        if why:
            pytest.skip(why)
        pid = os.posix_spawn(
            sys.executable,
            [sys.executable, "-c", f"import os; os.chdir({str(tmp_path)!r}); os.abort()"],
            dict(os.environ),
        )
    os.waitpid(pid, 0)
    (root,) = core_roots(system_core_pattern(), [tmp_path], 0)
    with Path(root.path).open("rb") as file:
        death = read_death(file.fileno())
    assert death == Death(pid, 6, death.executable)
    assert death.executable.startswith("python")
