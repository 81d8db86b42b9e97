"""Archives: members by their content, cut short anywhere, hostile, and read back."""

import bz2
import gzip
import io
import lzma
import os
import sys
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.builders import line, span
from tracetui.ingest import Ingest, load
from tracetui.model.kind import Kind
from tracetui.sources.archives import archive, tar
from tracetui.sources.archives.entry import DamageError
from tracetui.sources.archives.zip import entries as zip_entries
from tracetui.sources.unpacking.budget import Budget

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ONE, TWO = line(span("one", {"n": 1})), line(span("two", {"n": 2}))
FILES = {"readme.md": b"# Results\n", "spans/one.jsonl": ONE, "a/b/c/two.jsonl.gz": gzip.compress(TWO)}


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        made.mkdir("spans")
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


class Unseekable(io.BytesIO):
    """As a server streams an archive: sizes follow the bytes."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation

    def tell(self) -> int:
        raise io.UnsupportedOperation


def streamed_zip(files: Mapping[str, bytes]) -> bytes:
    out = Unseekable()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            with made.open(name, "w") as member:
                member.write(content)
    return out.getvalue()


def tarred(files: Mapping[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as made:
        folder = tarfile.TarInfo("spans")
        folder.type = tarfile.DIRTYPE
        made.addfile(folder)
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            made.addfile(info, io.BytesIO(content))
    return out.getvalue()


ARCHIVES: Mapping[str, Callable[[Mapping[str, bytes]], bytes]] = {
    "zip": zipped,
    "stored.zip": lambda files: zipped(files, zipfile.ZIP_STORED),
    "bzip2.zip": lambda files: zipped(files, zipfile.ZIP_BZIP2),
    "streamed.zip": streamed_zip,
    "tar": tarred,
    "gnu.tar": lambda files: tarred(files, tarfile.GNU_FORMAT),
    "ustar.tar": lambda files: tarred(files, tarfile.USTAR_FORMAT),
    "tgz": lambda files: gzip.compress(tarred(files)),
    "tar.bz2": lambda files: bz2.compress(tarred(files)),
    "tar.xz": lambda files: lzma.compress(tarred(files)),
    "tar.zst": lambda files: zstd.compress(tarred(files)),
}


def names(ingest: Ingest) -> list[str]:
    snapshot = ingest.table.snapshot()
    return [snapshot.name(row) for row in range(len(snapshot))]


def write(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "artifact"  # The name tells nothing.
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("kind", ARCHIVES)
def test_members_are_read_by_their_content_and_read_back(tmp_path: Path, kind: str) -> None:
    """In folders, compressed once more or not; what is no trace is a note; the label names the member."""
    path = write(tmp_path, ARCHIVES[kind](FILES))
    read = load([str(path)])
    snapshot = read.table.snapshot()
    assert names(read) == ["one", "two"]
    assert [snapshot.sources[snapshot.origin(row).source] for row in (0, 1)] == [
        f"{path}!spans/one.jsonl",
        f"{path}!a/b/c/two.jsonl.gz",
    ]
    assert [read.span(snapshot, row).attributes["n"] for row in (0, 1)] == [1, 2]
    assert {kind: tally.count for kind, tally in snapshot.health.kinds.items() if tally.count} == {
        Kind.NO_TRACE: 1
    }
    assert (read.files, snapshot.health.bytes, read.ended) == (2, len(ONE + TWO), True)
    read.close()


@pytest.mark.parametrize("kind", ["zip", "streamed.zip", "tar", "tgz"])
def test_an_archive_through_a_pipe(tmp_path: Path, kind: str) -> None:
    """Nothing can be read from its end before all of it has come."""
    path = write(tmp_path, ARCHIVES[kind](FILES))
    with path.open("rb") as file:
        read = load(["-"], stdin=file.fileno())
    assert names(read) == ["one", "two"]
    read.close()


@pytest.mark.parametrize("kind", ARCHIVES)
def test_a_followed_directory_opens_archives(tmp_path: Path, kind: str) -> None:
    """Once they are whole."""
    path = write(tmp_path, ARCHIVES[kind](FILES))
    os.utime(path, ns=(10**18, 10**18))
    ingest = Ingest([str(tmp_path)], follow=True)
    ingest.sweep()
    while ingest.step():
        pass
    assert names(ingest) == ["one", "two"]
    ingest.close()


@settings(max_examples=examples(35))
@given(st.sampled_from(["zip", "streamed.zip", "tar", "gnu.tar"]), st.floats(0, 1), st.booleans())
def test_cut_short_anywhere_gives_what_is_whole(kind: str, share: float, damaged: bool) -> None:
    """Nothing raises; the members that are whole are read, and that some is missing is counted."""
    whole = ARCHIVES[kind]({"one.jsonl": ONE, "two.jsonl": TWO})
    cut = int(share * (len(whole) - 1))
    content = whole[:cut] + (b"\xff" + whole[cut + 1 :] if damaged else b"")
    read = Ingest([])
    path = Path(os.environ.get("TMPDIR", "/tmp"), f"tracetui-cut-{os.getpid()}")
    path.write_bytes(content)
    try:
        read = Ingest([str(path)])
        read.sweep()
        while read.step() or not read.ended:
            pass
    finally:
        path.unlink()
        read.close()
    assert names(read) in ([], ["one"], ["two"], ["one", "two"])
    lost = read.table.health.count(Kind.INCOMPLETE, Kind.TORN, Kind.REJECTED)
    if not damaged and 512 <= cut < whole.rindex(TWO if "tar" in kind else b"two"):
        assert lost >= 1


@pytest.mark.parametrize("kind", ["zip", "streamed.zip", "tar"])
def test_an_archive_without_its_end_gives_its_first_members(tmp_path: Path, kind: str) -> None:
    """A download that broke off in the second of two members."""
    whole = ARCHIVES[kind]({"one.jsonl": ONE, "two.jsonl": TWO * 50})
    read = load([str(write(tmp_path, whole[: whole.index(b"two.jsonl") + (600 if kind == "tar" else 60)]))])
    assert names(read)[0] == "one"
    assert read.table.health.count(Kind.INCOMPLETE) >= 1
    read.close()


@pytest.mark.parametrize("inner", ARCHIVES)
@pytest.mark.parametrize("outer", ["zip", "tar", "tgz"])
def test_archives_in_an_archive_are_read(tmp_path: Path, outer: str, inner: str) -> None:
    """Each member by its content, and again; a label names all that it is in; what is beside it is read."""
    files = {"a/first": ARCHIVES[inner](FILES), "last.jsonl": line(span("three", {"n": 3}))}
    path = write(tmp_path, ARCHIVES[outer](files))
    read = load([str(path)])
    snapshot = read.table.snapshot()
    assert names(read) == ["one", "two", "three"]
    assert [snapshot.sources[snapshot.origin(row).source] for row in range(3)] == [
        f"{path}!a/first!spans/one.jsonl",
        f"{path}!a/first!a/b/c/two.jsonl.gz",
        f"{path}!last.jsonl",
    ]
    assert [read.span(snapshot, row).attributes["n"] for row in range(3)] == [1, 2, 3]
    assert {kind: tally.count for kind, tally in snapshot.health.kinds.items() if tally.count} == {
        Kind.NO_TRACE: 1
    }
    assert (read.files, read.ended) == (3, True)
    read.close()


@pytest.mark.parametrize("kind", ["zip", "tar", "tgz"])
def test_archives_are_opened_three_deep(tmp_path: Path, kind: str) -> None:
    """What is deeper is told, with what to do; what is beside it is read."""
    content = ARCHIVES[kind]({"deepest.jsonl": ONE})
    for depth in (1, 2, 3):
        read = load([str(write(tmp_path, content))])
        assert (names(read), read.table.health.count(Kind.UNREADABLE)) == (["one"], 0), depth
        read.close()
        content = ARCHIVES[kind]({"in": content, "two.jsonl": TWO} if depth == 3 else {"in": content})
    read = load([str(write(tmp_path, content))])
    assert names(read) == ["two"]
    (told,) = read.table.health.kinds[Kind.UNREADABLE].examples
    assert Path(told.file).name == "artifact!in!in!in"
    assert "unpack it" in told.reason
    read.close()


@pytest.mark.parametrize("kind", ["zip", "tgz"])
def test_archives_in_an_archive_have_one_allowance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Each of these would do alone; together they unpack to more than what they are in may."""
    monkeypatch.setattr("tracetui.sources.unpacking.budget.MOST_BYTES", 4 << 20)
    alone = ARCHIVES[kind]({"padded.jsonl": ONE.rstrip() + b" " * (3 << 20)})
    for several, bombs in ((1, 0), (3, 2)):
        read = load([str(write(tmp_path, zipped({f"{each}": alone for each in range(several)})))])
        assert read.table.health.count(Kind.BOMB) == bombs
        read.close()


def test_members_of_archives_in_an_archive_count_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the bound all are read, one more is told: the archives themselves are members, too."""
    monkeypatch.setattr("tracetui.sources.unpacking.budget.MOST_MEMBERS", 4)
    for number, told in ((1, 0), (2, 1)):
        inner = [
            zipped({f"{which}{each}.jsonl": line(span(f"{which}{each}")) for each in range(count)})
            for which, count in (("a", 1), ("b", number))
        ]
        read = load([str(write(tmp_path, zipped({str(at): each for at, each in enumerate(inner)})))])
        assert (len(read.table), read.table.health.count(Kind.INCOMPLETE)) == (2, told)
        read.close()


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_names_are_only_text(tmp_path: Path, kind: str) -> None:
    """Absolute, climbing, twice the same, with escapes, without end: nothing is written anywhere."""
    evil = ("../../evil", "/etc/evil", "a\x1b[2Jb", "x" * 3000, "ünïcode")
    before = sorted(tmp_path.rglob("*"))
    path = write(tmp_path, ARCHIVES[kind](dict.fromkeys(evil, ONE)))
    read = load([str(path)])
    labels = read.table.snapshot().sources
    assert [label for label in labels if "!" in label] == [f"{path}!{name}" for name in evil]
    assert sorted(tmp_path.rglob("*")) == sorted([*before, path])
    assert len(read.table) == 1
    read.close()


def test_links_devices_and_sparse_files_of_a_tar_are_left_out(tmp_path: Path) -> None:
    """Only regular files are read."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        for number, kind in enumerate((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(f"{number}.jsonl")
            info.type, info.linkname = kind, "/etc/passwd"
            made.addfile(info)
        info = tarfile.TarInfo("one.jsonl")
        info.size = len(ONE)
        made.addfile(info, io.BytesIO(ONE))
    read = load([str(write(tmp_path, out.getvalue()))])
    assert (names(read), read.files) == (["one"], 1)
    read.close()


def test_encrypted_and_unknown_members_are_told(tmp_path: Path) -> None:
    """With what to do; the others are read."""
    content = bytearray(zipped({"secret.jsonl": TWO, "one.jsonl": ONE}))
    directory = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 1)
    content[directory + 8] |= 1  # The first entry is that of the folder.
    read = load([str(write(tmp_path, bytes(content)))])
    assert names(read) == ["one"]
    assert "encrypted" in read.table.health.problems[0].reason
    read.close()


def test_a_wrong_checksum_is_told(tmp_path: Path) -> None:
    """What was read is shown all the same."""
    content = zipped({"one.jsonl": ONE}, zipfile.ZIP_STORED).replace(b'"one"', b'"eno"')
    read = load([str(write(tmp_path, content))])
    assert names(read) == ["eno"]
    assert "checksum" in read.table.health.problems[0].reason
    read.close()


def test_a_bomb_in_a_zip_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what is no trace nothing is unpacked behind its head; what looks like one is stopped."""
    monkeypatch.setattr("tracetui.sources.unpacking.budget.MOST_BYTES", 4 << 20)
    files = {"log": b"hello world\n" * (2 << 20), "one.jsonl": ONE, "bomb": ONE.rstrip() + b" " * (32 << 20)}
    read = load([str(write(tmp_path, zipped(files)))])
    assert names(read) == ["one"]
    assert read.table.health.count(Kind.BOMB) == 1
    read.close()


def test_no_more_members_than_can_be_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the bound all are read, one more is told."""
    for module in ("archives.zip", "archives.archive", "unpacking.budget"):
        monkeypatch.setattr(f"tracetui.sources.{module}.MOST_MEMBERS", 3)
    for kind in ("zip", "tar"):
        for number, told in ((3, 0), (4, 1)):
            files = {f"{each}.jsonl": line(span(str(each))) for each in range(number)}
            read = load([str(write(tmp_path, ARCHIVES[kind](files)))])
            assert (len(read.table), read.table.health.count(Kind.INCOMPLETE)) == (3, told)
            read.close()


@settings(max_examples=examples(70))
@given(st.binary(max_size=600), st.sampled_from(["zip", "tar"]), st.data())
def test_no_bytes_make_a_parser_raise_anything_else(junk: bytes, kind: str, data: st.DataObject) -> None:
    """Junk written over an archive gives members, or the one error that is told."""
    content = bytearray(ARCHIVES[kind]({"one.jsonl": ONE, "two.jsonl": TWO}))
    at = data.draw(st.integers(0, len(content)))
    content[at : at + len(junk)] = junk

    def read_at(offset: int, length: int) -> bytes:
        return bytes(content[offset : offset + length])

    budget = Budget()
    found = (
        zip_entries(read_at, len(content), budget) if kind == "zip" else tar.entries(Whole(bytes(content)))
    )
    opened = archive.Archive("x", 0, found, budget)
    for _ in range(100):
        member = opened.next()
        while member and not member.ended:
            member.read(1000)
        if opened.ended:
            break
    assert opened.ended
    opened.close()


class Whole:
    """A stream of bytes that are all there."""

    def __init__(self, content: bytes) -> None:
        self._left = content

    @property
    def over(self) -> bool:
        return not self._left

    def take(self, limit: int) -> bytes:
        data, self._left = self._left[:limit], self._left[limit:]
        return data


def test_a_tar_that_claims_exabytes_is_cut_short() -> None:
    """Sizes are believed only as far as bytes come."""
    content = bytearray(tarred({"one.jsonl": ONE}, tarfile.GNU_FORMAT))
    at = content.index(b"one.jsonl")
    content[at + 124 : at + 136] = b"\x80" + b"\xff" * 11
    content[at + 148 : at + 156] = b" " * 8
    total = sum(content[at : at + 512])
    content[at + 148 : at + 156] = b"%06o\0 " % total
    entry = next(each for each in tar.entries(Whole(bytes(content))) if each)
    with pytest.raises(DamageError, match="cut short"):
        list(entry.pieces)
