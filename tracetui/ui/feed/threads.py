"""Threads for work that may be abandoned: quitting does not wait for a study that no screen will show."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from functools import partial
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import Any, ParamSpec, TypeVar

PATIENCE_S = 0.3
"""What is nearly done, a small file that is being written, gets done."""

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Threads(ThreadPoolExecutor):
    """A thread for each piece of work in progress. Work that is not done soon after the end is abandoned.

    Python's own executor would be waited for by the event loop and by the interpreter, however long it takes;
    the loop accepts no other kind of executor.
    """

    def __init__(self) -> None:
        super().__init__()
        self._tasks: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._free = Semaphore(0)
        self._under_way: set[Future[Any]] = set()

    def submit(
        self, fn: Callable[Given, Answer], /, *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Answer]:
        """Start at once, in a free thread or a new one."""
        future: Future[Answer] = Future()
        self._under_way.add(future)
        future.add_done_callback(self._under_way.discard)
        self._tasks.put(partial(_answer, future, partial(fn, *args, **kwargs)))
        if not self._free.acquire(blocking=False):
            Thread(target=self._serve, name="work", daemon=True).start()
        return future

    def _serve(self) -> None:
        while True:
            self._tasks.get()()
            self._free.release()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Wait for work that is nearly done."""
        if wait:
            wait_for(tuple(self._under_way), PATIENCE_S)


def _answer(future: Future[Answer], work: Callable[[], Answer]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        answer = work()
    except BaseException as error:  # noqa: BLE001 - whoever waits for the future gets it
        future.set_exception(error)
    else:
        future.set_result(answer)
