"""Digests of runs that tests make."""

from pathlib import Path

from tests.builders import HOSTILE_NAMES, T0, S, case, exception, line, span
from tests.ui.hostile import CORPUS
from tracetui.analysis.study.findings import Findings, study
from tracetui.ingest import load
from tracetui.report.markdown.digest import Digest, SpanOf, digest


def digest_of(path: Path) -> tuple[Digest, SpanOf]:
    """Of what is in a file."""
    ingest = load([str(path)])
    findings: Findings = study(ingest.table.snapshot(), T0 + 3600 * S)

    def span_of(row: int):  # type: ignore[no-untyped-def]
        return ingest.span(findings.snapshot, row)

    return digest(findings, span_of), span_of


def hostile_run(directory: Path) -> Path:
    """Failed tests whose names, messages and stacks mean something to Markdown, HTML and terminals."""
    names = (
        *HOSTILE_NAMES,
        *CORPUS,
        "a|b `c` ```d``` <script>alert(1)</script> @here #1 [x](http://y)",
        "%0A::error::x",
    )
    suite = span("s | <b>", {"tracetui.span.role": "suite"}, start=T0, end=T0 + 900 * S)
    tests = []
    for number, name in enumerate(names):
        at = T0 + number * S
        told = exception(message=name, at=at, stacktrace=f"{name}\n```\n</details>\n<!-- {name} -->")
        made = case(name, "failed", start=at, end=at + S // 2, parent=suite, message=name)
        tests.append(made | {"events": [told]})
    path = directory / "hostile.jsonl"
    path.write_bytes(line(suite, *tests))
    return path
