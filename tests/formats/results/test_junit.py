"""JUnit XML in its dialects: suites, tests, attempts, how long each took, and what is known of when."""

import pytest

from tests.builders import MS, S
from tests.formats.results.reading import in_full, is_timed, junit, outcomes, said, sample
from tracetui.formats.results.seconds import seconds_ns
from tracetui.formats.times import start_time
from tracetui.model.kind import Kind
from tracetui.model.role import Outcome, Role

CASE = '<testsuite name="s"><testcase name="t" classname="c" {}>{}</testcase></testsuite>'


def test_pytest() -> None:
    """Its outcomes, `xfail` too, and failures with message and stack; no test has a place in time."""
    batch, spans = sample("pytest-9.2.0.xml", junit)
    assert outcomes(batch) == [
        ("test_a.TestDepot::test_opens", "passed", 52 * MS),
        ("test_a.TestDepot::test_closes[blue door]", "failed", MS),
        ("test_a.TestDepot::test_closes[red]", "passed", MS),
        ("test_a::test_expected", "xfailed", 0),
        ("test_a::test_error", "error", 0),
        ("test_a::test_skipped", "skipped", 0),
    ]
    assert outcomes(batch, Role.SUITE) == [("pytest", "failed", 295 * MS)]
    assert is_timed(batch) == {False}
    assert set(batch.start_ns) == {start_time("2026-11-30T09:39:24.303352+00:00")}
    (raised,) = spans["test_a.TestDepot::test_closes[blue door]"][0].events
    assert said(raised, "exception.message").startswith("AssertionError: assert 'blue door' == 'red'\n")
    assert said(raised, "exception.stacktrace").endswith("test_a.py:7: AssertionError")
    assert spans["test_a::test_skipped"][0].attributes["test.case.result.reason"] == "no crane"
    assert spans["pytest"][0].attributes["hostname"] == "ci-1"


def test_pytest_with_files() -> None:
    """With `junit_family=xunit1` tests have the names that pytest gives them, and what they printed."""
    batch, spans = sample("pytest-9.2.0-xunit1.xml", junit)
    assert "test_a.py::TestDepot::test_closes[blue door]" in batch.title
    assert "test_a.py::test_skipped" in batch.title
    (red,) = spans["test_a.py::TestDepot::test_closes[red]"]
    assert "printed red" in said(red.events[0], "body")
    assert red.events[0].attributes["log.iostream"] == "stdout"
    assert (red.attributes["code.file.path"], red.attributes["code.line.number"]) == ("test_a.py", 3)


def test_jest_vitest_and_node() -> None:
    """Class names that say nothing, or all; suites in suites, and tests beside them."""
    batch, spans = sample("jest-junit-17.0.0.xml", junit)
    assert outcomes(batch)[:2] == [
        ("depot opens", "passed", 36 * MS),
        ("depot closes <late> & loud", "failed", 14 * MS),
    ]
    message = said(spans["depot closes <late> & loud"][0].events[0], "exception.message")
    assert message == "Error: expect(received).toBe(expected) // Object.is equality"
    batch, _ = sample("vitest-4.1.12.xml", junit)
    assert "t/depot.test.js::depot > closes <late> & loud" in batch.title
    batch, _ = sample("node-20.20.2.xml", junit)
    titles = [title for title, _, _ in outcomes(batch)]
    assert titles == ["depot::opens", "depot::closes", "depot::is painted", "yard::grows", "alone", "todo"]
    parents = dict(zip(batch.title, batch.parent_span_id, strict=True))
    ids = dict(zip(batch.title, batch.span_id, strict=True))
    assert (parents["yard::grows"], parents["yard"], parents["alone"]) == (ids["yard"], ids["depot"], "")


def test_surefire_runs_again() -> None:
    """What was run again has an attempt for each, the last of them counts; thousands are separated."""
    batch, spans = sample("surefire.xml", junit)
    test = "com.example.DepotTest::"
    assert outcomes(batch) == [
        (f"{test}opens", "passed", 1234 * S + 500 * MS),
        (f"{test}closes", "rerun", 750 * MS),
        (f"{test}closes", "failed", 250 * MS),
        (f"{test}grows", "rerun", 0),
        (f"{test}grows", "rerun", 0),
        (f"{test}grows", "passed", 500 * MS),
        (f"{test}isPainted", "skipped", 0),
        (f"{test}isSold", "error", MS),
    ]
    first, last = spans[f"{test}closes"]
    assert "but was: <blue>" in said(first.events[0], "exception.stacktrace")
    assert "but was: <green>" in said(last.events[0], "exception.stacktrace")
    assert said(last.events[1], "body") == "closing again"
    small, yard, passed = spans[f"{test}grows"]
    assert [event.attributes.get("exception.message") for event in small.events] == ["too small"]
    assert [event.attributes.get("exception.type") for event in yard.events] == ["java.io.IOException"]
    assert [said(event, "body") for event in passed.events] == ["grown at last"]
    assert spans["com.example.DepotTest"][0].attributes["java.version"] == "21.0.4"


def test_bazel_and_playwright() -> None:
    """A wrapper without a name is no suite; properties, and values in CDATA."""
    batch, spans = sample("bazel.xml", junit)
    assert outcomes(batch) == [("depot/depot_test", "error", 3 * S)]
    assert batch.role.count(Role.SUITE) == 1
    batch, spans = sample("playwright.xml", junit)
    (closes,) = spans["depot.spec.ts::depot › closes"]
    assert closes.attributes["issue"] == "DEPOT-7"
    assert "Error: expect(locator)" in said(closes.events[0], "exception.stacktrace")
    assert batch.outcome.count(Outcome.SKIPPED) == 1


def test_tests_with_times_of_their_own_have_a_place_in_time() -> None:
    """GoogleTest and nextest say when each test began: there nothing is unknown."""
    batch, _ = sample("googletest.xml", junit)
    starts = dict(zip(batch.title, batch.start_ns, strict=True))
    assert starts["DepotTest::Closes"] == start_time("2026-11-29T08:00:00.161Z")
    assert is_timed(batch) == {True}
    assert ("DepotTest::DISABLED_Paints", "skipped", 0) in outcomes(batch)
    batch, _ = sample("nextest.xml", junit)
    assert is_timed(batch) == {True}
    again = [
        (outcome, start)
        for title, outcome, start in zip(batch.title, batch.outcome, batch.start_ns, strict=True)
        if title == "depot::yard::opens"
    ]
    began = start_time("2026-11-29T11:48:05.126Z")
    assert again == [(Outcome.RERUN, began), (Outcome.PASSED, began + 399 * MS)]
    closes = batch.title.index("depot::yard::closes") + 1
    assert batch.facts[closes].timed_out
    assert batch.end_ns[batch.title.index("depot::yard")] == began + 499 * MS


@pytest.mark.parametrize("stamps", [
    ("2026-11-29T08:00:00", "2026-11-29T08:00:01"),  # Rounded to seconds.
    ("2026-11-29T08:00:00.5", "2026-11-29T08:00:00.5"),  # That of the suite.
    ("2026-11-29T08:00:00.5", ""),
    ("2026-11-29T08:00:00.5", "yesterday"),
])  # fmt: skip
def test_times_that_are_no_starts_are_none(stamps: tuple[str, str]) -> None:
    """Only if every test has one of its own, to the fraction of a second, do times say when tests ran."""
    cases = (f'<testcase name="t{stamp}" time="1" timestamp="{stamp}"/>' for stamp in stamps)
    batch = junit(f"<testsuite>{''.join(cases)}</testsuite>")
    assert is_timed(batch) == {False}
    assert len(set(batch.start_ns)) == 1


def test_without_a_date_spans_begin_near_zero() -> None:
    """As documents without an epoch do: nothing is told from them."""
    batch = junit('<testsuite name="s" time="3"><testcase name="a" time="1"/></testsuite>')
    assert [(title, end - start) for title, start, end in zip(batch.title, batch.start_ns, batch.end_ns,
            strict=True)] == [("s", 3 * S), ("s::a", S)]  # fmt: skip
    assert set(batch.start_ns) == {1000}


@pytest.mark.parametrize(("text", "ns"), [
    ("0.25", 250 * MS), ("1,234.5", 1234 * S + 500 * MS), ("1,234", 1234 * S), ("0,125", 125 * MS),
    ("3,5", 3 * S + 500 * MS), ("1,234,567.0", 1_234_567 * S), ("3e-05", 30_000), ("2s", 2 * S), (" 1 ", S),
    (".5", 500 * MS), ("1.", S), ("0", 0), ("0.0000000001", 0),
])  # fmt: skip
def test_durations_as_writers_spell_them(text: str, ns: int) -> None:
    """Seconds, with a point or a comma, with thousands apart, as floats are printed."""
    assert seconds_ns(text) == ns


@pytest.mark.parametrize("text", [
    "", "-1", "NaN", "inf", "1e99", "1e999999999", "soon", "1:30", "٣", "0x10", "9" * 50
])  # fmt: skip
def test_what_is_no_duration(text: str) -> None:
    """None of it is taken for one; where it stands in a document it is counted."""
    assert seconds_ns(text) is None
    batch = junit(f'<testsuite name="s"><testcase name="t" time="{text}"/></testsuite>')
    assert outcomes(batch) == [("s::t", "passed", 0)]
    assert [problem.kind for problem in batch.noted] == ([Kind.WRONG_TYPE] if text else [])


@pytest.mark.parametrize(("inside", "attributes", "outcome"), [
    ("", "", "passed"), ("<skipped/>", "", "skipped"), ("<failure/><error/>", "", "error"),
    ("<failure/><skipped/>", "", "failed"), ("<system-out><failure/></system-out>", "", "passed"),
    ("", 'status="notrun"', "skipped"), ("", 'result="suppressed"', "skipped"),
    ("", 'status="run"', "passed"), ("<rerunFailure/><rerunError/>", "", "error"),
    ("<disabled/>", "", "skipped"), ('<skipped type="pytest.xfail"/>', "", "xfailed"),
])  # fmt: skip
def test_how_a_test_ended(inside: str, attributes: str, outcome: str) -> None:
    """By its elements, the worst of which counts, or by what an attribute says."""
    assert outcomes(junit(CASE.format(attributes, inside)))[-1][1] == outcome


def test_suites_in_suites_fail_with_what_is_in_them() -> None:
    """And by themselves: an error of a suite is nobody else's."""
    batch = junit(
        '<testsuites name="all"><testsuite name="a"><testsuite name="b"><testcase name="t"><failure/>'
        '</testcase></testsuite></testsuite><testsuite name="c"><error/><testcase name="u"/></testsuite>'
        '<testsuite name="d"><testcase name="v"><skipped/></testcase></testsuite></testsuites>'
    )
    assert [(title, outcome) for title, outcome, _ in outcomes(batch, Role.SUITE)] == [
        ("all", "failed"), ("a", "failed"), ("b", "failed"), ("c", "failed"), ("d", "skipped")
    ]  # fmt: skip


def test_names_that_are_missing() -> None:
    """Whatever is left stands for them."""
    batch = junit('<testsuite><testcase classname="c"/><testcase/></testsuite>')
    assert batch.title == ["(no name)", "c", "(no name)"]


def test_several_documents_in_one_file() -> None:
    """As `cat` leaves them: each is one of its own."""
    one = '<?xml version="1.0"?>\n<testsuite name="{0}"><testcase name="t{0}"/></testsuite>\n'
    data = one.format("a") + one.format("b")
    batch = junit(data)
    assert [title for title in batch.title if "::" in title] == ["a::ta", "b::tb"]
    assert len(set(batch.trace_id)) == 2
    assert (batch.rejected, batch.torn) == ([], [])
    assert list(in_full(data, batch)) == ["a", "a::ta", "b", "b::tb"]


def test_other_encodings_and_illegal_characters() -> None:
    """Latin-1 if it is declared; control characters and broken UTF-8 cost nothing but themselves."""
    latin = '<?xml version="1.0" encoding="ISO-8859-1"?><testsuite name="é"><testcase name="ü"/></testsuite>'
    batch = junit(latin.encode("latin-1"))
    assert batch.title == ["é", "é::ü"]
    assert "é::ü" in in_full(latin.encode("latin-1"), batch)
    data = (
        b'<testsuite name="s"><testcase name="a\x1b\xff\xc3">'
        b"<failure>\x00\xed\xa0\x80</failure></testcase></testsuite>"
    )
    batch = junit(data)
    assert (batch.title, batch.torn) == (["s", "s::a???"], [])
    assert said(in_full(data, batch)["s::a???"][0].events[0], "exception.stacktrace") == "????"


@pytest.mark.parametrize(("told", "inside", "outcome"), [
    ('failures="3"', "", "failed"),
    ('tests="2" errors=" 1 "', '<testcase name="t"/>', "failed"),
    ('failures="0" errors="0"', '<testcase name="t"/>', "passed"),
    ('failures="many" errors="-1"', '<testcase name="t"/>', "passed"),
    ('failures="1"', '<testcase name="t"><flakyFailure/></testcase>', "passed"),
    ('failures="1"', '<testsuite name="in"><testcase name="t"/></testsuite>', "failed"),
])  # fmt: skip
def test_failures_that_are_told_and_not_listed(told: str, inside: str, outcome: str) -> None:
    """A suite that counts failures of which it shows none has failed."""
    batch = junit(f'<testsuite name="s" {told}>{inside}</testsuite>')
    assert {each[0]: each[1] for each in outcomes(batch, Role.SUITE)}["s"] == outcome
