"""The user's command, what it finds in its environment, and what becomes of one that does not work."""

import os
import sys
from pathlib import Path

import pytest

from tracetui.errors import InputError, TracetuiError
from tracetui.rerun.traced_command import command_of, environment, run_traced
from tracetui.rerun.worktrees import Checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    (tmp_path / "code").mkdir()
    (tmp_path / "out" / "spans").mkdir(parents=True)
    return Checkout("0123456789abcdef", tmp_path / "code", tmp_path / "code")


def test_a_command_is_words_and_its_program_is_found_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link stays a link: it is what makes a virtual environment one."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pytest").symlink_to(sys.executable)
    monkeypatch.chdir(tmp_path)
    assert command_of("pytest -k 'a b'") == ["pytest", "-k", "a b"]
    assert command_of("bin/pytest -q") == [str(tmp_path / "bin" / "pytest"), "-q"]
    assert command_of("gone/pytest") == ["gone/pytest"]
    for wrong in ("", "pytest 'x"):
        with pytest.raises(InputError, match="--run"):
            command_of(wrong)


def test_its_code_comes_first_and_nothing_of_another_run(checkout: Checkout) -> None:
    """An installed package may be that of the user's checkout, and a CI run is not one run of ours."""
    inherited = {
        "PATH": "/bin",
        "PYTHONPATH": "mine",
        "TRACEPARENT": "x",
        "OTEL_TRACES_EXPORTER": "otlp",
        "HOME": "/h",
    }
    told = environment(inherited, checkout, Path("spans"), "confirm-1", None)
    assert told["PYTHONPATH"].split(os.pathsep) == [str(checkout.top), str(checkout.top / "src"), "mine"]
    assert told["PATH"].split(os.pathsep)[0] == "/bin"
    assert (told["TRACETUI_DIR"], told["HOME"]) == ("spans", "/h")
    assert (
        told["OTEL_RESOURCE_ATTRIBUTES"]
        == "cicd.pipeline.run.id=confirm-1,vcs.ref.head.revision=0123456789abcdef"
    )
    assert not {"TRACEPARENT", "OTEL_TRACES_EXPORTER", "TRACETUI_ONLY"} & set(told)
    assert environment({}, checkout, Path("spans"), "confirm-1", Path("only"))["TRACETUI_ONLY"] == "only"


def test_without_a_trace_it_says_what_the_command_said_last(checkout: Checkout) -> None:
    """Failed tests are no failure, a command that records nothing is."""
    spans = checkout.top.parent / "out" / "spans"
    write = f"open({str(spans / 'a.jsonl')!r}, 'w'); raise SystemExit(1)"
    assert run_traced([sys.executable, "-c", write], checkout, spans, "a") > 0
    with pytest.raises(TracetuiError, match=r"0123456789: no trace came of the command \(I am no test\)"):
        run_traced([sys.executable, "-c", "print('I am no test')"], checkout, spans, "b")
    with pytest.raises(InputError, match="--run nowhere: no such file"):
        run_traced(["nowhere"], checkout, spans, "c")
