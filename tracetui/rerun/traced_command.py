"""Runs the user's test command on a revision and traces it, for some tests or all."""

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tracetui.errors import InputError, TracetuiError
from tracetui.rerun.process_groups import end_group
from tracetui.rerun.worktrees import Checkout

_OF_OTHER_RUNS = (
    "TRACETUI_",
    "TRACEPARENT",
    "TRACESTATE",
    "BAGGAGE",
    "OTEL_",
    "PYTEST_XDIST",
    "PYTEST_CURRENT",
)
"""What belongs to the run that we may be part of, or would send spans to a network."""
SOURCES = ("", "src")
"""Where code lies in a checkout: an installed package may well be that of the user's own checkout."""


def command_of(text: str) -> list[str]:
    """The words of a command; a program given by a relative path is found from other directories too.

    Raises `InputError` for an invalid command.
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise InputError(f"--run {text}: {str(error).lower()}") from None
    if not words:
        raise InputError("--run: write the command that runs the tests, such as --run 'pytest -q'")
    if "/" in words[0] and Path(words[0]).exists():
        # A virtual environment is not part of a revision.
        words[0] = os.path.abspath(words[0])  # noqa: PTH100 - a link to another Python must stay one
    return words


def run_traced(
    command: Sequence[str], checkout: Checkout, spans: Path, name: str, only: Path | None = None
) -> float:
    """Run a command in a checkout with its spans in `spans`; returns its duration in seconds.

    `name` identifies the run. `only` is a file that names tests. Failed tests are not an error; raises
    `TracetuiError` if no trace was written.
    """
    before = set(spans.rglob("*.jsonl"))
    log = spans.parent / "output.txt"
    begin = time.monotonic()
    with log.open("w") as output:
        try:
            process = subprocess.Popen(
                command,
                cwd=checkout.place,
                env=environment(os.environ, checkout, spans, name, only),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        except OSError as error:
            raise InputError(f"--run {command[0]}: {(error.strerror or str(error)).lower()}") from None
        try:
            process.wait()
        finally:
            end_group(process)
    if not set(spans.rglob("*.jsonl")) - before:
        raise TracetuiError(
            f"{checkout.commit[:10]}: no trace came of the command ({_last_line(log)}); {_ADVICE}"
        )
    return time.monotonic() - begin


_ADVICE = "it has to run pytest with tracetui installed beside it, and without --tracetui"


def environment(
    inherited: Mapping[str, str], checkout: Checkout, spans: Path, name: str, only: Path | None
) -> dict[str, str]:
    """The environment of the command: the code of its checkout first, and where spans go."""
    kept = {key: value for key, value in inherited.items() if not key.startswith(_OF_OTHER_RUNS)}
    sources = [str(checkout.top / source) for source in SOURCES]
    attributes = {"cicd.pipeline.run.id": name, "vcs.ref.head.revision": checkout.commit}
    return kept | {
        "PYTHONPATH": os.pathsep.join([*sources, *filter(None, [kept.get("PYTHONPATH")])]),
        "PATH": os.pathsep.join([kept.get("PATH", os.defpath), str(Path(sys.executable).parent)]),
        "TRACETUI_DIR": str(spans),
        # Jobs of one CI run would be taken for one run of ours.
        "OTEL_RESOURCE_ATTRIBUTES": ",".join(f"{key}={value}" for key, value in attributes.items()),
        **({"TRACETUI_ONLY": str(only)} if only else {}),
    }


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
