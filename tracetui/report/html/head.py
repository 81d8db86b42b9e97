"""The top of a page: the verdict, what qualifies it, a few figures, and what to look at first."""

from collections.abc import Iterator

from tracetui import units
from tracetui.analysis.lanes.sums import sums
from tracetui.analysis.runs.runs import ALL
from tracetui.model.role import Outcome
from tracetui.report.deciding import advise as advice_report
from tracetui.report.deciding import compare as compare_report
from tracetui.report.drawing.style import MARKS
from tracetui.report.drawing.verdict import verdict
from tracetui.report.heading import STATES, length, lost_words
from tracetui.report.html.contents import Contents
from tracetui.report.html.failures import anchor
from tracetui.report.html.markup import Markup, joined, tag
from tracetui.report.html.timeline.waterfall import mark
from tracetui.report.still import cost_words, stall_words

MOST_FIRST = 3


def head(contents: Contents) -> Markup:
    """The whole top of the page."""
    summary = contents.findings.summary
    tone = f"outcome-{summary.outcome.label}"
    shape = tag("span", MARKS[summary.outcome].strip() or "?", class_=f"mark {tone}", aria_hidden="true")
    title = tag("h1", shape, tag("span", verdict(contents.findings) if summary.spans else "no spans"))
    name = tag(
        "p",
        tag("b", summary.name or "no spans"),
        f" {summary.apart}" if summary.apart else None,
        class_="run",
    )
    return tag(
        "header",
        tag(
            "p",
            tag("span", "tracetui", class_="brand"),
            tag("span", _when(contents), class_="quiet"),
            class_="top",
        ),
        name,
        title,
        *_warnings(contents),
        _figures(contents),
        _outcomes(contents),
        _first(contents),
        class_=f"verdict {tone}",
    )


def _when(contents: Contents) -> str:
    """When the run began, its revision, its machine."""
    summary, findings = contents.findings.summary, contents.findings
    is_dated = summary.start_ns >= units.NO_EPOCH or not findings.no_timeline
    parts = [units.moment(summary.start_ns)] if summary.spans and is_dated else []
    if len(findings.runs) and findings.choice != ALL:
        facts = findings.runs.facts(findings.runs.number(findings.choice))
        parts += [facts.revision[:10], facts.branch, facts.runtime, facts.system]
    return " · ".join(part for part in parts if part)


def _warnings(contents: Contents) -> Iterator[Markup]:
    """Warnings that qualify everything below."""
    findings, lens = contents.findings, contents.lens
    state = findings.summary.state
    if state not in ("ended", "empty"):
        yield tag("p", tag("b", STATES[state].capitalize()), _state_words(state), class_="warning")
    for said, lost in (
        ("Missing from this run", findings.losses.own),
        ("Perhaps missing", findings.losses.perhaps),
    ):
        if lost:
            yield tag("p", tag("b", said), f": {lost_words(lost)}", class_="warning")
    if lens:
        meant = units.many(int(lens.matched.sum()), "span")
        yield tag(
            "p",
            tag("b", "Filter "),
            tag("code", lens.text),
            f": {meant}; the verdict and costs are of all.",
            class_="warning",
        )
    if findings.summary.idle:
        yield tag("p", f"No test ran; {units.count(findings.summary.idle)} were set up.", class_="warning")


def _state_words(state: str) -> str:
    if state == "live":
        return ": it was still going when this page was made."
    return ": times and counts are those of what was written." if state == "cut off" else "."


def _figures(contents: Contents) -> Markup:
    """The length, the counts and the utilization of the run."""
    findings, costs = contents.findings, contents.costs
    summary, lanes = findings.summary, sums(findings.lanes, findings.overview.still)
    figures = {"length": length(findings)}
    figures["tests"] = units.count(summary.tests)
    if summary.expected > summary.tests:
        figures["tests"] += f" of {units.count(summary.expected)}"
    if lanes.lanes:
        figures["lanes"] = units.count(lanes.lanes)
        figures["best case"] = units.duration(lanes.floor_ns)
        idle = sum(row.ns for row in costs.rows if row.kind == "idle" and row.depth == 0)
        figures["idle"] = units.share(idle / max(1, costs.capacity_ns))
    figures["spans"] = units.count(summary.spans)
    cells = (tag("div", tag("dt", name), tag("dd", value)) for name, value in figures.items())
    return tag("dl", *cells, class_="figures")


def _outcomes(contents: Contents) -> Markup | None:
    """The outcomes of the tests, as a bar and in words."""
    summary = contents.findings.summary
    counts = [(outcome, summary.outcomes[outcome]) for outcome in Outcome if summary.outcomes[outcome]]
    if not counts:
        return None
    bars, words, left = [], [], 0.0
    for outcome, count in counts:
        share = 100 * count / summary.tests
        bars.append(
            tag(
                "rect",
                class_=f"outcome-{outcome.label} least",
                x=f"{left:.3f}%",
                width=f"{share:.3f}%",
                height=10,
            )
        )
        left += share
        words.append(tag("li", mark(outcome), f" {units.count(count)} {outcome.label.replace('_', ' ')}"))
    if summary.reruns:
        words.append(tag("li", mark(Outcome.RERUN), f" {units.count(summary.reruns)} rerun"))
    bar = tag("svg", *bars, class_="outcomes", width="100%", height=10, aria_hidden="true")
    return joined((bar, tag("ul", *words, class_="legend")))


def _first(contents: Contents) -> Markup | None:
    """What to look at first: failures, stalls, the best proposal, changes."""
    items = [*_failed(contents), *_slow(contents)]
    return tag("ul", *items, class_="first") if items else None


def _failed(contents: Contents) -> Iterator[Markup]:
    for row in contents.failed[:MOST_FIRST]:
        facts = contents.failure(row)
        outcome = Outcome(int(contents.findings.snapshot.outcome[row]))
        link = tag("a", contents.findings.title(row), href=f"#{anchor(row)}")
        yield tag(
            "li", mark(outcome), tag("span", link, " ", tag("span", facts.cause.headline, class_="quiet"))
        )
    more = len(contents.failed) - MOST_FIRST
    if more > 0:
        yield tag("li", tag("span"), tag("a", f"{units.count(more)} more failed", href="#failures"))


def _slow(contents: Contents) -> Iterator[Markup]:
    for stall in contents.stalls[:1]:
        happened, why = stall_words(stall, contents.findings.summary.start_ns)
        line = tag(
            "span",
            tag("a", happened, href="#timeline", class_="said"),
            tag("span", f" {why}{cost_words(stall)}", class_="quiet"),
        )
        yield tag("li", tag("span", "■", class_="mark warning-text"), line)
    for row in contents.advice.rows[:1]:
        saving = tag("span", f" {advice_report.saving(row)}", class_="quiet")
        line = tag("span", tag("a", row.proposal.what, href="#advice", class_="said"), saving)
        yield tag("li", tag("span", "↓", class_="mark success-text"), line)
    if contents.comparison is not None:
        words = compare_report.verdict_words(contents.comparison)
        line = tag(
            "span",
            tag("a", "Against the baseline", href="#comparison"),
            tag("span", f" {words}", class_="quiet"),
        )
        yield tag("li", tag("span", "Δ", class_="mark"), line)
