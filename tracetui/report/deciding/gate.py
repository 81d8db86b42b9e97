"""The rules that a run must keep, as a page and as JSON: each with value, limit and n, passed ones too."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.segment import Segment

from tracetui import units
from tracetui.analysis.gates.rules import Offender, Rule, Verdict, worst
from tracetui.analysis.study.findings import Findings
from tracetui.report.as_json import about
from tracetui.report.as_json import document as with_rows
from tracetui.report.drawing.columns import Cell, table
from tracetui.report.drawing.style import BAD, PLAIN, QUIET, STRONG, WARNING, Line, many, words
from tracetui.text import sanitize, width

SCHEMA = "tracetui.gate/1"
EXIT_CODES = {Verdict.PASS: 0, Verdict.BREACH: 3, Verdict.UNDECIDABLE: 4}
"""What `tracetui gate` ends with."""
MOST_OFFENDERS = 10
_MARKS = {Verdict.PASS: "✓", Verdict.BREACH: "✗", Verdict.UNDECIDABLE: "?"}
_STYLES = {Verdict.PASS: PLAIN, Verdict.BREACH: BAD, Verdict.UNDECIDABLE: WARNING}
_HEADLINES = {Verdict.PASS: "passed", Verdict.BREACH: "breached", Verdict.UNDECIDABLE: "cannot be decided"}


class GateValue(NamedTuple):
    """The verdict on all rules, and the allowances that no rule needs any more (rule, foreign name)."""

    verdict: Verdict
    rules: tuple[Rule, ...]
    unneeded: tuple[tuple[str, str], ...] = ()


def value(rules: Sequence[Rule], unneeded: Sequence[tuple[str, str]]) -> GateValue:
    """The reported value of judged rules."""
    return GateValue(worst(rules), tuple(rules), tuple(unneeded))


def page(result: GateValue, cells: int) -> Iterator[Line]:
    """The verdict, a line for each rule, then everything over its limit."""
    broken = [rule.name for rule in result.rules if rule.verdict is result.verdict]
    which = f": {', '.join(dict.fromkeys(broken))}" if result.verdict is not Verdict.PASS else ""
    yield [words(f"gate {_HEADLINES[result.verdict]}{which}", STRONG)]
    yield []
    yield from table(("rule", "value", "limit", ""), list(_rows(result)), cells)
    for rule in result.rules:
        yield from _offenders(rule)
    yield from _unneeded(result)


def _rows(result: GateValue) -> Iterator[tuple[str, list[Cell]]]:
    about_each = [sanitize(_about(rule)) for rule in result.rules]
    widest = max(map(width, about_each), default=0)
    for rule, text in zip(result.rules, about_each, strict=True):
        yield (
            f"{_MARKS[rule.verdict]} {rule.name}",
            [
                (_shown(rule, rule.value), _STYLES[rule.verdict]),
                (_limit(rule), QUIET),
                (text + " " * (widest - width(text)), QUIET),
            ],
        )


def _about(rule: Rule) -> str:
    """What was checked, how much of it, and what is missing."""
    noun, *rest = rule.what.split(" ", 1)
    n = " ".join([units.many(rule.n, noun.removesuffix("s")), *rest])
    return (n if rule.unit == "count" else f"{rule.statistic}, {n}") + (f": {rule.why}" if rule.why else "")


def _shown(rule: Rule, number: float | None) -> str:
    if number is None:
        return "unknown"
    if rule.unit == "ns":
        return units.duration(int(number))
    return f"{number:+.1%}" if rule.unit == "ratio" else units.count(int(number))


def _limit(rule: Rule) -> str:
    return "none" if rule.unit == "count" else _shown(rule, rule.limit)


def _offenders(rule: Rule) -> Iterator[Line]:
    if not rule.offenders or (rule.unit == "count" and rule.verdict is not Verdict.BREACH):
        return
    yield []
    title = "added most" if rule.unit == "ratio" else "over the limit" if rule.unit == "ns" else "counted"
    yield [words(f"{rule.name}, {title}:", QUIET)]
    for offender in rule.offenders[:MOST_OFFENDERS]:
        yield _offender(rule, offender)
    if (more := len(rule.offenders) - MOST_OFFENDERS) > 0:
        yield [words(f"  {units.count(more)} more", QUIET)]


def _offender(rule: Rule, offender: Offender) -> Line:
    amount = "" if rule.unit == "count" and offender.value == 1 else _amount(rule, offender.value)
    line = [
        words("  "),
        Segment(sanitize(offender.name), QUIET if offender.allowed else PLAIN),
        words(amount),
    ]
    if entry := offender.allowed:
        reason = sanitize(
            f"  allowed up to {units.duration(entry.limit_ns)} since {entry.date}: {entry.reason}"
        )
        line.append(Segment(reason, QUIET))
    return line


def _amount(rule: Rule, number: int) -> str:
    text = units.count(number) if rule.unit == "count" else units.duration(number)
    return f"  {'+' if rule.unit == 'ratio' else ''}{text}"


def _unneeded(result: GateValue) -> Iterator[Line]:
    if result.unneeded:
        yield []
        count = many(len(result.unneeded), "allowance")
        yield [words(f"{count} no longer needed: remove with --shrink", QUIET)]
        for rule, name in result.unneeded[:MOST_OFFENDERS]:
            yield [Segment(sanitize(f"  {rule}  {name}"), QUIET)]


def document(findings: Findings, result: GateValue) -> Iterator[str]:
    """`tracetui.gate/1`: the verdict and its exit code, a row for each rule; ns, ratios and counts."""
    head = {"schema": SCHEMA, **about(findings), "verdict": result.verdict.value}
    head |= {"exit_code": EXIT_CODES[result.verdict]}
    head["unneeded"] = [{"rule": rule, "name": name} for rule, name in result.unneeded]
    return with_rows(head, (_row(rule) for rule in result.rules))


def _row(rule: Rule) -> dict[str, object]:
    row = rule._asdict() | {"rule": rule.name, "verdict": rule.verdict.value}
    del row["name"]
    row["offenders"] = [
        {
            "name": offender.name,
            "value": offender.value,
            "allowed": offender.allowed and offender.allowed._asdict(),
        }
        for offender in rule.offenders
    ]
    return row
