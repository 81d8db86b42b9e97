"""What titles of tests have in common, from revision to revision the same as anew."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.builders import MS, T0, case, line, snapshot, span
from tracetui.analysis.counting.titles import Titles
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.store.table import SpanTable
from tracetui.text import NOTHING_SHARED, Shared, shared

NAMES = ("tests/a/x.py::t", "tests/a/y.py::t", "tests/b.py::test", "lib/z", "tests/a/x.py::t2", "tests/a/")


def test_only_tests_count() -> None:
    """What is no test has another title."""
    read = snapshot(line(span("other"), case("tests/a/x.py::one"), case("tests/a/y.py::two", start=T0 + MS)))
    assert Titles().shared(read) == Shared(len("tests/a/"), len("tests/a/x.py::one"))
    assert Titles().shared(snapshot(line(span("other")))) == NOTHING_SHARED


@settings(max_examples=examples(25))
@given(st.lists(st.lists(st.sampled_from(NAMES), max_size=4), max_size=6))
def test_it_grows_to_what_it_is_anew(revisions: list[list[str]]) -> None:
    """Tests come, and in another store others are instead."""
    titles, kept, store, all_ = Titles(), Titles(), SpanTable(), list[str]()
    store.add_source("source")
    for revision, names in enumerate(revisions):
        tests = [
            case(name, start=T0 + place * MS, trace=f"{revision + 1:032x}")
            for place, name in enumerate(names)
        ]
        assert titles.shared(snapshot(line(*tests))) == shared(names)
        reader = OtlpJson()
        reader.feed(line(*tests))
        store.append(0, reader.take())
        all_ += names
        assert kept.shared(store.snapshot()) == shared(all_)
