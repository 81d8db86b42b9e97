"""Attributes and texts are found in the spans of every writer, as they are when each is decoded in full."""

from pathlib import Path

import pytest

from tests.builders import compact
from tests.formats.documents import DOCUMENTS
from tests.scan.scanning import done, spans, told
from tracetui.ingest import load
from tracetui.model.span import value_text
from tracetui.scan.texts import TextScan


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_attribute_is_found(tmp_path: Path, name: str) -> None:
    """Whatever a format calls it, nested or with other dots; what no span has is in none."""
    (tmp_path / "x").write_bytes(compact(DOCUMENTS[name]))
    ingest = load([str(tmp_path / "x")])
    snapshot = ingest.table.snapshot()
    whole = spans(ingest, snapshot)
    keys = {key for span in whole for key in span.attributes}
    assert keys
    for key in (*keys, "nothing"):
        assert told(ingest, snapshot, key) == [
            value_text(span.attributes[key]) if key in span.attributes else None for span in whole
        ]
    assert told(ingest, snapshot, "service.name") == ["depot"] * 3
    ingest.close()


@pytest.mark.parametrize("name", sorted(set(DOCUMENTS) - {"Zipkin", "Zipkin v1"}))
def test_a_text_is_found(tmp_path: Path, name: str) -> None:
    """In a value, of each span."""
    (tmp_path / "x").write_bytes(compact(DOCUMENTS[name]))
    ingest = load([str(tmp_path / "x")])
    scan = TextScan(ingest.read_at, "bad" if name not in ("Jaeger", "Elasticsearch") else "client")
    done(scan, ingest.table.snapshot())
    assert scan.matched.tolist() == [True] * 3
    ingest.close()
