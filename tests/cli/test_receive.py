"""`tracetui receive`: what it says, how it ends, and that nothing it acknowledged is gone."""

import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.builders import line, span
from tests.cli.running import environment
from tests.processes import PATIENCE_S, started
from tests.recordings import recorded
from tracetui.cli import main
from tracetui.cli.record import receive


@contextmanager
def receiver(*options: object) -> Iterator[tuple[Any, str, str]]:
    """The command, what it says first, and where it takes OTLP/HTTP."""
    command = [sys.executable, "-m", "tracetui", "receive", *map(str, options)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with started(command, env=environment(), **pipes) as process:
        assert process.stderr is not None
        said = process.stderr.readline().decode()
        found = re.search(r"http (\S+?:[0-9]+)", said)
        yield process, said, f"http://{found[1]}/v1/traces" if found else ""


def post(url: str, content: bytes) -> int:
    """Posts JSON."""
    request = urllib.request.Request(url, content, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        return int(answer.status)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_with_what_it_received(tmp_path: Path, end: signal.Signals) -> None:
    """Ctrl+c is how it has to end: code 0, and a line that counts."""
    spans = tmp_path / "a" / "spans"
    with receiver(spans, "--grpc", ":0", "--http", ":0") as (process, said, url):
        at = r"127\.0\.0\.1:\d+"
        assert re.fullmatch(rf"tracetui: receiving by grpc {at}, http {at} into {spans} \(ctrl\+c .*\n", said)
        assert post(url, line(span("a"), span("b"))) == 200
        process.send_signal(end)
        out, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, err) == (0, b"")
    assert out.decode().startswith("2 spans and 0 log records received in 1 request, lost 0; ")
    assert len(recorded(spans).snapshot) == 2


@pytest.mark.parametrize("said", ["_say_where", "_summary"])
def test_it_ends_so_from_its_first_line_to_its_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    """Who reads that it listens may end it at once; ending it twice is ending it."""

    def ended(*_: object) -> str:
        signal.raise_signal(signal.SIGTERM)
        return "said"

    monkeypatch.setattr(receive, said, ended)
    if said == "_summary":
        monkeypatch.setattr(receive, "_waited", lambda _: 0)
    with pytest.raises(SystemExit) as over:
        main(["receive", str(tmp_path), "--grpc", "none", "--http", ":0"])
    assert over.value.code in (None, 0)


def test_a_kill_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """It was written before."""
    with receiver(tmp_path, "--grpc", "none", "--http", ":0") as (process, said, url):
        assert "grpc" not in said
        for number in range(20):
            assert post(url, line(span(f"s{number}"))) == 200
        process.kill()
        process.wait(PATIENCE_S)
    assert len(recorded(tmp_path).snapshot) == 20


def test_who_else_reaches_it_is_said(tmp_path: Path) -> None:
    """A host that is not this machine's own is used, and named."""
    with receiver(tmp_path, "--grpc", "none", "--http", "0.0.0.0:0") as (process, _, url):
        warning = process.stderr.readline().decode()
        said = r"0\.0\.0\.0:\d+ is not for this machine alone: everybody .*--token-file.*--tls-cert"
        assert re.search(said, warning)
        assert post(url.replace("0.0.0.0", "127.0.0.1"), line(span("a"))) == 200


def test_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Code 2 and one line."""
    file = tmp_path / "file"
    file.write_text("")
    for options, message in (
        ((tmp_path, "--grpc", "none", "--http", "none"), "nothing to listen on"),
        ((file, "--grpc", ":0"), "not a directory"),
        ((tmp_path, "--watch", "--grpc", ":0"), "--watch needs a terminal"),
        ((tmp_path, "--token-file", file, "--grpc", ":0"), "no token in it"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(["receive", *map(str, options)])
        out, err = capsys.readouterr()
        assert (ended.value.code, out, err.count("\n")) == (2, "", 1)
        assert message in err
