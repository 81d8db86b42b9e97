"""The JSON of the headless verbs, against counts that the json module alone makes."""

import os
import time
from collections import Counter
from pathlib import Path

import orjson
import pytest

from tests.builders import case, line, small_run, span, start_record, unfinished, write_small_run
from tests.cli.running import DATA, EVERGREEN, LOCAL, answer, attribute, is_failed, spans, took_ns
from tests.jscore import write
from tracetui.analysis.ranking.ranking import COLUMNS, GROUPINGS
from tracetui.cli import options

BOTH = pytest.mark.parametrize("recording", [EVERGREEN, LOCAL], ids=lambda path: path.name)


@BOTH
def test_check_counts_every_span_once(recording: Path) -> None:
    """`check` agrees with an independent count of files, bytes, spans, traces and tests by outcome."""
    found, independent = answer("check", recording), spans(recording)
    tests = [one for one in independent if one["name"] == "job._execute_test"]
    assert found["schema"] == "tracetui.check/1"
    assert found["files"] == len(list(recording.iterdir()))
    assert found["bytes"] == sum(path.stat().st_size for path in recording.iterdir())
    assert found["spans"] == len(independent)
    assert found["traces"] == len({one["traceId"] for one in independent})
    assert found["outcomes"] == dict(Counter("failed" if is_failed(one) else "passed" for one in tests))
    assert found["problems"] == []


@BOTH
def test_check_counts_roles_and_orphans(recording: Path) -> None:
    """`check` knows what each resmoke span is, and which name a parent that is not there."""
    found, independent = answer("check", recording), spans(recording)
    names = Counter(one["name"] for one in independent)
    ids = {(one["traceId"], one["spanId"]) for one in independent}
    assert found["roles"].get("archiver", 0) == names["hook_test_archival._archive_hook_or_test"]
    assert found["roles"]["suite"] == names["run.__init__._execute_suite"]
    assert found["roles"]["test"] == found["roles"]["phase"] == names["run_test"]
    assert found["orphans"] == sum(
        bool(one.get("parentSpanId")) and (one["traceId"], one["parentSpanId"]) not in ids
        for one in independent
    )


@BOTH
def test_top_ranks_tests_by_own_time(recording: Path) -> None:
    """`top` sums `run_test` as a test's own time and its wrapper as total, the most own time first."""
    own, total, failed = Counter[str](), Counter[str](), Counter[str]()
    independent = spans(recording)
    wrappers = {one["spanId"]: one for one in independent if one["name"] == "job._execute_test"}
    for one in wrappers.values():
        total[attribute(one, "test_long_name")] += took_ns(one)
        failed[attribute(one, "test_long_name")] += is_failed(one)
    for one in independent:
        if one["name"] == "run_test":
            own[attribute(wrappers[one["parentSpanId"]], "test_long_name")] += took_ns(one)
    found = answer("top", recording, "-n", 0)
    assert (found["schema"], found["by"], found["runs"]) == ("tracetui.top/1", "test", 1)
    assert [row["own_ns"] for row in found["rows"]] == sorted(own.values(), reverse=True)
    assert {row["name"]: row["own_ns"] for row in found["rows"]} == own
    assert {row["name"]: row["total_ns"] for row in found["rows"]} == total
    assert {row["name"]: row["failed"] for row in found["rows"]} == dict(failed)
    assert sum(row["share"] for row in found["rows"]) == pytest.approx(1)


def test_top_has_the_promised_keys_and_percentiles(tmp_path: Path) -> None:
    """Mean and percentiles are of own time over the occurrences, percentiles by nearest rank."""
    runs = [case("t", start=n * 1000, end=n * 1000 + n, id=f"{n:016x}") for n in range(1, 11)]
    (tmp_path / "a.jsonl").write_bytes(line(*runs))
    (row,) = answer("top", tmp_path)["rows"]
    assert tuple(row) == (*COLUMNS, "last_ns")
    assert (row["count"], row["own_ns"], row["mean_ns"]) == (10, 55, 5)
    assert (row["p50_ns"], row["p95_ns"], row["max_ns"]) == (5, 10, 10)


@pytest.mark.parametrize("column", options.SORT)
def test_top_sorts_by_each_column(column: str) -> None:
    """`--sort` takes each column, with or without `_ns`; the largest first, names from A."""
    key = column if column in COLUMNS else f"{column}_ns"
    rows = answer("top", EVERGREEN, "-n", 0, "--sort", column)["rows"]
    values = [row[key] for row in rows]
    assert values == sorted(values, reverse=column != "name")
    assert answer("top", EVERGREEN, "-n", 0, "--sort", key)["rows"] == rows


@pytest.mark.parametrize("by", options.BY)
def test_top_groups_by_each_kind(by: str) -> None:
    """`--by` takes each grouping and says which it was."""
    found = answer("top", EVERGREEN, "--by", by, "-n", 0)
    assert found["by"] == by
    assert found["rows"]


def test_options_name_what_there_is() -> None:
    """The names in the options, kept apart so that help loads nothing, are those of the analysis."""
    assert options.BY == GROUPINGS
    assert [options.Column().convert(name, None, None) for name in options.SORT] == list(COLUMNS)


def test_top_says_how_many_rows_it_leaves_out() -> None:
    """`-n` limits the rows, and `hidden` counts the others."""
    found = answer("top", EVERGREEN, "-n", 7)
    assert len(found["rows"]) == 7
    assert found["hidden"] == len(answer("top", EVERGREEN, "-n", 0)["rows"]) - 7


@BOTH
def test_waterfall_has_every_span_once(recording: Path) -> None:
    """`waterfall` gives each span once, with its own name, times and ids."""
    found, independent = answer("waterfall", recording), spans(recording)
    assert (found["schema"], found["hidden"]) == ("tracetui.waterfall/1", 0)
    shown = Counter(
        (row["trace_id"], row["span_id"], row["name"], row["start_ns"], row["end_ns"], row["duration_ns"])
        for row in found["rows"]
    )
    assert shown == Counter(
        (
            one["traceId"],
            one["spanId"],
            one["name"],
            int(one["startTimeUnixNano"]),
            int(one["endTimeUnixNano"]),
            took_ns(one),
        )
        for one in independent
    )


def test_waterfall_is_in_display_order() -> None:
    """A row stands below the last row of a lesser depth, which is its parent."""
    parents = {one["spanId"]: one.get("parentSpanId") for one in spans(EVERGREEN)}
    above: list[str] = []
    for row in answer("waterfall", EVERGREEN)["rows"]:
        assert row["depth"] <= len(above)
        if row["depth"]:
            assert parents[row["span_id"]] == above[row["depth"] - 1]
        above[row["depth"] :] = [row["span_id"]]


def test_waterfall_keys_are_the_promised_ones() -> None:
    """A row has the keys of `tracetui.waterfall/1`, roles and outcomes as words."""
    rows = answer("waterfall", EVERGREEN)["rows"]
    keys = (
        "depth name title role outcome start_ns end_ns duration_ns self_ns own_ns span_id trace_id axis below"
    )
    assert all(list(row) == keys.split() for row in rows)
    assert {row["role"] for row in rows} == {"suite", "hook", "test", "phase", "archiver"}
    assert all(0 <= row["self_ns"] <= row["duration_ns"] for row in rows)


def test_waterfall_shows_spans_whose_parents_bite_their_tails(tmp_path: Path) -> None:
    """Every span exactly once, whatever the parents say: circles, itself, nobody."""
    ids = {name: f"{number:016x}" for number, name in enumerate("abcde", 1)}
    parents = {"a": "b", "b": "c", "c": "a", "d": "d", "e": "nobody"}
    odd = [span(name, id=ids[name], parent=ids.get(above, "f" * 16)) for name, above in parents.items()]
    (tmp_path / "odd.jsonl").write_bytes(line(*odd))
    assert sorted(row["name"] for row in answer("waterfall", tmp_path)["rows"]) == list("abcde")
    found = answer("check", tmp_path)
    assert (found["spans"], found["cycles"], found["orphans"]) == (5, 2, 1)


def test_what_never_ended_is_cut_off(tmp_path: Path) -> None:
    """Of a recording that nobody writes any more, unfinished spans have no end and are cut off."""
    started = case("t::left", end=0)
    path = tmp_path / "old.jsonl"
    path.write_bytes(line(case("t::done")) + line(unfinished(started)))
    _age(path)
    rows = {row["title"]: row for row in answer("waterfall", tmp_path)["rows"]}
    assert (rows["t::left"]["outcome"], rows["t::left"]["end_ns"]) == ("cut_off", None)
    found = answer("check", tmp_path)
    assert (found["cut_off"], found["running"], found["outcomes"]) == (1, 0, {"passed": 1, "cut_off": 1})


def test_what_is_being_written_is_running(tmp_path: Path) -> None:
    """Start records of just now, in a file written just now, are running spans."""
    (tmp_path / "a.jsonl").write_bytes(start_record(case("t::now", start=time.time_ns(), end=0)))
    found = answer("check", tmp_path)
    assert (found["running"], found["cut_off"]) == (1, 0)


def test_a_recording_of_a_killed_run_does_not_run(tmp_path: Path) -> None:
    """However fresh the copy: its start records are as old as they say."""
    write_small_run(tmp_path / "run")
    found = answer("check", tmp_path / "run")
    assert (found["running"], found["cut_off"]) == (0, 4)


def test_problems_have_file_offset_and_reason(tmp_path: Path) -> None:
    """Bytes that are no span are rejected with the file and the offset where they stand, the rest is read."""
    good = line(case("t::good"))
    path = tmp_path / "bad.jsonl"
    path.write_bytes(good + b"[/tmp/x] \x1b[2J]}\n" + good.replace(b"good", b"also"))
    found = answer("check", path)
    assert (found["spans"], found["rejected"]) == (2, 1)
    (problem,) = found["problems"]
    assert (problem["file"], problem["offset"]) == (str(path), len(good))
    assert problem["reason"]


def test_standard_input_is_a_recording() -> None:
    """`-` reads standard input, with the same answer as the file."""
    (path,) = (DATA / "resmoke" / "core-analyzer").iterdir()
    rows = answer("waterfall", "-", stdin=path.read_bytes())["rows"]
    assert rows == answer("waterfall", path)["rows"]
    assert len(rows) == 4


def test_several_paths_are_one_recording() -> None:
    """Files given one by one are read as the directory that holds them."""
    one_by_one = answer("waterfall", *sorted(EVERGREEN.iterdir()))
    assert one_by_one["rows"] == answer("waterfall", EVERGREEN)["rows"]


def test_levels_and_limit_say_what_they_hide() -> None:
    """`--depth` and `-n` leave spans out and count them; what is above a span is never left out."""
    every = answer("waterfall", EVERGREEN)["rows"]
    shallow = answer("waterfall", EVERGREEN, "--depth", 2)
    unseen = [row.pop("unseen", 0) for row in shallow["rows"]]
    assert shallow["rows"] == [row for row in every if row["depth"] < 2]
    assert shallow["hidden"] == shallow["more"] == len(every) - len(shallow["rows"]) == sum(unseen)
    few = answer("waterfall", EVERGREEN, "-n", 9)
    assert len(few["rows"]) == 9
    assert few["hidden"] == len(every) - 9
    assert {row["title"] for row in few["rows"] if row["outcome"] == "failed"} >= {
        row["title"] for row in every if row["outcome"] == "failed" and row["role"] == "test"
    }


def test_a_run_under_way_can_be_read_from_a_pipe() -> None:
    """Finished spans and start records in one stream make one tree."""
    found = answer("waterfall", "-", stdin=small_run())["rows"]
    assert found[0]["role"] == "suite"
    assert sum(row["depth"] == 0 for row in found) == 1


def test_a_start_record_and_its_span_are_one(tmp_path: Path) -> None:
    """A span that started and ended is shown once, with its end."""
    whole = case("t::once")
    (tmp_path / "a.jsonl").write_bytes(start_record(whole) + line(whole))
    (row,) = answer("waterfall", tmp_path)["rows"]
    assert (row["title"], row["end_ns"]) == ("t::once", int(whole["endTimeUnixNano"]))


def _age(path: Path) -> None:
    os.utime(path, (1_700_000_000, 1_700_000_000))


def test_lanes() -> None:
    """A lane per job of resmoke, every test on one of them, times in integer nanoseconds."""
    found = answer("lanes", EVERGREEN)
    assert found["schema"] == "tracetui.lanes/1"
    assert [lane["name"] for lane in found["rows"]] == ["job0", "job1", "job2", "job3"]
    assert sum(lane["tests"] for lane in found["rows"]) == 60
    assert found["work_ns"] == sum(lane["busy_ns"] for lane in found["rows"])
    assert found["floor_ns"] == found["work_ns"] // 4
    assert found["idle_ns"] + found["starting_ns"] == 4 * found["wall_ns"] - found["work_ns"]
    assert all(lane["packed"] for lane in found["rows"])


def test_standing_still(tmp_path: Path) -> None:
    """When all lanes stood still, to the nanosecond, for whose sake, and who waited how long."""
    found = answer("lanes", str(write(tmp_path)))
    (still,) = found["still"]
    took = still["end_ns"] - still["start_ns"]
    assert still["lanes"] == 4
    assert still["cause"]["title"] == "jstests/core/timeseries_computed_field.js"
    assert (still["cause"]["lane"], still["cause"]["role"]) == ("job1", "archiver")
    assert [lane["waited_ns"] for lane in found["rows"]] == [took, 0, took, took]
    assert still["start_ns"] % 128


def test_services_of_a_recording_without_tests() -> None:
    """`waterfall` names the services, and that of each span; there is no such key of one or of a test run."""
    found = answer("waterfall", DATA / "other" / "jaeger-ui-flamegraph-trace.json")
    assert found["services"] == ["load-generator", "ride-sharing-app"]
    assert [(row["name"], row["service"]) for row in found["rows"]] == [
        ("OrderVehicle", "load-generator"),
        ("HTTP GET", "load-generator"),
        ("BikeHandler", "ride-sharing-app"),
        ("FindNearestVehicle", "ride-sharing-app"),
    ]
    for path in (EVERGREEN, DATA / "other" / "otlp-proto-example-trace.json"):
        other = answer("waterfall", path)
        assert "services" not in other
        assert not any("service" in row for row in other["rows"])


@pytest.mark.parametrize("verb", ["waterfall", "lanes", "top", "check"])
def test_a_run_without_a_date_says_so(verb: str, tmp_path: Path) -> None:
    """Its times tell how long it took; of one with a date nothing more is said."""
    build = [{"ph": "X", "name": "a", "ts": 0, "dur": 2_000_000, "pid": 1, "tid": 1}]
    (tmp_path / "build.json").write_bytes(orjson.dumps(build))
    told = answer(verb, tmp_path)
    runs = told["runs"] if verb == "check" else [told["run"]]
    assert [run["relative"] for run in runs] == [True]
    assert [run["end_ns"] - run["start_ns"] for run in runs] == [2_000_000_000]
    assert "relative" not in str(answer(verb, EVERGREEN))
