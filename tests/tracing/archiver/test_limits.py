"""Limits are kept before they are exceeded, and what they cost is said."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tracing.archiver.archives import FREELY, as_roots, left_out, manifest, members, pack
from tracetui.tracing.archiver.archive import Archiver
from tracetui.tracing.archiver.gather import Root
from tracetui.tracing.archiver.ledger import Ledger, Totals
from tracetui.tracing.archiver.limits import Limits, parse_limit, parse_size


def noise(path: Path, size: int) -> Path:
    """A file that cannot be compressed."""
    path.write_bytes(os.urandom(size))
    return path


def test_a_file_that_is_too_large_is_left_out(tmp_path: Path) -> None:
    """Its data counts, not its holes."""
    large, hollow = noise(tmp_path / "large", 50_000), tmp_path / "hollow"
    with hollow.open("wb") as file:
        file.truncate(1 << 30)
    archive = pack(tmp_path / "spans", large, hollow, limits=replace(FREELY, file_bytes=40_000))
    assert left_out(archive) == {"large": "more than 40000 bytes"}
    assert [member["name"] for member in archive.members] == ["hollow"]


@pytest.mark.parametrize("room", [40_000, 100_000, 400_000, 1_000_000, 3_000_000])
def test_an_archive_never_outgrows_its_room(tmp_path: Path, room: int) -> None:
    """The file in which room ends is cut, those that come later are left out, and the archive is valid."""
    files = [noise(tmp_path / f"{number}", 800_000) for number in range(3)]
    files += [noise(tmp_path / f"small{number}", 10) for number in range(50)]
    archive = pack(tmp_path / "spans", *files, limits=replace(FREELY, test_bytes=room))
    assert archive.path is not None
    assert archive.path.stat().st_size <= room
    found = members(archive.path)
    listed = manifest(archive.path)["members"]
    assert [*found] == [*(member["name"] for member in listed), "MANIFEST.json"]
    is_cut = {member["name"] for member in listed if "no room" in member.get("note", "")}
    whole = [path for path in files if path.name in found and path.name not in is_cut]
    assert all(found[path.name] == path.read_bytes() for path in whole)
    assert len(found) - 1 + archive.left_out_count == len(files)
    assert archive.is_truncated == (room < 3_000_000)


def test_the_first_failures_are_kept(tmp_path: Path) -> None:
    """Ten tests, or as many as were asked for: the others are counted, and told why."""
    ledger = Ledger(tmp_path / "artifacts", "1", replace(FREELY, tests=2))
    archiver = Archiver(tmp_path, ledger, FREELY)
    evidence = noise(tmp_path / "x", 1000)
    packed = [archiver.pack(f"t{number}", as_roots([evidence]), {}) for number in range(4)]
    assert [archive.path is not None for archive in packed] == [True, True, False, False]
    assert left_out(packed[3]) == {"everything": "2 tests of this run are archived already"}
    assert ledger.totals() == Totals(2, sum(archive.size_bytes for archive in packed), 2)


def test_the_total_is_kept(tmp_path: Path) -> None:
    """All archives of a run together have no more than the total, whoever made them."""
    limits = replace(FREELY, total_bytes=150_000)
    evidence = noise(tmp_path / "x", 60_000)
    packed = []
    for number in range(4):
        ledger = Ledger(tmp_path / "artifacts", "1", limits)
        packed.append(Archiver(tmp_path, ledger, limits).pack(f"t{number}", as_roots([evidence]), {}))
    sizes = [path.stat().st_size for path in (tmp_path / "artifacts").glob("*.zst")]
    assert sum(sizes) <= 150_000
    assert [archive.path is not None for archive in packed] == [True, True, False, False]
    assert left_out(packed[3]) == {"everything": "the archives of this run have 150000 bytes, and no more"}


def test_what_is_being_packed_counts_already(tmp_path: Path) -> None:
    """Room that one process has reserved is not given to another."""
    limits = replace(FREELY, total_bytes=100_000, test_bytes=80_000, tests=9)
    first, second = (Ledger(tmp_path, "1", limits) for _ in range(2))
    slot = first.reserve("a")
    assert isinstance(slot, str) is False
    assert second.reserve("b") == "the archives of this run have 100000 bytes, and no more"


def test_what_is_whole_counts_before_it_is_settled(tmp_path: Path) -> None:
    """Between the moment that an archive has its name and its settling, no other gets its room."""
    limits = replace(FREELY, tests=1)
    slot = Ledger(tmp_path, "1", limits).reserve("first")
    assert not isinstance(slot, str)
    slot.temporary.rename(slot.final)
    assert isinstance(Ledger(tmp_path, "1", limits).reserve("second"), str)
    os.close(slot.descriptor)


def test_the_disk_is_not_filled(tmp_path: Path) -> None:
    """Where less is free than is to be kept free, nothing is archived, and no empty archive is left."""
    evidence = noise(tmp_path / "x", 1000)
    archive = pack(tmp_path / "spans", evidence, limits=Limits(free_share=1.0))
    assert left_out(archive) == {"x": "no room for it"}
    assert archive.path is None
    assert list((tmp_path / "spans").rglob("*.zst*")) == []


def test_there_may_be_too_many_files(tmp_path: Path) -> None:
    """After so many the rest is left out."""
    for number in range(5):
        (tmp_path / f"f{number}").write_text("")
    roots = [tmp_path / f"f{number}" for number in range(5)]
    archive = pack(tmp_path / "spans", *roots, limits=replace(FREELY, files=3))
    assert (len(archive.members), left_out(archive)) == (3, {"the rest": "there are 3 files in it"})


def test_a_long_list_of_what_is_left_out_is_counted(tmp_path: Path) -> None:
    """The manifest lists a thousand, or as many as there is room for, and counts all."""
    missing = [Root("glob", f"/nowhere/{number}", "x") for number in range(3000)]
    for room in (1 << 30, 60_000):
        limits = replace(FREELY, test_bytes=room)
        archive = pack(tmp_path / f"spans{room}", noise(tmp_path / "x", 10), *missing, limits=limits)
        assert archive.path is not None
        assert archive.path.stat().st_size <= room
        content = manifest(archive.path)
        assert content["left_out_count"] == 3000
        assert len(content["left_out"]) <= 1000


@pytest.mark.parametrize(
    ("text", "size"), [("4096", 4096), ("5000 MB", 5_000_000_000), ("1GiB", 1 << 30), ("1.5 kb", 1500)]
)
def test_sizes_are_written_as_people_do(text: str, size: int) -> None:
    """With or without a unit, decimal or binary."""
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["tests", "hats=3", "total=much", "free=10", "free=300%", "total=-1"])
def test_a_limit_that_makes_no_sense_is_told(text: str) -> None:
    """What to write instead is in the message."""
    with pytest.raises(ValueError, match="write"):
        parse_limit(Limits(), text)


def test_the_limits_are_resmokes() -> None:
    """Tests and bytes of a run; of a test, a file, and what is kept free of a disk our own."""
    assert Limits() == Limits(10, 5_000_000_000, 1 << 30, 2 << 30, 10_000, 0.10)


def test_limits_change_one_by_one() -> None:
    """Each name is one limit; the others stay resmoke's."""
    limits = Limits()
    for text in ("tests=3", "total=1GB", "test=2GB", "file=3GB", "files=4", "free=5%"):
        limits = parse_limit(limits, text)
    assert limits == Limits(3, 10**9, 2 * 10**9, 3 * 10**9, 4, 0.05)
