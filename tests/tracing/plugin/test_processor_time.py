"""What tests compute: processor time on their spans, from the plugin to the column a reader has."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.tracing.recording import Record, run_pytest, spans_in, with_role, write_suite
from tracetui.ingest.loading import load
from tracetui.model.numbers.processor_time import cpu_ns
from tracetui.model.role import Role
from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.host.processor_time import cpu_ns as computed_ns

MS = 1_000_000
CPU = "tracetui.cpu_ns"
SUITE = """
    import os, resource, subprocess, sys, time
    import pytest

    BURN = "import time\\nend = time.process_time() + 0.2\\nwhile time.process_time() < end: pass"

    @pytest.fixture(scope="module")
    def busy_server():
        exec(BURN)

    def test_computes():
        exec(BURN)

    def test_sleeps():
        time.sleep(0.3)

    def test_waits_for_a_child():
        subprocess.run([sys.executable, "-c", BURN], check=True)

    def test_leaves_a_child():
        global child
        child = subprocess.Popen([sys.executable, "-c", BURN])

    def test_is_tiny(): pass

    def test_needs_the_server(busy_server): pass

    def test_bends_clocks(monkeypatch):
        monkeypatch.setattr(time, "process_time_ns", lambda: 0)
        monkeypatch.setattr(resource, "getrusage", lambda who: (0.0, 0.0))
        monkeypatch.setattr(os, "times", lambda: None)
        exec(BURN)

    def test_forks():
        pid = os.fork()
        if not pid:
            exec(BURN)
            os._exit(0)
        os.waitpid(pid, 0)

    def teardown_module():
        child.wait()
"""


@pytest.fixture(scope="module", params=[(), ("-n", "2", "--dist=loadfile")], ids=["alone", "xdist"])
def spans(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("suite")
    write_suite(directory, test_busy=SUITE)
    run_pytest(directory, "--tracetui=spans", *request.param)
    return directory / "spans"


def computed(spans: Path, test: str, when: str = "") -> tuple[int, int]:
    """What a test (or its phase) computed, and how long it took."""
    records: list[Record] = spans_in(spans)
    record = next(span for span in with_role(records, "test") if span.name.endswith(test))
    if when:
        record = next(span for span in records if span.parent == record.id and span.name == when)
    return record.attributes[CPU], record.duration_ns


@pytest.mark.parametrize(
    "test", ["test_computes", "test_waits_for_a_child", "test_bends_clocks", "test_forks"]
)
def test_who_computes_says_so(spans: Path, test: str) -> None:
    """The test's process, or a child that it waits for, whatever it does to clocks; test and phase alike."""
    for when in ("", "call"):
        told, _ = computed(spans, test, when)
        assert told >= 190 * MS


def test_who_sleeps_or_does_not_wait_computes_nothing(spans: Path) -> None:
    """Time passes, and no processor runs for it; a child counts for whoever waits for it."""
    told, took = computed(spans, "test_sleeps", "call")
    assert took >= 300 * MS
    assert told <= took // 3
    assert computed(spans, "test_leaves_a_child", "call")[0] <= 100 * MS


def test_phases_and_fixtures_tell_it_too(spans: Path) -> None:
    """A phase holds what a wider fixture computes in it, and the fixture's own span says how much that is."""
    fixture = next(span for span in spans_in(spans) if span.name == "busy_server setup")
    told, _ = computed(spans, "test_needs_the_server", "setup")
    assert 190 * MS <= fixture.attributes[CPU] <= told
    for phase in with_role(spans_in(spans), "phase"):
        assert phase.attributes[CPU] >= 0


def test_the_column_has_what_was_written(spans: Path) -> None:
    """Span by span, to one part in 16 million; -1 for suites and workers, which tell none."""
    snapshot = load([str(spans)]).table.snapshot()
    written = {int(span.id, 16) % 2**64: span.attributes.get(CPU, -1) for span in spans_in(spans)}
    column = cpu_ns(snapshot.cpu).tolist()
    assert len(column) == len(written)
    assert sorted(column) == pytest.approx(sorted(written.values()), rel=2**-23)
    roles = {Role(role) for role, told in zip(snapshot.role.tolist(), column, strict=True) if told >= 0}
    assert {Role.TEST, Role.PHASE, Role.HOOK} <= roles
    assert not roles & {Role.SUITE, Role.WORKER}


def test_it_never_runs_backwards() -> None:
    """However old the last answer may be, and over a fork."""
    counts = [computed_ns(now_ns(), took) for took in (0, 10**9, 0, 10**6, 10**10, 0)]
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        os.write(writer, str(computed_ns(now_ns(), 10**12)).encode())
        os._exit(0)
    os.waitpid(pid, 0)
    last = counts[-1]
    in_child = int(os.read(reader, 100))
    assert last is not None
    assert last <= in_child <= last + 10**9
    assert counts == sorted(counts, key=lambda count: count or 0)
