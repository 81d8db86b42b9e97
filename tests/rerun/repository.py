"""A small git repository with two revisions, and a command that records a run without any test tool."""

import subprocess
import sys
from pathlib import Path

from tests.cli.running import environment

SCRIPT = '''
"""Writes the trace of a run whose tests take as long as the revision says, a little more each time."""
import json, os, sys, uuid
from pathlib import Path
sys.path.insert(0, ROOT)
from tests.builders import T0, MS, case, line, span
sys.path.pop(0)
import took

spans = Path(os.environ["TRACETUI_DIR"])
only = os.environ.get("TRACETUI_ONLY")
wanted = json.loads(Path(only).read_text()) if only else list(took.TESTS)
told = dict(pair.split("=") for pair in os.environ["OTEL_RESOURCE_ATTRIBUTES"].split(","))
number = int(told["cicd.pipeline.run.id"].removeprefix("confirm-"))
trace = uuid.uuid4().hex
top = span("suite", {"tracetui.span.role": "suite", "test.suite.name": "s"}, end=T0 + 9000 * MS, trace=trace)
tests = [
    case(name, start=T0 + MS, end=T0 + MS + ms * MS + number * 1000, trace=trace, parent=top)
    for name, ms in took.TESTS.items() if name in wanted
]
(spans / f"{number}.jsonl").write_bytes(line(top, *tests, resource={"service.name": "s", **told}))
print("recorded", *wanted)
'''


def git(directory: Path, *arguments: str) -> str:
    """What git says in a directory."""
    command = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", *arguments]
    ran = subprocess.run(
        command, cwd=directory, capture_output=True, text=True, check=True, env=environment()
    )
    return ran.stdout.strip()


def repository(directory: Path) -> Path:
    """Two revisions, `slow` and `main` before it: in the newer, `slow` takes three times as long."""
    directory.mkdir(exist_ok=True)
    git(directory, "init", "-q", "-b", "main")
    record = SCRIPT.replace("ROOT", repr(str(Path(__file__).parents[2])))
    (directory / "record.py").write_text(record)
    steady = {f"steady{number}": 100 + number for number in range(20)}
    for slow, name in ((200, "one"), (600, "two")):
        (directory / "took.py").write_text(f"TESTS = {steady | {'slow': slow, 'chance': 150}}\n")
        git(directory, "add", "-A")
        git(directory, "commit", "-qm", name)
        git(directory, "tag", name)
    return directory


COMMAND = f"{sys.executable} record.py"
