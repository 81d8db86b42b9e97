"""Parquet, as Arrow and DuckDB read it: all of a recording is in it, and the flat columns say what we say."""

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("duckdb", reason="needs: pip install -e '.[fleet]'")

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tests.builders import MS, T0, S, case, exception, span
from tests.cli.running import on_a_terminal, tracetui
from tests.export.exporting import durations_of, exported, subject_of, written
from tests.export.samples import NAMES, SAMPLES
from tracetui.export.tables import parquet
from tracetui.fleet.schema import SPANS
from tracetui.fleet.schema.types import arrow_schema


def table_of(path: Path) -> pa.Table:
    """What is in `path`, exported and read back by Arrow."""
    return pq.read_table(io.BytesIO(b"".join(parquet.parquet(subject_of(path)))))


def one(path: Path, **more: Any) -> dict[str, Any]:
    """The row of a file with one span."""
    (row,) = table_of(written(path, span("a", **more))).to_pylist(maps_as_pydicts="strict")
    found: dict[str, Any] = row
    return found


def test_all_of_a_span_comes_back(tmp_path: Path) -> None:
    """Times to the nanosecond, attributes as texts, events and links with theirs."""
    event = exception(at=T0 + 5)
    link = {
        "traceId": "ab" * 16,
        "spanId": "cd" * 8,
        "attributes": [{"key": "n", "value": {"intValue": "1"}}],
    }
    row = one(
        tmp_path / "x.jsonl",
        attributes={"s": "text", "n": 2**62, "l": [1, "a<b"], "none": None},
        start=T0 + 1,
        end=T0 + S + 3,
        status=2,
        message="no",
        events=[event],
        links=[link],
    )
    assert row["Timestamp"].timestamp() == T0 // 1000 / 1e6
    assert (row["StartTimeUnixNano"], row["Duration"]) == (T0 + 1, S + 2)
    assert row["SpanAttributes"] == {"s": "text", "n": str(2**62), "l": r'[1,"a\u003cb"]', "none": ""}
    assert (row["ServiceName"], row["ResourceAttributes"]["service.name"]) == ("depot", "depot")
    assert (row["SpanKind"], row["StatusCode"], row["StatusMessage"]) == ("Internal", "Error", "no")
    assert row["Events.TimeUnixNano"] == [T0 + 5]
    assert row["Events.Name"] == ["exception"]
    assert row["Events.Attributes"][0]["exception.type"] == event["attributes"][0]["value"]["stringValue"]
    assert (row["Links.TraceId"], row["Links.SpanId"]) == (["ab" * 16], ["cd" * 8])
    assert row["Links.Attributes"] == [{"n": "1"}]


def test_flat_columns_need_no_attributes(tmp_path: Path) -> None:
    """Role, outcome and lane as we find them; what lies below a test has its test and suite."""
    suite = span("depot", {"tracetui.span.role": "suite", "test.suite.name": "depot"}, end=T0 + 9 * S)
    test = case("a.py::t", "failed", worker="gw0", start=T0, end=T0 + S, parent=suite)
    phase = span("call", start=T0, end=T0 + MS, parent=test)
    rows = table_of(written(tmp_path / "x.jsonl", suite, test, phase)).sort_by("depth").to_pylist()
    assert [row["role"] for row in rows] == ["suite", "test", "other"]
    assert [row["test"] for row in rows] == ["", "a.py::t", "a.py::t"]
    assert {row["suite"] for row in rows} == {"depot"}
    assert [row["lane"] for row in rows] == ["suite", "gw0", "gw0"]
    assert (rows[1]["outcome"], rows[1]["own_ns"]) == ("failed", S)
    assert {row["run"] for row in rows} == {suite["traceId"]}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_duckdb_counts_as_we_do(sample: Path, tmp_path: Path) -> None:
    """The same tests, outcomes and times; the same spans as the file of OTLP has."""
    out = tmp_path / "out.parquet"
    assert tracetui("export", sample, "--to", "parquet", "-o", out).returncode == 0
    tests = f"SELECT title, ifnull(nullif(outcome, ''), 'unknown'), Duration FROM '{out}' WHERE role = 'test'"
    assert Counter(duckdb.sql(tests).fetchall()) == durations_of(sample)
    lines = map(json.loads, exported(sample, "otlp").text.splitlines())
    ids = [each["spanId"] for line in lines for each in line["resourceSpans"][0]["scopeSpans"][0]["spans"]]
    assert sorted(ids) == [
        each for (each,) in duckdb.sql(f"SELECT SpanId FROM '{out}' ORDER BY 1").fetchall()
    ]


def test_names_survive(tmp_path: Path) -> None:
    """Control codes, markup and other scripts, in rows sorted by name and time."""
    tests = [case(name, start=T0 + at * S, end=T0 + 9 * S) for name in NAMES for at in (2, 1)]
    table = table_of(written(tmp_path / "x.jsonl", *tests))
    found = list(zip(table["SpanName"].to_pylist(), table["StartTimeUnixNano"].to_pylist(), strict=True))
    assert found == sorted((name, T0 + at * S) for name in NAMES for at in (1, 2))
    assert table["title"].to_pylist() == table["SpanName"].to_pylist()


def test_half_surrogates_are_spelled_out() -> None:
    """UTF-8 has no bytes for them, and a file is text all the same."""
    assert parquet._clean("\ud800x") == "\\ud800x"
    assert parquet._map({"\udfff": ["\ud800"]}) == [("\\udfff", '["\\ud800"]')]


def test_little_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row group is full by rows or by bytes, and leaves before the next is begun."""
    path = written(tmp_path / "x.jsonl", *(span("s", start=T0 + number) for number in range(7)))
    monkeypatch.setattr(parquet, "AT_ONCE", 2)
    for limit, groups in (("MOST_ROWS", [4, 3]), ("MOST_BYTES", [2, 2, 2, 1])):
        with monkeypatch.context() as patched:
            patched.setattr(parquet, limit, 4 if limit == "MOST_ROWS" else 1)
            parts = list(parquet.parquet(subject_of(path)))
        about = pq.ParquetFile(io.BytesIO(b"".join(parts))).metadata
        assert [about.row_group(each).num_rows for each in range(about.num_row_groups)] == groups
        assert len(parts) == len(groups) + 1
        assert all(parts)


def test_the_columns_of_the_lake(tmp_path: Path) -> None:
    """What `fleet` keeps of spans has the same names and types here, but for what it adds for itself."""
    lake = arrow_schema([column for column in SPANS if column.name not in ("date", "unit")])
    assert [parquet.SCHEMA.field(field.name) for field in lake] == list(lake)


def test_what_never_ended_is_said(tmp_path: Path) -> None:
    """It has a duration, as all have."""
    what = subject_of(written(tmp_path / "x.jsonl", span("a", end=0), span("b", end=T0 + S)))
    b"".join(parquet.parquet(what))
    assert what.said() == "1 span without an end: it ends at the last sign of life"


def test_no_arrow_is_one_line(tmp_path: Path) -> None:
    """It says what to install, before anything is read."""
    (tmp_path / "pyarrow.py").write_text("raise ModuleNotFoundError('No module named pyarrow')")
    ran = tracetui("export", tmp_path / "missing", "--to", "parquet", PYTHONPATH=str(tmp_path))
    assert ran.returncode == 2
    assert ran.stderr == (
        b"tracetui: pyarrow is not installed; it comes with: pip install 'tracetui[parquet]'\n"
    )


def test_a_terminal_gets_no_bytes(tmp_path: Path) -> None:
    """They would set it, and mean nothing to a reader."""
    path = written(tmp_path / "x.jsonl", span("a"))
    code, seen = on_a_terminal("export", path, "--to", "parquet")
    assert (code, seen) == (2, b"tracetui: parquet is no text to print: name a file with -o FILE\r\n")


def test_pandas_reads_it(tmp_path: Path) -> None:
    """Rows, names and integers to the nanosecond, in the table that most notebooks use."""
    pandas = pytest.importorskip("pandas", reason="needs: pip install -e '.[spark]'")
    path = written(tmp_path / "x.jsonl", span("a", start=T0 + 1, end=T0 + S + 3), span("b"))
    frame = pandas.read_parquet(io.BytesIO(b"".join(parquet.parquet(subject_of(path)))))
    assert list(frame["SpanName"]) == [row["SpanName"] for row in table_of(path).to_pylist()]
    first = frame[frame["StartTimeUnixNano"] == T0 + 1]
    assert list(first["Duration"]) == [S + 2]
    assert str(frame["Timestamp"].dtype).startswith("datetime64[")
