"""A thread for each kind of work that goes on beside another: one piece after the other."""

import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor


@cache
def own_thread(work: str, number: int = 0) -> "ThreadPoolExecutor":
    """This process's thread for one kind of `work`, or the one with a `number` where it has several.

    A process that was forked has its own: of its parent's threads none goes on in it.
    """
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(1, f"tracetui-{work}-{number}")


if hasattr(os, "register_at_fork"):  # Not on Windows.
    os.register_at_fork(after_in_child=own_thread.cache_clear)
