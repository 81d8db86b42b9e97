"""Spans of the Collector's table as a narrow relation: the role of each in a test run, judged alone.

Of the dialects of `model.rules` it knows ours, resmoke's and OpenTelemetry's conventions. A span is judged
alone, so that a materialised view can do it as spans come in; `collected` joins them.
"""

from typing import TYPE_CHECKING, Any

from tracetui.fleet.facts.attributes import Told, number
from tracetui.fleet.schema import SPANS_OF_TESTS
from tracetui.fleet.store.conform import conform
from tracetui.model.clues import JOINTS, WORDS
from tracetui.model.role import Outcome, Role
from tracetui.model.rules import RESMOKE

if TYPE_CHECKING:
    import ibis

CPU_KEY = "tracetui.cpu_ns"
_KNOWN = ("suite", "worker", "test", "phase", "hook", "archiver")
_ERROR, _OK = ("Error", "STATUS_CODE_ERROR"), ("Ok", "STATUS_CODE_OK")
"""As newer and older exporters spell them."""


def spans_of_tests(spans: "ibis.Table") -> "ibis.Table":
    """The spans that have a role in a test run, flat.

    `role` may be `worker` and `phase` here. `is_wrapper` marks a test around its phases and hooks, `is_own` a
    hook whose time is its test's, `is_again` an attempt that was not the last, `is_setup` and `is_teardown`
    phases. Spans that end before they begin, after a clock was set back, are left out.
    """
    import ibis

    attributes, is_resmoke = Told(spans), spans.ScopeName == "resmoke"
    role = _role(spans, attributes, is_resmoke)
    scope, when = attributes.of_span("tracetui.fixture.scope"), attributes.of_span("tracetui.hook.when")
    fixture = (role == "hook") & ((scope != "") | when.isin(("setup", "teardown", "start", "stop")))
    flat = spans.select(
        ts=spans.Timestamp,
        start_ns=spans.StartTimeUnixNano,
        date=spans.date,
        trace=spans.TraceId,
        span=spans.SpanId,
        parent=spans.ParentSpanId,
        role=ibis.ifelse(fixture, "fixture", role),
        title=_title(role, attributes, spans.SpanName),
        outcome=_outcome(role, attributes, spans.StatusCode, is_resmoke),
        total_ns=spans.Duration.cast("int64"),
        cpu_ns=attributes.of_span(CPU_KEY).nullif("").try_cast("int64"),
        billed_ns=number(attributes.of_span("tracetui.phase.billed_ns")),
        workers=number(attributes.of_span("suite_num_jobs_to_start")),
        worker=attributes.of_span("pytest.xdist.worker"),
        is_wrapper=(is_resmoke & (role == "test")).cast("int64"),
        is_own=(scope == "function").cast("int64"),
        is_again=(attributes.of_span("test.case.result.final") == "false").cast("int64"),
        is_setup=((role == "phase") & spans.SpanName.endswith("setup")).cast("int64"),
        is_teardown=((role == "phase") & spans.SpanName.endswith("teardown")).cast("int64"),
        **attributes.job(),
    )
    known = flat.filter(flat.role.isin((*_KNOWN, "fixture")) & (flat.total_ns >= 0))
    return conform(known, SPANS_OF_TESTS)


def _role(spans: Any, attributes: Told, is_resmoke: Any) -> Any:
    """Its role; fixtures are hooks here."""
    import ibis

    ours, case, suite = (
        attributes.of_span(key) for key in ("tracetui.span.role", "test.case.name", "test.suite.name")
    )
    of_resmoke = spans.SpanName.cases(*((name, role.label) for name, role in RESMOKE.items()), else_="")
    semconv = ibis.cases((case != "", "test"), (suite != "", "suite"), else_="")
    return ibis.cases((ours != "", ours), (is_resmoke, of_resmoke), else_=semconv)


def _title(role: Any, attributes: Told, name: Any) -> Any:
    """See `model.rules.test_name`, and the names of suites."""
    import ibis

    suite, case = attributes.of_span("test.suite.name"), attributes.of_span("test.case.name")
    stands_before = (case + ".").startswith(suite + JOINTS[0])
    for joint in JOINTS[1:]:
        stands_before = stands_before | (case + ".").startswith(suite + joint)
    joined = ibis.ifelse((suite == "") | (case == "") | stands_before, case, suite + "::" + case)
    test = ibis.coalesce(
        joined.nullif(""),
        attributes.of_span("pytest.nodeid", "test_long_name", "tests.name").nullif(""),
        name,
    )
    named = attributes.of_span("test.suite.name", "suite_display_name", "suite_name")
    return ibis.cases((role == "test", test), ((role == "suite") & (named != ""), named), else_=name)


def _outcome(role: Any, attributes: Told, status: Any, is_resmoke: Any) -> Any:
    import ibis

    by_status = ibis.cases((status.isin(_ERROR), "failed"), (status.isin(_OK), "passed"), else_="unknown")
    words = [(word, outcome.label) for word, outcome in WORDS.items() if outcome is not Outcome.RUNNING]
    told_ones = (
        attributes.of_span(key).cases(*words, else_=ibis.null("string"))
        for key in ("pytest.outcome", "test.case.result.status", "test.suite.run.status")
    )
    by_word = ibis.coalesce(*told_ones, by_status)
    is_failed_exit = ~attributes.of_span("pytest.exitstatus").isin(("", "0", "5"))
    bad = by_word.isin([outcome.label for outcome in Outcome if outcome.bad])
    of_suite = ibis.ifelse(
        ~bad & (is_failed_exit | (status.isin(_ERROR) & (by_word == "passed"))), "failed", by_word
    )
    code, ended = attributes.of_span("suite_return_code"), attributes.of_span("suite_return_status")
    of_resmoke_suite = ibis.cases(
        ((code == "0") & (ended == "skipped"), "skipped"),
        (code == "0", "passed"),
        (code == "1", "failed"),
        ((code != "") | status.isin(_ERROR), "error"),
        else_="unknown",
    )
    is_suite = role == Role.SUITE.label
    return ibis.cases(
        (is_suite & is_resmoke, of_resmoke_suite),
        (is_resmoke, by_status),
        (is_suite, of_suite),
        else_=by_word,
    )
