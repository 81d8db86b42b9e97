"""Work away from the screen, and what of it is left behind."""

from concurrent.futures import Future
from threading import Event, current_thread

import pytest

from tracetui.ui.feed.threads import Threads


def test_answers_and_errors() -> None:
    """Whoever waits gets what comes of it, be it an error."""
    threads = Threads()
    assert threads.submit(pow, 2, 5).result() == 32
    with pytest.raises(ZeroDivisionError):
        threads.submit(lambda: 1 / 0).result()


def test_none_waits_for_another() -> None:
    """However much is under way, more begins at once; in the end only what is nearly done is waited for."""
    threads, go_on = Threads(), Event()
    stuck: list[Future[bool]] = [threads.submit(go_on.wait) for _ in range(20)]
    assert threads.submit(lambda: current_thread().daemon).result()
    threads.shutdown()
    assert not any(each.done() for each in stuck)
    go_on.set()
    assert all(each.result() for each in stuck)


def test_a_free_thread_takes_the_next() -> None:
    """One piece after another needs one thread."""
    threads = Threads()
    names = set()
    for _ in range(20):
        names.add(threads.submit(lambda: current_thread().ident).result())
        threads._free.acquire()
        threads._free.release()
    assert len(names) == 1
