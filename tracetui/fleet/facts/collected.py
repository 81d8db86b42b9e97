"""Facts of spans that a Collector wrote: `roles.spans_of_tests` joined, with the columns of `schema.FACTS`.

The own time of a test is computed from its children and those of its phases, as `analysis.time` does for a
recording. Deeper spans are ignored, and spans of the application are not counted.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tracetui.analysis.ranking.rank_keys import AFTER_TEST, BEFORE_TEST
from tracetui.fleet.schema import FACTS
from tracetui.fleet.store.conform import conform

if TYPE_CHECKING:
    import ibis

SPAN = ("trace", "span")
"""What tells one span from another."""
_HOOKS = ("hook", "fixture", "archiver")
_OF_JOB = (
    *("run", "attempt", "repository", "branch", "revision", "pipeline", "task", "variant", "request"),
    *("runner", "image", "owner", "cores"),
)
_AS_IT_IS = ("ts", "start_ns", "date", "trace", "span", "parent", "worker", *_OF_JOB)
_TOOK = ("own_ns", "total_ns", "setup_ns", "teardown_ns", "hook_ns", "archive_ns")


def facts(spans: "ibis.Table") -> "ibis.Table":
    """The facts in the result of `roles.spans_of_tests`. The Collector delivers each at least once."""
    return facts_of(nullable(spans).distinct(on=list(SPAN), keep="first"))


def facts_of(
    once: "ibis.Table", keep: "Callable[[str, ibis.Table], ibis.Table]" = lambda _, table: table
) -> "ibis.Table":
    """The same, if each span is there once and all columns are `nullable`.

    Parts that are mentioned several times go through `keep`, with a name, which may store them.
    """
    import ibis

    hosts = _hosts(once)
    tests = keep("tests", _with_inside(once.filter(once.role == "test"), once, hosts))
    rows = [
        _attempts(tests),
        _derived(tests, "before", BEFORE_TEST),
        _derived(tests, "after", AFTER_TEST),
        _others(once, tests, hosts),
    ]
    boxes = keep("boxes", _boxes(once))
    return conform(_named(ibis.union(*rows), once, boxes), FACTS)


def nullable(table: "ibis.Table") -> "ibis.Table":
    """A table with columns that may all be null: some engines know of some that they never are, and then have
    two types for what is one.
    """
    return table.cast({name: kind.copy(nullable=True) for name, kind in table.schema().items()})


def _hosts(spans: Any) -> Any:
    """By phase, its test."""
    phases = spans.filter(spans.role == "phase")
    return phases.select("trace", phase="span", host="parent")


def _with_inside(tests: Any, spans: Any, hosts: Any) -> Any:
    """Tests, with the sums of what is inside each; 0 if there is nothing."""
    import ibis

    inner = spans.filter(spans.role.isin(("phase", *_HOOKS)))
    inner = inner.left_join(
        hosts, (inner.trace == hosts.trace) & (inner.parent == hosts.phase), rname="host_{name}"
    )
    inner = inner.mutate(test=ibis.coalesce(inner.host, inner.parent), in_phase=inner.host.notnull())
    is_phase, is_archiver = inner.role == "phase", inner.role == "archiver"
    billed = ~is_phase & (inner.is_own == 0)
    sums = inner.group_by("trace", "test").agg(
        phase_ns=_sum(inner.total_ns - inner.billed_ns, is_phase),
        whole_phase_ns=_sum(inner.total_ns, is_phase),
        phases=is_phase.sum().fill_null(0).cast("int64"),
        phase_start_ns=inner.start_ns.min(where=is_phase),
        hook_ns=_sum(inner.total_ns, billed & ~is_archiver),
        archive_ns=_sum(inner.total_ns, billed & is_archiver),
        inside_ns=_sum(inner.total_ns, billed & inner.in_phase),
        setup_ns=_sum(inner.total_ns, inner.is_setup == 1),
        teardown_ns=_sum(inner.total_ns, inner.is_teardown == 1),
    )
    joined = tests.left_join(
        sums, (tests.trace == sums.trace) & (tests.span == sums.test), rname="sum_{name}"
    )
    return _own(joined)


def _sum(values: Any, where: Any) -> Any:
    return values.sum(where=where).fill_null(0).cast("int64")


def _own(joined: Any) -> Any:
    import ibis

    def told(name: str) -> Any:
        return joined[name].fill_null(0).cast("int64")

    has_phases = told("phases") > 0
    wrapper, total = joined.is_wrapper == 1, joined.total_ns
    alone = ibis.ifelse(wrapper, 0, total) - told("hook_ns") - told("archive_ns")
    own = ibis.ifelse(has_phases, told("phase_ns") - told("inside_ns"), alone)
    derived = wrapper & has_phases
    before = ibis.ifelse(derived, ibis.greatest(joined.phase_start_ns - joined.start_ns, 0), 0)
    gaps = ibis.ifelse(derived, total - told("whole_phase_ns") - told("archive_ns"), 0)
    after = ibis.greatest(gaps - before, 0)
    return joined.mutate(
        own_ns=ibis.greatest(own, 0).cast("int64"),
        before_ns=before.fill_null(0).cast("int64"),
        after_ns=after.fill_null(0).cast("int64"),
        has_derived=derived.cast("int64"),
        setup_ns=(told("setup_ns") + before.fill_null(0)).cast("int64"),
        teardown_ns=(told("teardown_ns") + after.fill_null(0)).cast("int64"),
        hook_ns=(told("hook_ns") + before.fill_null(0) + after.fill_null(0)).cast("int64"),
        archive_ns=told("archive_ns"),
    )


def _rows(rows: Any, **columns: Any) -> Any:
    """Rows of facts; `box` is the suite, or the worker in one, that a row belongs to."""
    import ibis

    nothing = {name: ibis.literal(0, type="int64") for name in (*_TOOK, "reruns")}
    nothing["cpu_ns"] = ibis.null("int64")
    rest = {name: columns.get(name, nothing[name]) for name in nothing}
    texts = {name: columns[name] for name in ("role", "test", "hook", "outcome", "box")}
    whole = {name: columns.get(name, rows[name]) for name in _AS_IT_IS}
    return rows.select(**whole, **texts, **rest)


def _attempts(tests: Any) -> Any:
    """All attempts at a test as one row: a row begins after a last attempt."""
    import ibis

    # Engines sort for this: they get the columns that it takes, and not all.
    each = tests.select(*SPAN, "title", "start_ns", "is_again", "outcome", "cpu_ns", *_TOOK)
    order = {"group_by": [each.trace, each.title], "order_by": [each.start_ns, each.span]}
    before = each.is_again.lag().over(ibis.window(**order)).fill_null(0)
    marked = each.mutate(is_first=(before != 1).cast("int64"))
    so_far = ibis.window(
        group_by=[marked.trace, marked.title],
        order_by=[marked.start_ns, marked.span],
        preceding=None,
        following=0,
    )
    numbered = marked.mutate(number=marked.is_first.sum().over(so_far))
    ended = ibis.ifelse(numbered.is_again == 1, "cut_off", numbered.outcome)
    sums = numbered.group_by("trace", "title", "number").agg(
        first=numbered.span.min(where=numbered.is_first == 1),
        attempts=numbered.count().cast("int64"),
        last=ended.argmax(numbered.start_ns),
        cpu=numbered.cpu_ns.sum().cast("int64"),
        **{f"all_{name}": numbered[name].sum().cast("int64") for name in _TOOK},
    )
    attempts = tests.join(
        sums, (tests.trace == sums.trace) & (tests.span == sums["first"]), rname="sum_{name}"
    )
    return _rows(
        attempts,
        role=ibis.literal("test"),
        test=attempts.title,
        hook=ibis.literal(""),
        outcome=attempts.last,
        box=attempts.parent,
        cpu_ns=attempts.cpu,
        reruns=(attempts.attempts - 1).cast("int64"),
        **{name: attempts[f"all_{name}"] for name in _TOOK},
    )


def _derived(tests: Any, word: str, name: str) -> Any:
    """The time of a wrapper before or after the test proper; it is dated as the test is."""
    import ibis

    wrapped = tests.filter(tests.has_derived == 1)
    took = wrapped[f"{word}_ns"]
    start = wrapped.start_ns if word == "before" else wrapped.start_ns + wrapped.total_ns - took
    return _rows(
        wrapped,
        start_ns=start.cast("int64"),
        span=wrapped.span + f"/{word}",
        parent=wrapped.span,
        role=ibis.literal("hook"),
        test=wrapped.title,
        hook=ibis.literal(name),
        outcome=ibis.literal("unknown"),
        box=wrapped.parent,
        own_ns=took,
        total_ns=took,
    )


def _others(spans: Any, tests: Any, hosts: Any) -> Any:
    """Hooks, fixtures, archivers and suites."""
    import ibis

    others = spans.filter(spans.role.isin((*_HOOKS, "suite")))
    others = others.left_join(
        hosts, (others.trace == hosts.trace) & (others.parent == hosts.phase), rname="host_{name}"
    )
    others = others.mutate(in_test=ibis.coalesce(others.host, others.parent))
    named = tests.select("trace", test_span="span", test_title="title", test_box="parent")
    others = others.left_join(
        named, (others.trace == named.trace) & (others.in_test == named.test_span), rname="test_{name}"
    )
    is_suite = others.role == "suite"
    return _rows(
        others,
        role=others.role,
        test=others.test_title.fill_null(""),
        hook=ibis.ifelse(is_suite, "", others.title),
        outcome=others.outcome,
        box=ibis.ifelse(is_suite, others.span, ibis.coalesce(others.test_box, others.parent)),
        cpu_ns=others.cpu_ns,
        own_ns=others.total_ns,
        total_ns=others.total_ns,
    )


def _named(rows: Any, spans: Any, boxes: Any) -> Any:
    """Rows with their suite, the file of tests, and the number of workers: suites of one trace, which mostly
    follow each other, share these.
    """
    import ibis

    named = rows.left_join(boxes, (rows.trace == boxes.trace) & (rows.box == boxes.box), rname="box_{name}")
    shared = spans.group_by("trace").agg(
        told=spans.workers.max(where=spans.role == "suite").fill_null(0),
        seen=spans.worker.nunique(where=spans.worker != "").fill_null(0),
    )
    named = named.left_join(shared, named.trace == shared.trace, rname="shared_{name}")
    jobs = ibis.ifelse(named.told > 0, named.told, ibis.greatest(named.seen, 1))
    return named.mutate(
        suite=named.suite.fill_null(""),
        file=named.test.split("::")[0],
        jobs=jobs.cast("float64"),
        run=ibis.ifelse(named.run == "", named.trace, named.run),
    )


def _boxes(spans: Any) -> Any:
    """Suites, their children that are not tests, and the children of these: each with its suite."""
    import ibis

    suites = spans.filter(spans.role == "suite").select("trace", box="span", suite="title")
    inner = spans.filter(spans.role.isin(("worker", "hook"))).select("trace", "parent", inner="span")

    def inside(boxes: Any) -> Any:
        nested = inner.join(boxes, (inner.trace == boxes.trace) & (inner.parent == boxes.box))
        return nested.select("trace", box="inner", suite="suite")

    once = inside(suites)
    return ibis.union(suites, once, inside(once))
