"""`gate`: rules that a run must keep; CI stops if it does not."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracetui.cli import options
from tracetui.cli.hand_over.baseline import earlier
from tracetui.cli.hand_over.output import deliver
from tracetui.cli.views import looked_at
from tracetui.errors import InputError

if TYPE_CHECKING:
    from tracetui.analysis.gates.rules import Allowances, Limits, Rule
    from tracetui.analysis.gates.window import Window
    from tracetui.analysis.study.findings import Findings


class Setting(options.ParamType):
    """A rule's limit, parsed as in the settings."""

    def __init__(self, rule: str, name: str) -> None:
        self.name = name
        self._rule = rule

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The parsed limit."""
        from tracetui.settings.fields import GATES

        try:
            return GATES[self._rule](value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _rule(name: str, metavar: str, help_text: str) -> Callable[[Any], Any]:
    return click.option(f"--{name}", metavar=metavar, type=Setting(name, metavar.lower()), help=help_text)


@click.command()
@options.paths
@options.form
@options.width
@options.ascii_
@options.one_run
@_rule("max-test", "TIME", "No test's own time may be longer.")
@_rule("max-suite", "TIME", "The run may not be longer.")
@_rule("max-setup", "TIME", "No test's setup may take longer.")
@_rule("max-regression", "PERCENT", "How much longer tests may take than the median of earlier runs.")
@_rule("fail-on", "WHAT,...", "None of these may occur: failed, flaky, cut-off, lost, incomplete.")
@click.option(
    "--baseline",
    metavar="PATH|URL",
    multiple=True,
    help="Runs to hold it against, or a store of them (default: the earlier ones in PATH).",
)
@click.option("--config", metavar="FILE", help="A TOML file with the rules, at its top or in [gates].")
@click.option("--allow", metavar="FILE", help="Tests that may exceed a limit (TOML).")
@click.option("--shrink", is_flag=True, help="Remove from that file what is no longer needed.")
@click.option("--start", metavar="REASON", help="Write that file, with all that exceeds a limit now.")
def gate(
    paths: Sequence[str],
    form: str,
    width: int | None,
    run: str | None,
    job: str | None,
    baseline: Sequence[str],
    config: str | None,
    allow: str | None,
    start: str | None,
    *,
    shrink: bool,
    **given: Any,
) -> int:
    """Judge a run by rules, for CI to stop on.

    Rules are options here, or `[tool.tracetui.gates]` in pyproject.toml. The exit code is 0 if all hold, 3 if
    one is broken, and 4 if the recording cannot tell (incomplete, spans lost, too few runs).
    """
    from tracetui.analysis.gates import ratchet
    from tracetui.analysis.gates.judging import judge
    from tracetui.report.deciding import gate as report

    rules = _rules(config, given)
    file = allow or rules.pop("allow", None)
    rules.pop("allow", None)
    limits = _limits(rules)
    allowances = {} if start is not None else _allowances(file)
    findings, _ = looked_at(paths, None, run, job)
    judged = judge(findings, limits, allowances, _windows(findings, limits, baseline))
    if start is not None:
        allowances = _start(file, judged, start)
        judged = judge(findings, limits, allowances, _windows(findings, limits, baseline))
    unneeded = ratchet.unneeded(allowances, judged)
    if shrink and unneeded and file:
        deliver([ratchet.written(ratchet.shrunk(allowances, unneeded))], Path(file))
        unneeded = []
    result = report.value(judged, unneeded)
    _print(findings, result, form, width)
    return report.EXIT_CODES[result.verdict]


def _rules(config: str | None, given: dict[str, Any]) -> dict[str, Any]:
    """The rules of the settings, overridden by those of a file, and these by those of the command line."""
    rules = dict(options.chosen().gates)
    if config:
        from tracetui.settings.files import gates_of

        rules |= gates_of(Path(config))
    options_given = {name.replace("_", "-"): value for name, value in given.items() if value is not None}
    return rules | options_given


def _limits(rules: dict[str, Any]) -> "Limits":
    from tracetui.analysis.gates.rules import Limits

    limits = Limits(**{name.replace("-", "_"): value for name, value in rules.items()})
    if not limits.any:
        raise InputError("gate: no rule; give one, such as --max-test 5s, or [tool.tracetui.gates]")
    return limits


def _allowances(file: str | None) -> "Allowances":
    from tracetui.analysis.gates.ratchet import parsed

    return parsed(Path(file).read_text("utf-8"), file) if file else {}


def _start(file: str | None, judged: "Sequence[Rule]", reason: str) -> "Allowances":
    from tracetui.analysis.gates.ratchet import started, written

    if not file:
        raise InputError("gate: --start needs --allow FILE, the file to write")
    if Path(file).exists():
        raise InputError(f"{file}: is there already, and entries only go; edit it, or remove it")
    if not reason.strip():
        raise InputError("gate: --start needs a reason, such as --start 'slow before the new index'")
    allowances = started(judged, reason.strip(), time.strftime("%Y-%m-%d", time.gmtime()))
    deliver([written(allowances)], Path(file))
    return allowances


def _windows(findings: "Findings", limits: "Limits", baseline: Sequence[str]) -> "Sequence[Window]":
    if limits.max_regression is None:
        return ()
    from tracetui.analysis.gates.window import windows
    from tracetui.analysis.history.run_records import records

    of_run = records(findings, findings.choice)
    if baseline:
        return windows(of_run, earlier(baseline, findings, of_run), is_baseline=True)
    return windows(of_run, records(findings))


def _print(findings: "Findings", result: Any, form: str, width: int | None) -> None:
    from tracetui.cli.printing import Printer, write
    from tracetui.report.deciding import gate as report
    from tracetui.report.heading import heading

    if form == "json":
        write(report.document(findings, result))
        return
    printer = Printer(width)
    printer.lines([heading(findings), []])
    printer.lines(report.page(result, printer.cells))
