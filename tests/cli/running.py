"""The real command in a process that is not ours, and recordings counted without our reader."""

import contextlib
import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.cli.forks import is_forked, run_tracetui_forked
from tests.cli.schemas import check, is_document
from tests.processes import give_up_root, started

DATA = Path(__file__).parents[1] / "data"
EVERGREEN = DATA / "resmoke" / "evergreen"
LOCAL = DATA / "resmoke" / "local-pretty"

ONLY_OURS = {
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTEST_PLUGINS": "tracetui.tracing.pytest,xdist.plugin",
}
"""For a pytest that a command starts: each plugin that happens to be installed costs it its import."""

_NOT_OURS = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM", "PYTHONIOENCODING")

Ran = subprocess.CompletedProcess[bytes]


def environment(**more: str) -> dict[str, str]:
    """The variables of a plain terminal, and `more`."""
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
    return kept | {"TERM": "xterm-256color", "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"} | more


def tracetui(*arguments: object, stdin: bytes = b"", cwd: Path | None = None, **more: str) -> Ran:
    """Run `tracetui` without a terminal; `more` are environment variables."""
    words = list(map(str, arguments))
    at_its_start = stdin or any(name.startswith(("PYTHON", "LC_")) for name in more)
    if is_forked(words) and not at_its_start:
        return _checked(run_tracetui_forked(words, cwd, environment(**more)))
    return in_a_process(*words, stdin=stdin, cwd=cwd, **more)


def in_a_process(*arguments: object, stdin: bytes = b"", cwd: Path | None = None, **more: str) -> Ran:
    """The same, always in an interpreter of its own."""
    command = [sys.executable, "-m", "tracetui", *map(str, arguments)]
    return _checked(
        subprocess.run(
            command, input=stdin, capture_output=True, check=False, cwd=cwd, env=environment(**more)
        )
    )


def _checked(ran: Ran) -> Ran:
    """The same; a document has to be as its schema says, whatever the test is about."""
    if is_document(ran.stdout):
        check(ran.stdout)
    return ran


def tracetui_as_user(*arguments: object) -> Ran:
    """The same as somebody who may not read everything."""
    command = [sys.executable, "-m", "tracetui", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, check=False, env=environment(), preexec_fn=give_up_root
    )


def answer(*arguments: object, stdin: bytes = b"") -> Any:
    """The JSON that a headless verb prints."""
    ran = tracetui(*arguments, "--format", "json", stdin=stdin)
    assert ran.returncode == 0, ran.stderr
    assert not ran.stderr
    return json.loads(ran.stdout)


def on_a_terminal(*arguments: object, script: str = "", **more: str) -> tuple[int, bytes]:
    """Run `tracetui` on a terminal, for commands that end by themselves; exit code and what appeared.

    A `script` is run in its place, with the same arguments.
    """
    ours, theirs = pty.openpty()
    program = ["-c", script] if script else ["-m", "tracetui"]
    command = [sys.executable, *program, *map(str, arguments)]
    with started(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment(**more), start_new_session=True
    ) as process:
        os.close(theirs)
        seen = _all_of(ours)
    os.close(ours)
    return process.returncode, seen


def _all_of(terminal: int) -> bytes:
    seen = b""
    with contextlib.suppress(OSError):  # Linux's way to say that the other end is closed.
        while chunk := os.read(terminal, 65536):
            seen += chunk
    return seen


def spans(directory: Path) -> list[dict[str, Any]]:
    """Every span of the OTLP/JSON files of a directory, by the json module alone."""
    return [
        span
        for path in sorted(directory.iterdir())
        for document in _documents(path.read_text())
        for resource in document["resourceSpans"]
        for scope in resource["scopeSpans"]
        for span in scope["spans"]
    ]


def took_ns(span: Mapping[str, Any]) -> int:
    """How long a span took."""
    return int(span["endTimeUnixNano"]) - int(span["startTimeUnixNano"])


def attribute(span: Mapping[str, Any], key: str) -> str:
    """A text attribute of a span."""
    return next(str(pair["value"]["stringValue"]) for pair in span["attributes"] if pair["key"] == key)


def is_failed(span: Mapping[str, Any]) -> bool:
    """Whether a span's status is an error."""
    return bool(span["status"].get("code") == "STATUS_CODE_ERROR")


def _documents(text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder()
    while text := text.lstrip():
        document, length = decoder.raw_decode(text)
        yield document
        text = text[length:]
