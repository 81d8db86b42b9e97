"""Loads change nothing twice, and lose nothing."""

import datetime as dt
import gzip
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.builders import MS, T0, line, span, write_small_run
from tests.fleet.lakes import write
from tests.fleet.runs import MIDNIGHT, load, rows, spans_of, sums, whole, write_run
from tracetui.errors import InputError
from tracetui.fleet.store import open_sink, open_store
from tracetui.fleet.store.lake.commits import Commits
from tracetui.fleet.store.lake.manifests import manifests


@pytest.fixture(params=["lake", "duckdb"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store of each kind that needs no server."""
    return f"{request.param}://{tmp_path}/store" + (".db" if request.param == "duckdb" else "")


def test_a_file_is_loaded_once(url: str, tmp_path: Path) -> None:
    """However often it is given; from the second time on it is not even read."""
    path = write_run(tmp_path / "a.jsonl", 1)
    os.utime(path, (1e9, 1e9))
    first, again = load(url, path), load(url, path)
    assert (first.files, first.spans, first.facts, first.skipped) == (1, 11, 11, 0)
    assert (again.files, again.spans, again.facts, again.skipped) == (0, 0, 0, 1)
    assert sums(url) == {"run-1": whole()}


def test_a_copy_is_no_second_run(url: str, tmp_path: Path) -> None:
    """Wherever it lies, compressed or not: the runners of a CI fetch the same artefact again."""
    path = write_run(tmp_path / "a.jsonl", 1)
    copy = tmp_path / "elsewhere" / "b.jsonl.gz"
    copy.parent.mkdir()
    copy.write_bytes(gzip.compress(path.read_bytes()))
    load(url, path)
    load(url, copy)
    assert sums(url) == {"run-1": whole()}


def test_one_path_may_hold_one_run_after_the_other(url: str, tmp_path: Path) -> None:
    """`traces.jsonl` of every job: what was there before is another run, and stays."""
    for number in range(3):
        load(url, write_run(tmp_path / "traces.jsonl", number))
    assert sums(url) == {f"run-{number}": whole() for number in range(3)}


def test_a_file_that_grew_says_what_it_says_now(url: str, tmp_path: Path) -> None:
    """At every length, also with half a line at its end."""
    path = tmp_path / "a.jsonl"
    for lines in (3, 4, 9, 10):
        write_run(path, 1, lines=lines)
        with path.open("ab") as file:
            file.write(b'{"resourceSpans":[{"res')
        load(url, path)
        assert sums(url) == {"run-1": (lines, lines, lines * 10 * MS)}
    load(url, write_run(path, 1))
    assert sums(url) == {"run-1": whole()}


def test_an_older_copy_does_not_win(url: str, tmp_path: Path) -> None:
    """It has less of the same."""
    load(url, write_run(tmp_path / "a.jsonl", 1))
    load(url, write_run(tmp_path / "old.jsonl", 1, lines=4))
    assert sums(url) == {"run-1": whole()}


def test_late_files_belong_to_their_run(url: str, tmp_path: Path) -> None:
    """The suite of a run may stand in a file that comes later; then its tests are told of it."""
    *tests, top = spans_of(1, 10)
    (tmp_path / "worker.jsonl").write_bytes(b"".join(map(line, tests)))
    load(url, tmp_path / "worker.jsonl")
    assert {row["suite"] for row in rows(url)} == {""}
    (tmp_path / "controller.jsonl").write_bytes(line(top))
    load(url, tmp_path)
    assert {row["suite"] for row in rows(url)} == {"depot"}
    assert list(sums(url).values()) == [whole()]


def test_a_run_under_way_is_added_to(url: str, tmp_path: Path) -> None:
    """What runs is no fact yet; what has begun and what is over stand in two files of one unit."""
    directory = write_small_run(tmp_path / "spans")
    load(url, directory)
    before = rows(url)
    load(url, directory)
    assert sorted(row["span"] for row in rows(url)) == sorted(row["span"] for row in before)
    assert {row["outcome"] for row in before} >= {"passed", "failed", "skipped"}


def test_a_run_across_midnight_is_in_two_days(url: str, tmp_path: Path) -> None:
    """And still one run, whose growth replaces both."""
    path = tmp_path / "a.jsonl"
    write_run(path, 1, start=MIDNIGHT - 50 * MS, lines=8)
    load(url, path)
    load(url, write_run(path, 1, start=MIDNIGHT - 50 * MS))
    assert len({row["date"] for row in rows(url)}) == 2
    assert sums(url) == {"run-1": whole()}


def test_several_loaders_take_turns(url: str, tmp_path: Path) -> None:
    """Each with files of its own and one that all have."""
    shared = write_run(tmp_path / "shared" / "a.jsonl", 99)
    paths = [write_run(tmp_path / str(number) / "a.jsonl", number) for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda path: load(url, path, shared), paths))
    assert sums(url) == {f"run-{number}": whole() for number in (*range(8), 99)}


def test_new_attributes_do_no_harm(url: str, tmp_path: Path) -> None:
    """A run says what none before it said."""
    load(url, write_run(tmp_path / "a.jsonl", 1))
    *tests, top = spans_of(2, 10)
    resource = {"build.variant": "arm", "weather": "rain", "test.owner": "storage"}
    (tmp_path / "b.jsonl").write_bytes(line(*tests, top, resource=resource))
    load(url, tmp_path / "b.jsonl")
    assert {(row["variant"], row["owner"]) for row in rows(url)} == {("", ""), ("arm", "storage")}


def test_spans_are_kept_when_asked_for(url: str, tmp_path: Path) -> None:
    """With the Collector's names, and attributes as text as it writes them."""
    *tests, top = spans_of(1, 3)
    told = {"ok": True, "many": [1, "a"], "half": 0.5, "nothing": None}
    app = span("GET /", told, trace=top["traceId"], parent=tests[0], status=2, message="no")
    path = tmp_path / "a.jsonl"
    path.write_bytes(line(*tests, top, app))
    load(url, path)
    load(url, path, spans=True)
    load(url, path, spans=True)
    with open_store(url) as store:
        assert store.spans is not None
        found = store.rows(store.spans.filter(store.spans.SpanName == "GET /")).to_pylist()
        assert store.rows(store.spans).num_rows == 5
    (row,) = found
    row["SpanAttributes"] = dict(row["SpanAttributes"])
    assert row["SpanAttributes"] == {"ok": "true", "many": '[1,"a"]', "half": "0.5", "nothing": ""}
    assert (row["StatusCode"], row["StatusMessage"], row["SpanKind"]) == ("Error", "no", "Internal")
    assert (row["StartTimeUnixNano"], row["Duration"]) == (T0, MS)
    assert dict(row["ResourceAttributes"]) == {"service.name": "depot"}
    assert next(row for row in rows(url) if row["test"].endswith("test_0"))["app_spans"] == 1


def test_what_holds_no_trace_is_named(url: str, tmp_path: Path) -> None:
    """If somebody gave it by name; the others are loaded all the same."""
    good, bad = write_run(tmp_path / "a.jsonl", 1), tmp_path / "notes.txt"
    bad.write_text("hello")
    loaded = load(url, good, bad)
    assert list(loaded.refused) == [str(bad)]
    assert sums(url) == {"run-1": whole()}
    with pytest.raises(InputError, match="no such file"):
        load(url, tmp_path / "nowhere")


def test_recordings_may_lie_in_the_store(tmp_path: Path) -> None:
    """What is its own is none; all else is."""
    url = f"lake://{tmp_path}"
    write_run(tmp_path / "spans" / "a.jsonl", 1)
    for _ in range(2):
        loaded = load(url, tmp_path)
    assert (loaded.files + loaded.skipped, loaded.refused) == (1, {})
    assert sums(url) == {"run-1": whole()}


def test_compaction_changes_no_number(url: str, tmp_path: Path) -> None:
    """Nor does what is loaded after it: a run that grew, and one that is new."""
    paths = [write_run(tmp_path / f"{number}.jsonl", number, lines=9) for number in range(4)]
    for path in paths:
        load(url, path)
    before = sums(url)
    compact(url)
    assert sums(url) == before
    load(url, write_run(paths[2], 2))
    load(url, write_run(tmp_path / "9.jsonl", 9))
    compact(url)
    assert sums(url) == before | {"run-2": whole(), "run-9": whole()}


def compact(url: str) -> tuple[int, int]:
    sink = open_sink(url)
    try:
        return sink.compact()
    finally:
        sink.close()


def test_old_days_leave_and_do_not_come_back(url: str, tmp_path: Path) -> None:
    """Of a run across midnight the half that is young enough stays."""
    path = write_run(tmp_path / "a.jsonl", 1, start=MIDNIGHT - 50 * MS)
    os.utime(path, (1e9, 1e9))
    load(url, path)
    sink = open_sink(url)
    day = dt.datetime.fromtimestamp(MIDNIGHT / 1e9, dt.UTC).date()
    dropped = sink.prune(day)
    sink.close()
    assert dropped == 6
    load(url, path)
    assert {row["date"] for row in rows(url)} == {day}
    assert len(rows(url)) == 5


def test_a_lake_becomes_few_files(tmp_path: Path) -> None:
    """One for each day; those that count no more stay for who reads them just now, and leave then."""
    url = f"lake://{tmp_path}/lake"
    for number in range(5):
        load(url, write_run(tmp_path / f"{number}.jsonl", number))
    with open_store(url) as asked_before:
        assert compact(url) == (5, 1)
        assert asked_before.rows(asked_before.facts).num_rows == 55
    lake = tmp_path / "lake"
    assert len(list(lake.glob("facts/*/*.parquet"))) == 6
    Commits(lake).sweep(grace_s=0)
    assert len(list(lake.glob("facts/*/*.parquet"))) == 1
    assert len(manifests(lake)) == 1
    assert sums(url) == {f"run-{number}": whole() for number in range(5)}


def test_what_was_replaced_does_not_rise_again(tmp_path: Path) -> None:
    """Killed between putting a manifest in place and removing the one before it, twice over."""
    url, lake = f"lake://{tmp_path}/lake", tmp_path / "lake"
    path = tmp_path / "a.jsonl"
    graves: dict[Path, bytes] = {}
    for lines in (3, 6, 9):
        load(url, write_run(path, 1, lines=lines))
        for grave, data in graves.items():
            if not grave.exists() and len(graves) < 2:
                grave.write_bytes(data)
        assert sums(url) == {"run-1": (lines, lines, lines * 10 * MS)}
        graves |= {each: each.read_bytes() for each in (lake / "manifests").glob("*.json")}


def test_a_file_of_the_lake_may_lack_columns(tmp_path: Path) -> None:
    """Compaction and growth read what an older version wrote."""
    url, lake = f"lake://{tmp_path}/lake", tmp_path / "lake"
    load(url, write_run(tmp_path / "a.jsonl", 1))
    load(url, write_run(tmp_path / "b.jsonl", 2))
    (manifest, _) = manifests(lake)
    (file,) = manifest.files
    old = [
        row
        for row in rows(url)
        if file.endswith(f"{manifest.name}.parquet") and row["unit"] in manifest.units
    ]
    write(
        lake / file, [{key: value for key, value in row.items() if key != "date"} for row in old], ("owner",)
    )
    before = sums(url)
    compact(url)
    assert sums(url) == before
