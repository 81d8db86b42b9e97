"""Threads for work that may be left behind: who quits does not wait for a study that no screen will show."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Thread
from typing import ParamSpec, TypeVar

PATIENCE_S = 0.3
"""What is nearly done, a small file that is being written, gets done."""

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Threads(ThreadPoolExecutor):
    """A thread for each piece of work. Those that are not done soon after the end end with the process.

    Python's own would be waited for by the event loop and by the interpreter, however long they take.
    """

    def __init__(self) -> None:
        super().__init__()
        self._busy: set[Thread] = set()

    def submit(
        self, fn: Callable[Given, Answer], /, *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Answer]:
        """Begins at once."""
        future: Future[Answer] = Future()

        def run() -> None:
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001 - whoever waits for the future gets it
                future.set_exception(error)
            finally:
                self._busy.discard(thread)

        thread = Thread(target=run, name="work", daemon=True)
        self._busy.add(thread)
        future.set_running_or_notify_cancel()
        thread.start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Waits for what is nearly done."""
        until = time.monotonic() + PATIENCE_S
        for thread in tuple(self._busy) if wait else ():
            thread.join(max(0.0, until - time.monotonic()))
