"""A thread of its own for a kind of work, in each process."""

import subprocess
import sys
import threading

from tests.processes import PATIENCE_S
from tracetui.own_thread import own_thread

FORKED = """
import os
from tracetui.own_thread import own_thread
assert own_thread("work").submit(int).result() == 0
child = os.fork()
if not child:
    os._exit(own_thread("work").submit(int, "7").result())
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_one_for_each_kind_of_work() -> None:
    """And for each number of a kind."""
    kinds = (("one", 0), ("other", 0), ("other", 1))
    threads = [own_thread(*kind).submit(threading.get_ident).result() for kind in kinds * 2]
    assert threads[:3] == threads[3:]
    assert len({*threads, threading.get_ident()}) == 4


def test_a_forked_process_has_its_own() -> None:
    """That of its parent does not run in it: it would wait for ever."""
    ran = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, timeout=PATIENCE_S, check=True)
    assert ran.stdout == b"7\n", ran.stderr
