"""Processes that have imported what headless verbs need, or the engines too, and fork for each command.

What a fork shows differs from a process of its own in nothing but the start; `test_forks.py` holds the two
together.
"""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import walk_packages

from tests.forking import run_forked, serve, server
from tracetui.cli.fleet.changes import VERBS as SQL

VERBS = (
    "advise",
    "beside",
    "critical-path",
    "flaky",
    "gate",
    "history",
    "ledger",
    "waterfall",
    "top",
    "lanes",
    "check",
    "plan",
    "what-if",
    "prune",
    "compare",
    "export",
    "report",
)
"""Those of which nothing depends on what else the process has imported."""
FLEET = ("ingest", "compact", "prune", "init", *SQL, "sql")
"""The same of `tracetui fleet`, in a process that has the engines too."""

_IMPORTED_BY = ("waterfall", "top", "lanes", "check")
_OURS = ("analysis", "cli", "formats", "ingest", "report", "scan", "sources", "store")
"""What commands load of us when they need it, a fork has."""
_ENGINES = (
    *("ibis.backends.duckdb", "ibis.expr.datatypes", "pyarrow.compute", "pyarrow.dataset", "pyarrow.parquet"),
    *(
        "tracetui.fleet.ingest.loading",
        "tracetui.fleet.store.lake.writing",
        "tracetui.fleet.store.lake.reading",
    ),
    *(f"tracetui.fleet.report.{name}" for name in ("cost", "doctor", "flaky", "formats", "history")),
    *(f"tracetui.fleet.report.{name}" for name in ("overheads", "regress", "slowest", "stats")),
)


def is_forked(arguments: Sequence[str]) -> bool:
    """Whether `run_forked` can run this command; those of `fleet` if its libraries are there."""
    if arguments[:1] == ["fleet"]:
        return arguments[1:2] != [] and arguments[1] in FLEET and find_spec("ibis") is not None
    return arguments[:1] != [] and arguments[0] in VERBS


def run_tracetui_forked(
    arguments: Sequence[str], cwd: Path | None, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[bytes]:
    """Run `tracetui` with `arguments` in a fork."""
    also = "engines" if arguments[0] == "fleet" else ""
    # A library's threads do not survive a fork.
    asked = server(__name__, also, PYTHONUTF8="1", LC_ALL="C.UTF-8", OPENBLAS_NUM_THREADS="1")
    return run_forked(asked, arguments, cwd or Path.cwd(), environment)


def _import_all() -> None:
    """Run the verbs once, each in its own way to an end, for what they import."""
    from tracetui.cli import main

    recording = Path(__file__).parents[1] / "data" / "resmoke" / "evergreen"
    for verb in _IMPORTED_BY:
        for form in ("table", "json"):
            try:
                main([verb, str(recording), "--format", form])
            except SystemExit as end:
                if end.code not in (0, 1):
                    raise
    sys.stdout.flush()
    for part in _OURS:
        package = import_module(f"tracetui.{part}")
        for module in walk_packages(package.__path__, f"tracetui.{part}."):
            import_module(module.name)


def _import_engines() -> None:
    """Nothing is asked of them: no thread would survive a fork, and waiting for it would never end."""
    for name in _ENGINES:
        import_module(name)
    # Made by the import, with a thread that its end would wait for.
    import_module("duckdb").default_connection().close()
    threads = [(task / "comm").read_text().strip() for task in Path("/proc/self/task").iterdir()]
    # What follows a fork is taken care of by Arrow's allocator itself.
    assert len(threads) - threads.count("jemalloc_bg_thd") == 1, threads


if __name__ == "__main__":
    _import_all()
    if sys.argv[2]:
        _import_engines()
    serve()

    from tracetui.cli import main

    main()
