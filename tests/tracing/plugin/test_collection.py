"""The span of the collection: what is imported, for how long, and what cannot be."""

from __future__ import annotations

from pathlib import Path

from tests.tracing.recording import run_pytest, spans_in, with_role, write_suite


def test_imports_are_below_the_collection(tmp_path: Path) -> None:
    """A span for each file; one that cannot be imported tells why, one that skips itself is not bad."""
    write_suite(
        tmp_path,
        test_slow="import time; time.sleep(0.1)\ndef test_one(): pass",
        test_broken="import no_such_module",
        test_away="import pytest; pytest.skip('away', allow_module_level=True)",
    )
    assert run_pytest(tmp_path, "--tracetui").returncode == 2
    spans = spans_in(tmp_path / "spans")
    (collection,) = [span for span in with_role(spans, "hook") if span.name == "collection"]
    files = {span.name: span for span in spans if span.parent == collection.id}
    assert collection.parent == with_role(spans, "suite")[0].id
    assert collection.attributes["tracetui.collection.tests"] == 1
    assert set(files) == {f"collect test_{name}.py" for name in ("slow", "broken", "away")}
    assert files["collect test_slow.py"].duration_ns >= 100_000_000
    broken = files["collect test_broken.py"]
    assert broken.status == 2
    assert "no_such_module" in broken.raw["status"]["message"]
    assert "no_such_module" in broken.exceptions[0]["exception.message"]
    assert broken.attributes["code.file.path"] == str(tmp_path / "test_broken.py")
    assert files["collect test_away.py"].status == 1


def test_workers_collect_and_the_controller_does_not(tmp_path: Path) -> None:
    """Under xdist the collection hangs below each worker."""
    write_suite(tmp_path, test_one="def test_one(): pass")
    run_pytest(tmp_path, "--tracetui", "-n", "2")
    spans = spans_in(tmp_path / "spans")
    collections = [str(span.parent) for span in spans if span.name == "collection"]
    assert sorted(collections) == sorted(worker.id for worker in with_role(spans, "worker"))
