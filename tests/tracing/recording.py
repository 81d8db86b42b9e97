"""Builders for the tests of tracing: run something in a process of its own, read back what it wrote."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.processes import PATIENCE_S, give_up_root
from tests.tracing.forks import is_forked, run_python_forked

VARIABLES = (
    "TRACETUI_DIR",
    "TRACETUI_ONLY",
    "TRACETUI_PARENT",
    "TRACEPARENT",
    "TRACESTATE",
    "BAGGAGE",
    "OTEL_TRACE_ID",
    "OTEL_PARENT_ID",
    "OTEL_COLLECTOR_DIR",
    "OTEL_SERVICE_NAME",
    "OTEL_RESOURCE_ATTRIBUTES",
    "OTEL_SDK_DISABLED",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_HEADERS",
    "OTEL_EXPORTER_OTLP_PROTOCOL",
    "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    "OTEL_PROPAGATORS",
    "OTEL_TRACES_EXPORTER",
    "OTEL_TRACES_SAMPLER",
    "OTEL_TRACES_SAMPLER_ARG",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "BUILDKITE",
    "EVR_TASK_ID",
    "EVERGREEN_TASK_ID",
    "JENKINS_URL",
    "JENKINS_HOME",
    "PYTEST_RUN_NAME",
    "PYTEST_ADDOPTS",
    "PYTEST_XDIST_WORKER",
)

_PLUGINS = {"-n|-d$|--dist": "xdist", "--timeout": "timeout", "--forked": "pytest_forked"}
"""By what an option begins with, the plugin that has it."""


@dataclass(frozen=True)
class Record:
    """A span or a log record as it was read, with its attributes and its resource's as plain values."""

    raw: dict[str, Any]
    resource: dict[str, Any]
    attributes: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.raw["name"])

    @property
    def id(self) -> str:
        return str(self.raw["spanId"])

    @property
    def parent(self) -> str | None:
        return self.raw.get("parentSpanId")

    @property
    def trace(self) -> str:
        return str(self.raw["traceId"])

    @property
    def status(self) -> int:
        return int(self.raw["status"].get("code", 0))

    @property
    def duration_ns(self) -> int:
        return int(self.raw["endTimeUnixNano"]) - int(self.raw["startTimeUnixNano"])

    @property
    def exceptions(self) -> list[dict[str, Any]]:
        return [plain(e["attributes"]) for e in self.raw.get("events", []) if e["name"] == "exception"]


def plain(pairs: list[dict[str, Any]]) -> dict[str, Any]:
    """OTLP/JSON attributes as a dict."""
    return {pair["key"]: _plain_value(pair["value"]) for pair in pairs}


def _plain_value(value: dict[str, Any]) -> Any:
    kind: str
    content: Any
    kind, content = next(iter(value.items()), ("", None))
    if kind == "intValue":
        return int(content)
    if kind == "arrayValue":
        return [_plain_value(item) for item in content.get("values", [])]
    return plain(content.get("values", [])) if kind == "kvlistValue" else content


def records(lines: list[str], signal: str, plural: str) -> list[Record]:
    """The records in lines of one signal."""
    return [
        Record(record, plain(group["resource"]["attributes"]), plain(record.get("attributes", [])))
        for line in lines
        for group in json.loads(line)[f"resource{signal}"]
        for scope in group[f"scope{signal}"]
        for record in scope[plural]
    ]


def lines_of(directory: Path, pattern: str) -> list[str]:
    """The lines of all files, none of which may be torn or blank."""
    found: list[str] = []
    for path in sorted(directory.glob(pattern)):
        content = path.read_text("utf-8")
        assert content.endswith("\n") or not content
        found += content.split("\n")[:-1]
    assert "" not in found
    return found


def spans_in(directory: Path) -> list[Record]:
    """The finished spans."""
    return records(lines_of(directory, "*.traces.jsonl"), "Spans", "spans")


def live_in(directory: Path) -> list[Record]:
    """The start records and heartbeats that were left behind."""
    return records(lines_of(directory, "live/*.logs.jsonl"), "Logs", "logRecords")


def starts_in(directory: Path) -> list[Record]:
    """The start records that were left behind."""
    return [record for record in live_in(directory) if record.raw["eventName"] == "tracetui.span.start"]


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment without anything that would trace, or change how pytest runs."""
    kept = {key: value for key, value in os.environ.items() if key not in VARIABLES}
    return {**kept, **(extra or {})}


def pytest_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The same for `pytest_command`, which names the plugins that there are to be."""
    return {**clean_environment(), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **(extra or {})}


def run_python(
    code: str, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program, with warnings as errors."""
    if is_forked(env or {}):
        return run_python_forked(["-c", textwrap.dedent(code)], cwd, clean_environment(env))
    return run_python_alone(code, cwd, env)


def run_python_alone(
    code: str, cwd: Path, env: Mapping[str, str] | None = None, as_user: bool = False
) -> subprocess.CompletedProcess[str]:
    """The same, always in an interpreter of its own; perhaps as a user that modes hold for."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code)],
        cwd=cwd,
        env=clean_environment(env),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
        preexec_fn=give_up_root if as_user else None,
    )


def pytest_command(*arguments: str) -> list[str]:
    """The command line of a pytest that has our plugin and no surprises."""
    return [sys.executable, "-m", "pytest", *pytest_arguments(*arguments)]


def pytest_arguments(*arguments: str) -> list[str]:
    """What follows `python -m pytest`.

    Of the plugins that happen to be installed only those are loaded that the arguments are about (and that a
    test names by `-p`): each costs every run its import.
    """
    wanted = [plugin for option, plugin in _PLUGINS.items() if any(map(re.compile(option).match, arguments))]
    named = [word for name in ("tracetui", *wanted) for word in ("-p", name)]
    return ["-c", "pytest.ini", "-W", "error", "-p", "no:cacheprovider", *named, *arguments]


def write_suite(directory: Path, **modules: str) -> None:
    """Write a test suite; keys are module names."""
    (directory / "pytest.ini").write_text("[pytest]\n")
    for name, code in modules.items():
        (directory / f"{name}.py").write_text(textwrap.dedent(code))


def run_pytest(
    cwd: Path, *arguments: str, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the suite in `cwd`."""
    if not is_forked(env or {}):
        return run_pytest_alone(cwd, *arguments, env=env)
    return run_python_forked(["-m", "pytest", *pytest_arguments(*arguments)], cwd, pytest_environment(env))


def run_pytest_alone(
    cwd: Path, *arguments: str, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The same, always in an interpreter of its own."""
    return subprocess.run(
        pytest_command(*arguments),
        cwd=cwd,
        env=pytest_environment(env),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )


def with_role(spans: list[Record], role: str) -> list[Record]:
    """The spans of one role."""
    return [span for span in spans if span.attributes.get("tracetui.span.role") == role]
