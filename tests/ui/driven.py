"""An app under test for a state machine: a step at a time, on an event loop that stands still in between."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from typing import Generic, TypeVar

Driven = TypeVar("Driven")
Step = Callable[[Driven], Awaitable[None]]


class Driver(Generic[Driven]):
    """Keeps an asynchronous context open in one task, where context variables last, and takes steps in it."""

    def __init__(self, context: AbstractAsyncContextManager[Driven]) -> None:
        self._loop = asyncio.new_event_loop()
        self._steps: asyncio.Queue[Step[Driven] | None] = asyncio.Queue()
        self._done: asyncio.Queue[Future[None]] = asyncio.Queue()
        self._task = self._loop.create_task(self._drive(context))
        self._next()

    async def _drive(self, context: AbstractAsyncContextManager[Driven]) -> None:
        async with context as driven:
            step: Step[Driven] | None = None
            while True:
                answer: Future[None] = Future()
                try:
                    if step:
                        await step(driven)
                    answer.set_result(None)
                except Exception as error:  # noqa: BLE001 - whoever asked for the step gets it
                    answer.set_exception(error)
                self._done.put_nowait(answer)
                step = await self._steps.get()
                if step is None:
                    return

    def _next(self) -> None:
        done = self._loop.create_task(self._done.get())
        both: list[asyncio.Task[object]] = [done, self._task]
        self._loop.run_until_complete(asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED))
        if done.done():
            done.result().result()
        else:
            done.cancel()
            self._task.result()

    def take(self, step: Step[Driven]) -> None:
        """Takes a step; raises what it raises."""
        self._steps.put_nowait(step)
        self._next()

    def close(self) -> None:
        """Leaves the context; raises what that raises."""
        try:
            self._steps.put_nowait(None)
            self._loop.run_until_complete(self._task)
        finally:
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()
