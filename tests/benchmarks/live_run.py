"""A run under way, as our tracer writes one under xdist: `python -m tests.benchmarks.live_run DIR [SECONDS]`.

Four workers write a file each, a line a span, with a start record before each test and phase and a heartbeat
from time to time; so many spans a second, in the time of the clock. `--before SPANS` have already ended.
"""

import argparse
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests import builders
from tests.benchmarks.spans import Pairs

WORKERS = 4
TICK_S = 0.1
BEAT_S = 5.0
LIVE_BYTES = 1 << 17
"""A longer file of start records is written anew, with what is open."""
SPANS_A_TEST = 4
RESOURCE: Pairs = {"service.name": "depot", "telemetry.sdk.language": "python"}
COMMON: Pairs = {
    "code.file.path": "tests/depot/test_depot.py",
    "code.function.name": "test_depot_keeps_order",
    "code.line.number": 212,
    "thread.name": "MainThread",
    "python.version": "3.13.1",
    "tracetui.run.id": "run-1",
}


class Files:
    """What one process writes: ended spans, and beside them what is open; its clock may be ahead."""

    def __init__(self, directory: Path, name: str, run: str, ahead_ns: int = 0) -> None:
        self._resource = RESOURCE | {"cicd.pipeline.run.id": run}
        self._resource |= {"service.instance.id": name} if ahead_ns else {}
        self._ahead_ns = ahead_ns
        self._live = directory / "live" / f"{name}.logs.jsonl"
        self._live.parent.mkdir(parents=True, exist_ok=True)
        self.paths = [directory / f"{name}.traces.jsonl"]
        self.spans = self.paths[0].open("ab", buffering=0)
        self._log = self._live.open("ab", buffering=0)
        self._open: dict[str, bytes] = {}

    def start(self, span: builders.Json) -> None:
        """Says that a span has begun."""
        record = builders.start_record(self._by_clock(span), resource=self._resource)
        self._open[span["spanId"]] = record
        self._log.write(record)

    def end(self, *spans: builders.Json) -> None:
        """Writes spans that ended."""
        for span in spans:
            self._open.pop(span["spanId"], None)
        written = map(self._by_clock, spans)
        self.spans.write(b"".join(builders.line(span, resource=self._resource) for span in written))
        if self._log.tell() > LIVE_BYTES:
            self._compact()

    def _by_clock(self, span: builders.Json) -> builders.Json:
        times = {key: int(span[key]) for key in ("startTimeUnixNano", "endTimeUnixNano") if key in span}
        return span | {key: str(ns + self._ahead_ns) for key, ns in times.items() if ns}

    def rotate(self) -> None:
        """Goes on in another file; of those before only the last is kept."""
        self.spans.close()
        stem = self._live.name.partition(".")[0]
        self.paths.append(self.paths[-1].with_name(f"{stem}.{len(self.paths)}.traces.jsonl"))
        self.spans = self.paths[-1].open("ab", buffering=0)
        for path in self.paths[:-2]:
            path.unlink(missing_ok=True)

    def beat(self) -> None:
        """Says that the process lives."""
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        self._log.write(
            builders.heartbeat(
                time.time_ns(),
                pid=os.getpid(),
                host=socket.gethostname(),
                boot_id=boot,
                open_spans=len(self._open),
            )
        )

    def _compact(self) -> None:
        self._log.close()
        self._live.unlink()
        self._log = self._live.open("ab", buffering=0)
        self.beat()
        self._log.write(b"".join(self._open.values()))

    def close(self) -> None:
        """The run is over."""
        self.spans.close()
        self._log.close()
        self._live.unlink()


class LiveRun:
    """A suite, its workers, and one test after the other on each; `told` counts spans written, ended ones.

    The clock of the last worker may be `ahead_ns`.
    """

    def __init__(
        self,
        directory: Path,
        name: str = "depot",
        start_ns: int | None = None,
        run: str = "",
        ahead_ns: int = 0,
    ) -> None:
        self.told = 0
        run = run or name
        self._trace = builders.id_of(run) + builders.id_of(directory, run)
        self._start = start_ns or time.time_ns()
        self._name = name
        self._number = 0
        self._control = Files(directory, f"{name}-control", run)
        clocks = [0] * (WORKERS - 1) + [ahead_ns]
        self._workers = [Files(directory, f"{name}-gw{n}", run, ahead) for n, ahead in enumerate(clocks)]
        self._clocks = [self._start] * WORKERS
        suite = {
            "tracetui.span.role": "suite",
            "test.suite.name": name,
            "test.suite.run.status": "in_progress",
        }
        self._suite = self._begun(self._control, name, suite, self._start, None)
        self._lanes = [
            self._begun(file, f"worker gw{number}", self._lane(number), self._start, self._suite)
            for number, file in enumerate(self._workers)
        ]
        self._under_way = [self._test(number, self._start) for number in range(WORKERS)]
        self.beat()  # Not before: what began earlier than a beat that knows of nothing open has been lost.

    def _lane(self, worker: int) -> Pairs:
        return {"tracetui.span.role": "worker", "pytest.xdist.worker": f"gw{worker}"}

    def _begun(
        self,
        file: Files,
        name: str,
        told: Mapping[str, str | int | float | bool],
        start: int,
        parent: builders.Parent,
    ) -> builders.Json:
        made = builders.span(name, told, start=start, end=0, parent=parent, trace=self._trace)
        file.start(made)
        return made

    def _test(self, worker: int, start: int) -> builders.Json:
        self._number += 1
        name = f"tests/test_{self._number // 97}.py::test_{self._name}_{self._number % 3000}"
        made = builders.case(
            name,
            worker=f"gw{worker}",
            start=start,
            end=0,
            parent=self._lanes[worker],
            trace=self._trace,
            id=builders.id_of(self._name, self._number),
        )
        made["attributes"] += builders.key_values(COMMON)
        self._workers[worker].start(made)
        return made

    def step(self, now_ns: int) -> None:
        """The test that began first ends now, with its phases, and another begins."""
        worker = self._clocks.index(min(self._clocks))
        test, begin = self._under_way[worker], self._clocks[worker]
        edges = [begin, begin + (now_ns - begin) // 10, now_ns - (now_ns - begin) // 10, now_ns]
        phases = [
            builders.span(
                when,
                {"tracetui.span.role": "phase", "pytest.when": when, **COMMON},
                start=edges[place],
                end=edges[place + 1],
                parent=test,
                trace=self._trace,
                id=builders.id_of(test["spanId"], when),
            )
            for place, when in enumerate(("setup", "call", "teardown"))
        ]
        ended = test | {"endTimeUnixNano": str(now_ns), "status": {"code": 1}}
        self._workers[worker].start(phases[1])
        self._workers[worker].end(*phases, ended)
        self.told += SPANS_A_TEST
        self._clocks[worker] = now_ns
        self._under_way[worker] = self._test(worker, now_ns)

    def beat(self) -> None:
        """Every process says that it lives."""
        for file in (self._control, *self._workers):
            file.beat()

    @property
    def paths(self) -> list[Path]:
        """The files of spans that are there."""
        files = (self._control, *self._workers)
        return [path for file in files for path in file.paths if path.exists()]

    def rotate(self) -> None:
        """All workers go on in other files."""
        for file in self._workers:
            file.rotate()

    def close(self, now: int | None = None) -> None:
        """What is open ends now, the suite last."""
        now = now or time.time_ns()
        for file, lane, test in zip(self._workers, self._lanes, self._under_way, strict=True):
            file.end(*(span | {"endTimeUnixNano": str(now), "status": {}} for span in (test, lane)))
            file.close()
        self._control.end(self._suite | {"endTimeUnixNano": str(now), "status": {}})
        self._control.close()
        self.told += 2 * WORKERS + 1


def pace(
    run: LiveRun, rate: float, seconds: float, rest: Callable[[float], object] = time.sleep
) -> Iterator[float]:
    """Writes so many spans a second for so long; yields the seconds gone by, every tick, and rests."""
    begin, beats, done = time.monotonic(), 0, 0
    while (gone := time.monotonic() - begin) < seconds:
        while done < gone * rate:
            run.step(time.time_ns())
            done += SPANS_A_TEST
        if gone >= beats * BEAT_S:
            beats += 1
            run.beat()
        yield gone
        rest(TICK_S)


def fill(run: LiveRun, spans: int, start_ns: int, end_ns: int) -> None:
    """So many spans that have ended, from when to when."""
    tests = spans // SPANS_A_TEST
    for number in range(tests):
        run.step(start_ns + (end_ns - start_ns) * (number + 1) // tests)


def main() -> None:
    """Writes, and goes away with its run ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("seconds", type=float, nargs="?", default=60.0)
    parser.add_argument("--rate", type=float, default=150.0)
    parser.add_argument("--before", type=int, default=0)
    options = parser.parse_args()
    now = time.time_ns()
    begin = now - round(options.before / options.rate * 1e9)
    run = LiveRun(options.directory, start_ns=begin)
    fill(run, options.before, begin, now)
    for _ in pace(run, options.rate, options.seconds):
        pass
    run.close()


if __name__ == "__main__":
    main()
