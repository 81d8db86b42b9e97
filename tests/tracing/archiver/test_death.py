"""Archives of processes that were killed: whole, or not there."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.budgets import examples
from tests.processes import PATIENCE_S, started
from tests.tracing.archiver.archives import FREELY, manifest
from tracetui.tracing.archiver.ledger import Ledger, Totals

MOMENTS = examples(15)
_PACKING = """
import os, sys
from pathlib import Path
from tracetui.tracing.archiver.archive import Archiver
from tracetui.tracing.archiver.gather import Root
from tracetui.tracing.archiver.ledger import Ledger
from tracetui.tracing.archiver.limits import Limits

here = Path(sys.argv[1])
limits = Limits(tests=10**6, free_share=0)
for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        archiver = Archiver(here, Ledger(here / "artifacts", "1", limits), limits)
        while True:
            archiver.pack("test", [Root("glob", str(here / "noise"), "noise")], {})
    print(pid, flush=True)
    os.waitpid(pid, 0)
"""


def test_a_killed_process_leaves_whole_archives_only(tmp_path: Path) -> None:
    """kill -9 at random moments: what has its final name is whole, the rest is gone with the next run.

    The last process lives until something is whole: a busy machine may not come so far in any other.
    """
    chance = random.Random(50)
    (tmp_path / "noise").write_bytes(chance.randbytes(1_000_000))
    artifacts = tmp_path / "artifacts"
    command = [sys.executable, "-c", _PACKING, str(tmp_path)]
    with started(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for moment in range(MOMENTS):
            process.stdin.write(b"go\n")
            process.stdin.flush()
            pid = int(process.stdout.readline())
            time.sleep(0.1 * chance.random())
            last = time.monotonic() + (PATIENCE_S if moment == MOMENTS - 1 else 0)
            while time.monotonic() < last and not list(artifacts.glob("*.tar.zst")):
                time.sleep(0.02)
            os.kill(pid, signal.SIGKILL)
        process.stdin.close()
        process.wait(PATIENCE_S)  # It waits for the one killed last, which holds its files until then.
    whole = list(artifacts.glob("*.tar.zst"))
    assert whole
    for path in whole:
        assert manifest(path)["members"][0]["size_bytes"] == 1_000_000
    Ledger(artifacts, "2", FREELY).open()
    assert list(artifacts.glob("*tmp*")) == []
    assert [path.name for path in artifacts.glob(".run-*")] == [".run-2"]


def test_what_a_living_process_holds_is_left_alone(tmp_path: Path) -> None:
    """Another run in the same directory is not disturbed, and takes no name that is reserved."""
    first, second = Ledger(tmp_path, "1", FREELY), Ledger(tmp_path, "2", FREELY)
    slots = [first.reserve("test"), second.reserve("test")]
    names = [slot.final.name for slot in slots if not isinstance(slot, str)]
    assert names == ["test-1.tar.zst", "test-2.tar.zst"]
    assert len(list(tmp_path.glob("*tmp*"))) == 2
    first.close(remove=True)
    assert [path.name for path in tmp_path.glob(".run-*")] == [".run-2"]


def test_room_that_a_killed_worker_had_reserved_comes_back(tmp_path: Path) -> None:
    """Its temporary file is removed, its reservation void; the account of the run goes on."""
    code = """
import os, signal, sys
from pathlib import Path
from tracetui.tracing.archiver.ledger import Ledger
from tracetui.tracing.archiver.limits import Limits
Ledger(Path(sys.argv[1]), "1", Limits(tests=2)).reserve("killed")
os.kill(os.getpid(), signal.SIGKILL)
"""
    ledger = Ledger(tmp_path, "1", FREELY)
    slot = ledger.reserve("whole")
    assert not isinstance(slot, str)
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert len(list(tmp_path.glob("*tmp*"))) == 2
    ledger.settle(slot, 700)
    assert not isinstance(ledger.reserve("next"), str)
    assert [path.name.partition(".tar")[0] for path in tmp_path.glob("*tmp*")] == ["next-1"]
    assert ledger.totals() == Totals(2, 700 + FREELY.test_bytes, 0)
