"""A lake is read over Spark Connect: every column as it is read without."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("pysail", reason="needs: pip install -e '.[fleet-test]'")

from tests.fleet import spark
from tests.fleet.lakes import fact, write
from tests.fleet.runs import MIDNIGHT, load, rows, write_run
from tracetui.errors import InputError
from tracetui.fleet.schema import FACTS
from tracetui.fleet.schema.types import ibis_schema
from tracetui.fleet.store import open_sink, open_store
from tracetui.fleet.store import spark as module
from tracetui.fleet.store.lake.manifests import manifests


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """One for all."""
    with spark.server() as made:
        yield made


def test_rows_are_those_of_the_lake(server: str, tmp_path: Path) -> None:
    """Those that count, with files of an older version among them."""
    lake = f"lake://{tmp_path}"
    load(lake, write_run(tmp_path / "spans" / "0.jsonl", 0))
    load(lake, write_run(tmp_path / "spans" / "1.jsonl", 1, start=MIDNIGHT))
    day = dt.datetime.fromtimestamp(MIDNIGHT / 1e9, dt.UTC).date()
    (file,) = manifests(tmp_path)[0].files
    write(tmp_path / file, [fact("old", source="x")], ("owner", "cpu_ns"))
    write(tmp_path / "facts/date=2026-10-01/left.parquet", [fact("left behind")])
    with open_store(f"{server}{tmp_path}") as store:
        assert store.facts.schema() == ibis_schema(FACTS)
        found = store.rows(store.facts).to_pylist()
        late = store.rows(store.facts.filter(store.facts.date >= day).select("date"))
    expected = rows(lake)
    assert sorted(map(repr, found)) == sorted(map(repr, expected))
    assert late.num_rows == len([row for row in expected if row["date"] >= day]) > 0


def test_an_empty_lake_has_all_columns(server: str, tmp_path: Path) -> None:
    """Questions need no case of their own for it."""
    with open_store(f"{server}{tmp_path}") as store:
        assert store.facts.schema() == ibis_schema(FACTS)
        assert store.rows(store.facts).num_rows == 0


def test_a_server_that_is_gone_is_told_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it went while the store was open, or before; asking again ends soon."""
    monkeypatch.setattr(module, "RETRIES", 0)
    load(f"lake://{tmp_path}", write_run(tmp_path / "spans" / "0.jsonl", 0))
    with spark.server() as url:
        store = open_store(f"{url}{tmp_path}")
        assert store.rows(store.facts.select("test")).num_rows == 11
    said = r"^sc://127.0.0.1:\d+/.*: the store does not answer: .*[Cc]onnect[^\n]+$"
    with pytest.raises(InputError, match=said):
        store.rows(store.facts.select("suite"))
    store.close()
    with pytest.raises(InputError, match=said):
        open_store(f"{url}{tmp_path}")


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    """Each in a line."""
    with pytest.raises(InputError, match="no lake at"):
        open_store("sc://127.0.0.1:1/nowhere/at/all")
    with pytest.raises(InputError, match="does not load it"):
        open_sink(f"sc://127.0.0.1:1{tmp_path}")
