"""What is no trace is refused by name, with the next step, and says which file was meant."""

import zipfile
from pathlib import Path

import pytest

from tests.builders import line, span
from tests.formats.foreign import FOREIGN
from tracetui.errors import InputError
from tracetui.formats.what_is_it import judge
from tracetui.ingest.loading import load

UNPACKED = ("a zip archive", "compressed data")
"""Formats that are unpacked before they are judged."""


@pytest.mark.parametrize("what", sorted(set(FOREIGN) - set(UNPACKED)))
def test_a_refusal_names_the_file_the_format_and_the_next_step(tmp_path: Path, what: str) -> None:
    """Given beside a trace, the message is about the file that is none."""
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad"
    good.write_bytes(line(span("x")))
    bad.write_bytes(FOREIGN[what])
    with pytest.raises(InputError) as error:
        load([str(good), str(bad)])
    message = str(error.value)
    assert message.startswith(f"{bad}: ")
    assert what in message
    assert judge(FOREIGN[what], whole=True).next_step in message


def test_beside_traces_in_a_directory_it_is_a_quiet_note(tmp_path: Path) -> None:
    """Nothing is lost, nothing is rejected, and each file is told once."""
    (tmp_path / "good.jsonl").write_bytes(line(span("x")))
    others = {what: data for what, data in FOREIGN.items() if what not in UNPACKED}
    for place, data in enumerate(others.values()):
        (tmp_path / f"other{place}").write_bytes(data)
    ingest = load([str(tmp_path)])
    health = ingest.table.snapshot().health
    assert (len(ingest.table), health.lost, health.rejected) == (1, 0, 0)
    assert sorted(said.partition(": ")[0] for said in ingest.notes.others.values()) == sorted(
        f"this is {what}" for what in others
    )
    ingest.close()


def test_a_zip_archive_without_dates_is_read(tmp_path: Path) -> None:
    """Some writers leave month and day at zero."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.jsonl", (1980, 0, 0, 0, 0, 0)), line(span("x")))
    ingest = load([str(tmp_path / "x.zip")])
    assert len(ingest.table) == 1
    ingest.close()
