"""Looking through bytes finds what decoding every span would find, in every format."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import T0, S, case, exception, line, span, start_record
from tests.scan.scanning import done, spans, told
from tracetui.ingest import Ingest, load
from tracetui.model.span import value_text
from tracetui.scan.attributes import AttributeScan
from tracetui.scan.texts import TextScan

DATA = Path(__file__).parents[1] / "data"
RECORDINGS = sorted(
    str(path)
    for folder in ("chrome", "dialects", "other", "resmoke")
    for path in (DATA / folder).iterdir()
    if "logs" not in path.name
)
KEYS = ("test.case.name", "http.method", "service.name", "resmoke.job", 'a "key"', "ключ/é", "nothing", "x")


@pytest.fixture(scope="module", params=RECORDINGS, ids=lambda path: Path(path).name)
def recording(request: pytest.FixtureRequest) -> Iterator[Ingest]:
    """Each of the sample recordings."""
    ingest = load([request.param])
    yield ingest
    ingest.close()


def test_attributes_of_samples(recording: Ingest) -> None:
    """A column holds what each span, decoded in full, says of the key, or else its resource."""
    snapshot = recording.table.snapshot()
    whole = spans(recording, snapshot)
    keys = dict.fromkeys(key for each in whole for key in (*each.attributes, *each.resource.attributes))
    for key in (*list(keys)[:6], *KEYS):
        expected = [{**each.resource.attributes, **each.attributes}.get(key, ...) for each in whole]
        wanted = [None if value is ... else value_text(value) for value in expected]
        assert told(recording, snapshot, key)[: len(whole)] == wanted, key


@pytest.mark.parametrize("needle", ["e", "Value", "1", "key"])
def test_texts_of_samples(recording: Ingest, needle: str) -> None:
    """A text is found where a span says it, and not where only an id, a time or a field's name has it."""
    snapshot = recording.table.snapshot()
    scan = TextScan(recording.read_at, needle)
    done(scan, snapshot)
    for row, each in enumerate(spans(recording, snapshot)):
        said = [each.status.message, *texts_of(each.attributes)]
        said += [text for event in each.events for text in (event.name, *texts_of(event.attributes))]
        said += [text for link in each.links for text in texts_of(link.attributes)]
        said = said if needle != needle.lower() else [text.lower() for text in said]
        assert bool(scan.matched[row]) == any(needle in text for text in said)


def texts_of(attributes: object) -> list[str]:
    """Keys and values."""
    assert isinstance(attributes, dict)
    return [text for key, value in attributes.items() for text in (key, value_text(value))]


TEXTS = st.text(st.sampled_from('ab"\\/é\n\ud83d🧪 '), max_size=4)


@given(
    st.lists(st.dictionaries(TEXTS, TEXTS | st.booleans() | st.integers(0, 9), max_size=3), max_size=8), TEXTS
)
def test_any_keys(
    tmp_path_factory: pytest.TempPathFactory, attributes: list[dict[str, object]], key: str
) -> None:
    """Keys that JSON has to escape are found however they are escaped."""
    made = [span(f"span {place}", told) for place, told in enumerate(attributes)]
    path = tmp_path_factory.mktemp("keys") / "run.jsonl"
    path.write_bytes(line(span("first"), *made, resource={}))
    ingest = load([str(path)])
    snapshot = ingest.table.snapshot()
    expected = [ingest.span(snapshot, row).attributes.get(key, ...) for row in range(len(snapshot))]
    wanted = [None if value is ... else value_text(value) for value in expected]
    assert told(ingest, snapshot, key) == wanted
    ingest.close()


def test_in_pieces(tmp_path: Path) -> None:
    """A scan that is given no time at all goes on from where it was, and says how far it is."""
    for number in range(3):
        made = [case(f"t{number}::{place}", start=T0 + place) for place in range(5)]
        (tmp_path / f"{number}.jsonl").write_bytes(line(*made))
    ingest = load([str(tmp_path)])
    scan = AttributeScan(ingest.read_at, "test.case.name")
    scan.update(ingest.table.snapshot())
    steps = [scan.done_bytes]
    while scan.step(0):
        steps.append(scan.done_bytes)
    assert len(steps) == 4
    assert steps == sorted(steps)
    assert sorted(scan.column.values) == [f"t{number}::{place}" for number in range(3) for place in range(5)]
    ingest.close()


def test_only_what_is_new(tmp_path: Path) -> None:
    """A newer revision costs only its new and changed spans: an ended span is looked at again."""
    path = tmp_path / "run.jsonl"
    begun = span("begun", {"x": "early"}, start=T0)
    path.write_bytes(line(span("first", {"x": "one"})) + start_record({**begun, "endTimeUnixNano": "0"}))
    ingest = Ingest([str(tmp_path)], follow=True)
    read(ingest)
    scan = AttributeScan(ingest.read_at, "x")
    done(scan, ingest.table.snapshot())
    assert scan.column.values == ["one", "early"]
    with path.open("ab") as file:
        file.write(line(span("begun", {"x": "late"}, start=T0, end=T0 + S), span("last")))
    read(ingest)
    snapshot = ingest.table.snapshot()
    scan.update(snapshot)
    assert scan.total_bytes == int(snapshot.length[1:].sum())
    done(scan, snapshot)
    assert [scan.column.values[number] for number in scan.column.ids[:2]] == ["one", "late"]
    assert scan.column.ids[2] == -1
    ingest.close()


def read(ingest: Ingest) -> None:
    """Everything there is now."""
    ingest.sweep()
    while ingest.step():
        pass


def test_bytes_that_are_gone(tmp_path: Path) -> None:
    """What cannot be read back has no attribute, and stops nothing."""
    path = tmp_path / "run.jsonl"
    path.write_bytes(line(case("a", end=T0 + S) | {"events": [exception()]}))
    ingest = load([str(path)])
    path.write_bytes(b"x" * 10_000)
    snapshot = ingest.table.snapshot()
    assert told(ingest, snapshot, "test.case.name") == [None]
    ingest.close()
