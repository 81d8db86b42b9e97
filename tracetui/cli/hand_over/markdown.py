"""`tracetui report --format md|github`: where the parts are written."""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tracetui.cli.hand_over.baseline import comparison
from tracetui.cli.hand_over.output import deliver

if TYPE_CHECKING:
    from tracetui.analysis.study.findings import Findings
    from tracetui.ingest import Ingest

MARKDOWN = ("md", "github")
STEP_SUMMARY = "GITHUB_STEP_SUMMARY"
"""Names the file whose text GitHub shows with the job; several commands of a step may write to it."""


def write_page(
    ingest: "Ingest",
    findings: "Findings",
    form: str,
    path: Path | None,
    split: Path | None,
    baseline: Sequence[str],
) -> None:
    """Write a run as Markdown."""
    from tracetui.report.markdown.digest import digest
    from tracetui.report.markdown.summary import summary

    page = digest(findings, lambda row: ingest.span(findings.snapshot, row), comparison(findings, baseline))
    if split is not None:
        from tracetui.report.markdown.tickets import tickets

        made = tickets(page, lambda row: ingest.span(findings.snapshot, row))
        _write_tickets(split, ((ticket.name, "\n".join(ticket.lines)) for ticket in made))
    elif form == "md":
        deliver((f"{part}\n" for part in summary(page)), path)
    else:
        from tracetui.report.markdown.github import annotations, within_limit

        write_summary(lambda most: within_limit(summary(page), most), path)
        deliver((f"{line}\n" for line in annotations(page)), None)


def _write_tickets(directory: Path, tickets: Iterable[tuple[str, str]]) -> None:
    """Write a file for each; an existing one belongs to the same test in an earlier run, and is replaced."""
    directory.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, text in tickets:
        deliver([text, "\n"], directory / name)
        count += 1
    print(f"tracetui: {count} ticket{'s' * (count != 1)} in {directory}", file=sys.stderr)


def write_summary(text: Callable[[int], str], path: Path | None) -> None:
    """Write to a file; else append to GitHub's, within its limit; else to standard output."""
    from tracetui.report.markdown.github import MOST_BYTES

    step = os.environ.get(STEP_SUMMARY, "")
    if path is not None or not step:
        deliver([text(MOST_BYTES)], path)
        return
    file = Path(step)
    taken = file.stat().st_size if file.exists() else 0
    with file.open("a", encoding="utf-8", errors="backslashreplace") as shown:
        shown.write(text(max(0, MOST_BYTES - taken)))
