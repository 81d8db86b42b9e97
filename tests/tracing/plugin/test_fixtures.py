"""Spans of fixtures: exactly timed, hung where they belong, billed to nobody who merely triggered them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tracing.recording import Record, run_pytest, spans_in, with_role, write_suite

SUITE = """
    import time
    import pytest

    @pytest.fixture(scope="session")
    def server():
        time.sleep(0.2)
        yield
        time.sleep(0.1)

    @pytest.fixture(scope="module")
    def schema(server):
        time.sleep(0.05)

    @pytest.fixture(params=["small", "x" * 500])
    def rows(schema, request):
        time.sleep(0.02)
        yield
        time.sleep(0.03)

    @pytest.fixture(scope="class")
    def _hidden():
        time.sleep(0.04)
        yield

    @pytest.fixture
    def late(request):
        request.getfixturevalue("second_server")

    @pytest.fixture(scope="session")
    def second_server():
        time.sleep(0.1)

    @pytest.mark.parametrize("n", [1])
    def test_rows(rows, n): pass

    def test_hidden(_hidden): pass

    def test_late(late): pass

    def setup_module(): time.sleep(0.01)
"""


def hooks(spans: list[Record], name: str) -> list[Record]:
    """The spans of that name, in the order in which they began."""
    found = [span for span in with_role(spans, "hook") if span.name == name]
    return sorted(found, key=lambda span: int(span.raw["startTimeUnixNano"]))


def only(spans: list[Record], name: str) -> Record:
    """The only one of that name."""
    (span,) = hooks(spans, name)
    return span


def phases(spans: list[Record], test: str, when: str) -> list[Record]:
    """A phase of all tests whose names begin so."""
    return [
        span
        for span in with_role(spans, "phase")
        if span.name == when and f"::{test}" in span.attributes["pytest.nodeid"]
    ]


@pytest.fixture(scope="module")
def spans(tmp_path_factory: pytest.TempPathFactory) -> list[Record]:
    directory = tmp_path_factory.mktemp("fixtures")
    write_suite(directory, test_all=SUITE)
    result = run_pytest(directory, "--tracetui")
    assert result.returncode == 0, result.stdout
    assert "faults" not in result.stdout
    return spans_in(directory / "spans")


def test_a_wide_fixture_hangs_below_the_suite(spans: list[Record]) -> None:
    """It has its scope, its own time without what it needs, and a link to the test that triggered it."""
    (suite,) = with_role(spans, "suite")
    tests = {test.id: test.name for test in with_role(spans, "test")}
    server, schema = only(spans, "server setup"), only(spans, "schema setup")
    assert {server.parent, schema.parent, only(spans, "server teardown").parent} == {suite.id}
    assert (server.attributes["tracetui.fixture.name"], server.attributes["tracetui.fixture.scope"]) == (
        "server",
        "session",
    )
    assert server.duration_ns >= 200_000_000
    assert schema.duration_ns >= 50_000_000
    assert int(server.raw["endTimeUnixNano"]) <= int(schema.raw["startTimeUnixNano"])
    (link,) = server.raw["links"]
    assert tests[link["spanId"]] == "test_all.py::test_rows[small-1]"
    (link,) = only(spans, "server teardown").raw["links"]
    assert tests[link["spanId"]] == "test_all.py::test_late"


def test_no_test_pays_for_a_wide_fixture(spans: list[Record]) -> None:
    """A phase says how much of it went to wide fixtures, each moment once: shown, hidden or nested."""
    first, second = phases(spans, "test_rows", "setup")
    wide = [only(spans, f"{name} setup").duration_ns for name in ("server", "schema", "setup_module")]
    assert sum(wide) <= first.attributes["tracetui.phase.billed_ns"] <= first.duration_ns
    assert "tracetui.phase.billed_ns" not in second.attributes
    (hidden,) = phases(spans, "test_hidden", "setup")
    assert hidden.attributes["tracetui.phase.billed_ns"] >= 40_000_000
    (late,) = phases(spans, "test_late", "setup")
    nested = only(spans, "second_server setup")
    assert nested.duration_ns <= late.attributes["tracetui.phase.billed_ns"] <= late.duration_ns
    (end,) = phases(spans, "test_late", "teardown")
    assert end.attributes["tracetui.phase.billed_ns"] >= only(spans, "server teardown").duration_ns


def test_a_fixture_of_a_test_hangs_below_its_phase(spans: list[Record]) -> None:
    """Its set-up below setup, its teardown below teardown, with the parameter, cut short where it is long."""
    setups, teardowns = hooks(spans, "rows setup"), hooks(spans, "rows teardown")
    assert [each.parent for each in setups] == [phase.id for phase in phases(spans, "test_rows", "setup")]
    assert [each.parent for each in teardowns] == [
        phase.id for phase in phases(spans, "test_rows", "teardown")
    ]
    assert all(each.duration_ns >= 20_000_000 for each in setups)
    assert all(each.duration_ns >= 30_000_000 for each in teardowns)
    assert setups[0].attributes["tracetui.fixture.param"] == "'small'"
    assert 0 < len(setups[1].attributes["tracetui.fixture.param"]) <= 200


def test_only_what_is_a_fixture_is_one(spans: list[Record]) -> None:
    """Parameters are none, a fixture without teardown has none, and old style is called by its name."""
    names = {span.attributes.get("tracetui.fixture.name") for span in with_role(spans, "hook")}
    assert names - {None} == {"server", "schema", "rows", "late", "second_server", "setup_module"}
    assert hooks(spans, "schema teardown") == []


def test_hidden_fixtures_are_shown_on_request(tmp_path: Path) -> None:
    """With the ini option `tracetui_hidden_fixtures`, names that begin with _ are there too."""
    write_suite(tmp_path, test_all=SUITE)
    run_pytest(tmp_path, "--tracetui", "-k", "hidden", "-o", "tracetui_hidden_fixtures=true")
    assert only(spans_in(tmp_path / "spans"), "_hidden setup").duration_ns >= 40_000_000


def test_a_fixture_that_fails_is_marked(tmp_path: Path) -> None:
    """In set-up and in teardown, without telling the exception twice; one that skips is not bad."""
    suite = """
        import pytest
        @pytest.fixture
        def bad(): raise ValueError("no")
        @pytest.fixture
        def leaky():
            yield
            raise OSError("leak")
        @pytest.fixture
        def innocent(): yield
        @pytest.fixture(scope="module")
        def absent(): pytest.skip("not here")
        def test_bad(bad): pass
        def test_leaky(innocent, leaky): pass
        def test_absent(absent): pass
        def test_absent_too(absent): pass
    """
    write_suite(tmp_path, test_all=suite)
    run_pytest(tmp_path, "--tracetui")
    spans = spans_in(tmp_path / "spans")
    bad, leaky = only(spans, "bad setup"), only(spans, "leaky teardown")
    assert (bad.status, bad.raw["status"]["message"]) == (2, "ValueError: no")
    assert (leaky.status, leaky.attributes["error.type"]) == (2, "OSError")
    assert only(spans, "innocent teardown").status == 1
    absent = only(spans, "absent setup")
    assert (absent.status, absent.attributes["pytest.outcome"]) == (1, "skipped")
    assert sum(len(span.exceptions) for span in spans) == 2


def test_a_fixture_of_a_worker_hangs_below_the_worker(tmp_path: Path) -> None:
    """Under xdist each worker has its own session."""
    write_suite(tmp_path, test_all=SUITE)
    run_pytest(tmp_path, "--tracetui", "-n", "2")
    spans = spans_in(tmp_path / "spans")
    workers = {worker.id for worker in with_role(spans, "worker")}
    assert {span.parent for span in hooks(spans, "server setup")} <= workers


def test_what_a_wide_fixture_starts_is_no_tests(tmp_path: Path) -> None:
    """Attached, context and `TRACEPARENT` are the fixture's while it is set up, the test's again after."""
    suite = """
        import os, pytest
        from opentelemetry import trace
        def seen(): return trace.get_current_span().name, os.environ["TRACEPARENT"].split("-")[2]
        @pytest.fixture(scope="session")
        def server(): print("\\nseen", *seen()); yield; print("\\nseen", *seen())
        def test_one(server): print("\\nseen", *seen())
    """
    write_suite(tmp_path, test_all=suite)
    result = run_pytest(tmp_path, "--tracetui", "-s", "-o", "tracetui_context=attach")
    spans = spans_in(tmp_path / "spans")
    seen = [line.removeprefix("seen ") for line in result.stdout.splitlines() if line.startswith("seen")]
    assert seen == [
        f"server setup {only(spans, 'server setup').id}",
        f"call {with_role(spans, 'test')[0].id}",
        f"server teardown {only(spans, 'server teardown').id}",
    ]
