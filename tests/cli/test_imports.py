"""What commands load: no more than they need, so that they start fast (`benchmarks.starting` has times)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import case, line
from tests.cli.running import environment

SLOW = (
    *("textual", "ibis", "duckdb", "pyarrow", "grpc", "opentelemetry", "pygments", "watchfiles", "re2"),
    *("asyncio", "ssl", "http", "email", "logging", "multiprocessing", "concurrent.futures", "subprocess"),
    *(
        "importlib.metadata",
        "zipfile",
        "backports.zstd",
        "compression.zstd",
        "numpy.ma",
        "difflib",
        "rich.console",
    ),
)
"""Libraries that no page of a recording needs."""

OTHERS = (
    *("model.span", "formats.chrome", "formats.detail", "formats.others.other_json", "formats.results"),
    *("formats.streaming.streamed", "sources.archives.zip", "scan", "export", "receive", "tracing", "ui"),
    *("analysis.overview", "analysis.lanes", "analysis.compare", "analysis.query", "analysis.schedule"),
    *("fleet", "cli.deciding", "cli.record", "cli.fleet", "cli.hand_over", "cli.demo", "cli.screens"),
)
"""Parts of ours that `top` of OTLP/JSON does without."""

TOLD = """
import atexit, json, sys
atexit.register(lambda: open("loaded", "w").write(json.dumps([*sys.modules])))
from tracetui.cli import main
main(sys.argv[1:])
"""


def loaded(cwd: Path, *arguments: str) -> set[str]:
    """The modules that `tracetui` has loaded when it ends, and the packages they are in."""
    command = [sys.executable, "-c", TOLD, *arguments]
    subprocess.run(command, cwd=cwd, env=environment(), capture_output=True, check=True)
    return set(json.loads((cwd / "loaded").read_text()))


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A directory with OTLP/JSON, and no settings."""
    (tmp_path / "run.jsonl").write_bytes(line(*(case(f"t::number_{number}") for number in range(9))))
    return tmp_path


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_ranking_loads_what_it_needs(recording: Path, form: str) -> None:
    """Neither slow libraries, nor readers of other formats, nor what other commands show."""
    modules = loaded(recording, "top", "run.jsonl", "--format", form)
    others = {f"tracetui.{name}" for name in OTHERS} if form == "table" else set()
    assert modules & {*SLOW, *others} == set()


def test_a_command_loads_no_other(recording: Path) -> None:
    """`--version` loads none at all."""
    modules = loaded(recording, "--version")
    assert {name for name in modules if name.startswith("tracetui.cli.")} == {
        "tracetui.cli.completion",
        "tracetui.cli.headings",
    }


def test_what_is_asked_for_is_loaded(recording: Path) -> None:
    """The names above are not those of modules that went."""
    assert "tracetui.analysis.query" in loaded(recording, "top", "run.jsonl", "--filter", "role:test")
    assert "tracetui.analysis.lanes" in loaded(recording, "lanes", "run.jsonl")


THREADS = """
import atexit, os, pathlib
def tell():
    status = pathlib.Path("/proc/self/status").read_text()
    told = status.split("Threads:")[1].split()[0], os.environ.get("OPENBLAS_NUM_THREADS", "unset")
    pathlib.Path("told").write_text(" ".join(told))
atexit.register(tell)
import sys
from tracetui.cli import main
main(sys.argv[1:])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="where Linux tells of threads")
@pytest.mark.parametrize("said", ["unset", "2"])
def test_numpy_begins_no_threads(tmp_path: Path, said: str) -> None:
    """Nothing here needs them; what a user says of them stays, and what is started hears of nothing else."""
    (tmp_path / "spans.jsonl").write_bytes(line(case("a test")))
    variables = {**environment(), **({} if said == "unset" else {"OPENBLAS_NUM_THREADS": said})}
    arguments = [sys.executable, "-c", THREADS, "top", "spans.jsonl"]
    subprocess.run(arguments, cwd=tmp_path, env=variables, check=True, capture_output=True)
    threads, left = (tmp_path / "told").read_text().split()
    assert left == said
    assert said != "unset" or threads == "1"
