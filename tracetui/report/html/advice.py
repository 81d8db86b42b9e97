"""What would help: a card for each proposal, its saving as a bar with its range."""

from collections.abc import Iterator

from tracetui import units
from tracetui.report.deciding import advise as advice_report
from tracetui.report.html.contents import Contents
from tracetui.report.html.markup import Markup, joined, tag

MOST = 8


def advice_section(contents: Contents) -> Markup:
    """The proposals, the largest saving first; or why there are none."""
    value = contents.advice
    advice = value.advice
    if not advice.workers:
        return tag("p", f"Nothing to propose: {advice.doubt}.", class_="note")
    if not value.rows:
        return tag("p", f"{advice_report.nothing().capitalize()}.", class_="note")
    most = max(row.proposal.high_ns for row in value.rows)
    cards = [_card(row, most, advice.doubt) for row in value.rows[:MOST]]
    return joined((tag("ol", *cards, class_="advice"), *_remarks(value)))


def _card(row: advice_report.Row, most: int, doubt: str) -> Markup:
    proposal, where = row.proposal, advice_report.place(row)
    sure = (
        f"{proposal.sure}: {proposal.doubt}" if proposal.doubt and proposal.doubt != doubt else proposal.sure
    )
    head = tag(
        "h3",
        tag("span", proposal.what, class_="said"),
        tag("span", advice_report.saving(row), class_="saving"),
    )
    place = tag("code", where) if where else None
    said = tag(
        "p",
        place,
        " · " if place else None,
        tag("span", sure, class_=f"sure {proposal.sure}"),
        class_="quiet",
    )
    return tag("li", head, _range(row, most), tag("p", proposal.why), said)


def _range(row: advice_report.Row, most: int) -> Markup:
    """The range of what it saves; a mark shows the median."""
    proposal = row.proposal
    low, median, high = (
        100 * max(0, ns) / max(1, most) for ns in (proposal.low_ns, proposal.saving_ns, proposal.high_ns)
    )
    spread = f"{units.duration(proposal.low_ns)} to {units.duration(proposal.high_ns)}"
    shapes = (
        tag("rect", class_="success", width=f"{low:.2f}%", height=8),
        tag("rect", class_="success pale", x=f"{low:.2f}%", width=f"{max(0.0, high - low):.2f}%", height=8),
        tag("rect", class_="success least", x=f"{median:.2f}%", width=2, height=8),
    )
    return tag(
        "svg", *shapes, class_="range", width="100%", height=8, role="img", aria_label=f"saves {spread}"
    )


def _remarks(value: advice_report.AdviceValue) -> Iterator[Markup]:
    advice = value.advice
    if advice.doubt:
        yield tag("p", f"Take it with care: {advice.doubt}.", class_="warning")
    pairs = units.many(advice.draws, "pair")
    yield tag("p", f"Medians of {pairs} of simulated runs. Savings do not add up.", class_="note")
    if len(value.rows) > MOST:
        yield tag("p", f"{units.many(len(value.rows) - MOST, 'smaller proposal')} left out.", class_="note")
