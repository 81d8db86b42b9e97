"""Sources that share what they teach: each is read as by itself, and the next has little to ask."""

import re
from pathlib import Path

import pytest

from tests.benchmarks.spans import DIALECTS, lines
from tests.formats.protobuf import framed, messages
from tests.formats.test_lookahead import columns
from tests.formats.test_scanned import OneByOne, read, told
from tracetui import kernel
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.formats.scanned import scanned
from tracetui.formats.scanned.counters import native_counters
from tracetui.formats.scanned.spelling import JSON
from tracetui.ingest import Ingest
from tracetui.model.columns import Facts
from tracetui.model.rules import Clues, classify

pytestmark = pytest.mark.skipif(bool(kernel.why_not()), reason="no kernel")

SPANS = 200
IDS = re.compile(rb'("(?:trace|span|parentSpan)Id":").')


@pytest.fixture(autouse=True)
def _everything_is_scanned_file_by_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what is so short that it would be read one by one, or with others."""
    monkeypatch.setattr(scanned, "LEAST_BYTES", 0)
    monkeypatch.setattr("tracetui.ingest.reader._is_plain", lambda _: False)
    monkeypatch.setattr("tracetui.sources.read_ahead.LONG_BYTES", 0)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Clues]:
    """The decisions that are asked of the rules for what was scanned."""
    clues: list[Clues] = []

    def noted(about: Clues) -> Facts:
        clues.append(about)
        return classify(about)

    monkeypatch.setattr("tracetui.formats.scanned.known.classify", noted)
    return clues


def json_file(dialect: str, number: int) -> bytes:
    """The same run, as another process would have written it: other ids, another resource."""
    pid = b'"attributes":[{"key":"process.pid","value":{"intValue":"%d"}},' % number
    return b"".join(
        IDS.sub(rb"\g<1>%x" % number, line).replace(b'"attributes":[', pid, 1)
        for line in lines(dialect, SPANS, 1)
    )


def read_all(path: Path, jobs: int, *, follow: bool) -> int:
    """Reads a directory; how many spans there were."""
    ingest = Ingest([str(path)], jobs=jobs, follow=follow)
    ingest.sweep()
    while ingest.step(10) or not (follow or ingest.ended):
        pass
    spans = len(ingest.table)
    ingest.close()
    return spans


@pytest.mark.parametrize(("jobs", "follow"), [(1, False), (2, False), (1, True)])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_more_files_of_one_kind_ask_no_more(
    tmp_path: Path, asked: list[Clues], dialect: str, jobs: int, follow: bool
) -> None:
    """What rules said of the spans of the first two files is known for those of all others."""
    counts = []
    for files in (2, 12):
        for number in range(files):
            (tmp_path / f"{number:02}.jsonl").write_bytes(json_file(dialect, number))
        assert read_all(tmp_path, jobs, follow=follow) == files * SPANS
        counts.append(len(asked))
        asked.clear()
    assert counts[0] == counts[1] > 0


@pytest.mark.parametrize("dialect", DIALECTS)
def test_more_files_of_protobuf_ask_no_more(tmp_path: Path, asked: list[Clues], dialect: str) -> None:
    """Nor do more files of messages."""
    content = framed(*(message.SerializeToString() for message in messages(dialect, SPANS, 50)))
    counts = []
    for files in (2, 12):
        for number in range(files):
            (tmp_path / f"{number:02}.binpb").write_bytes(content)
        assert read_all(tmp_path, 1, follow=False) == SPANS
        counts.append(len(asked))
        asked.clear()
    assert counts[0] == counts[1] > 0


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_files_that_share_give_the_same_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    """Of every dialect, in turns, in several blocks: the same as each with a scanner by itself."""
    monkeypatch.setattr("tracetui.ingest.reader.BLOCK_BYTES", 50_000)
    monkeypatch.setattr("tracetui.ingest.reader.HEAD_BYTES", 50_000)
    for number in range(6):
        for place, dialect in enumerate(DIALECTS):
            (tmp_path / f"{number}{place}.jsonl").write_bytes(json_file(dialect, number))
    shared = columns(tmp_path, jobs)
    monkeypatch.setattr("tracetui.ingest.ingest.native_counters", lambda *_: None)
    assert columns(tmp_path, 1) == shared


def test_scans_that_nobody_took(asked: list[Clues]) -> None:
    """A source that ends before what was scanned ahead is fed keeps its scanner: its numbers are unknown."""
    counters, files = native_counters(), [json_file("tracetui", number) for number in range(3)]
    assert counters
    first = OtlpJson(counters=counters)
    for content in files[:2]:
        first.ahead(content)
    first.feed(files[0])
    first.finish()
    before = len(asked)
    assert told(read(OtlpJson(counters=counters), files[2])) == told(read(OneByOne(), files[2]))
    assert len(asked) > before
    assert sum(map(len, first.take().packed)) == SPANS


def test_what_was_learned_ahead_serves_the_next() -> None:
    """The scanner that another thread had is that of the next source."""
    counters = native_counters()
    assert counters
    lent, content = counters.here(JSON), json_file("tracetui", 1)
    reader = OtlpJson(counters=counters)
    reader.ahead(content)
    assert counters.here(JSON) is not lent
    reader.feed(content)
    reader.finish()
    assert counters.here(JSON) is lent


def test_what_is_forgotten_is_learned_again() -> None:
    """What comes after reads the same; the counter is another."""
    counters = native_counters()
    assert counters
    content = json_file("tracetui", 1)
    before = told(read(OtlpJson(counters=counters), content))
    counter = counters.here(JSON)
    counters.forget()
    assert told(read(OtlpJson(counters=counters), content)) == before
    assert counters.here(JSON) is not counter
