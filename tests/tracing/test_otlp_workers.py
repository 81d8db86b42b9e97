"""The tee under xdist: many processes, and one collector that helps none of them."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.tracing.collectors import collector, listening, refusing
from tests.tracing.recording import run_pytest, spans_in, with_role, write_suite
from tracetui.tracing.otlp import GRACE_SECONDS

WORKERS = [pytest.param(1, marks=pytest.mark.nightly), pytest.param(8, marks=pytest.mark.nightly)]
PROMISED_SECONDS = 2.0
RUNS = 3
CONFTEST = """
    import os, time
    from tracetui.tracing import Tracing
    shutdown = Tracing.shutdown
    def timed(*args):
        began = time.monotonic()
        shutdown(*args)
        with open(f"waited-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}", "w") as file:
            print(time.monotonic() - began, file=file)
    Tracing.shutdown = timed
"""


@pytest.mark.parametrize("kind", ["refuses", "never answers", "is slow"])
@pytest.mark.parametrize("workers", WORKERS)
def test_no_collector_holds_the_workers_back(tmp_path: Path, kind: str, workers: int) -> None:
    """In the best of three runs the controller, and before it the slowest worker, wait for less than 2 s in
    all: a whole run is longer or shorter by more than that on a busy machine. All files are whole."""
    many = "import pytest\n@pytest.mark.parametrize('n', range(80))\ndef test(n): pass"
    write_suite(tmp_path, conftest=CONFTEST, test_many=many)
    with ExitStack() as stack:
        endpoint = _endpoint(stack, kind)
        waited = [_waited(tmp_path, f"spans-{run}", workers, endpoint) for run in range(RUNS)]
    assert min(waited) < PROMISED_SECONDS
    for directory in tmp_path.glob("spans-*"):
        assert len(with_role(spans_in(directory), "test")) == 80


def test_a_worker_and_its_controller_share_the_grace(tmp_path: Path) -> None:
    """One waits after the other: together no longer than a single program; and what is missing is said."""
    conftest = """
        import pathlib
        from tracetui.tracing.pytest.processes.xdist import grace_seconds
        def pytest_sessionfinish(session):
            worker = getattr(session.config, "workerinput", {}).get("workerid", "main")
            pathlib.Path(f"grace-{worker}").write_text(str(grace_seconds(session.config)))
    """
    write_suite(tmp_path, conftest=conftest, test_one="def test_one(): pass")
    env = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{refusing()}"}
    result = run_pytest(tmp_path, "--tracetui", "-n", "1", env=env)
    both = [float((tmp_path / f"grace-{name}").read_text()) for name in ("main", "gw0")]
    assert sum(both) == pytest.approx(GRACE_SECONDS)
    assert "tracetui: 1 span of this process not delivered by OTLP" in result.stdout
    assert result.stderr == ""


def _endpoint(stack: ExitStack, kind: str) -> str:
    if kind == "is slow":
        return stack.enter_context(collector(seconds=1.0)).endpoint
    return f"http://127.0.0.1:{refusing() if kind == 'refuses' else stack.enter_context(listening())}"


def _waited(directory: Path, spans: str, workers: int, endpoint: str) -> float:
    env = {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint}
    result = run_pytest(directory, f"--tracetui={spans}", "-n", str(workers), env=env)
    assert "80 passed" in result.stdout
    seconds = {path.name: float(path.read_text()) for path in directory.glob("waited-*")}
    assert len(seconds) == workers + 1
    return seconds.pop("waited-main") + max(seconds.values())
