"""How long a command takes to start: `python -m tests.benchmarks.starting [--rounds N] [--instructions]`.

Told are whole processes beside `import numpy`: `--version`, `top` of 1,000 spans, and pytest with one test
that does nothing, without and with tracing. They are run in turns, and medians of processor time compared.
With `--instructions`, valgrind counts what is executed outside of the kernel instead, once.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median

from tests.benchmarks.overhead import clean_environment, instructions
from tests.benchmarks.spans import lines
from tracetui.tracing.overhead import run

SPANS = 1000
_PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_nothing.py")
WAYS = {
    "import numpy": ("-c", "import numpy"),
    "tracetui --version": ("-m", "tracetui", "--version"),
    f"tracetui top, {SPANS:,} spans": ("-m", "tracetui", "top", "spans.jsonl"),
    "pytest": _PYTEST,
    "pytest --tracetui": (*_PYTEST, "-p", "tracetui.tracing.pytest", "--tracetui=spans"),
}


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--instructions", action="store_true", help="count instructions, by valgrind")
    arguments = parser.parse_args()
    alone = {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    measure, rounds = (instructions, 1) if arguments.instructions else (run, arguments.rounds)
    costs: dict[str, list[float]] = {name: [] for name in WAYS}
    with tempfile.TemporaryDirectory(prefix="tracetui-starting-") as directory:
        (Path(directory) / "spans.jsonl").write_bytes(b"".join(lines("tracetui", SPANS, 1)))
        (Path(directory) / "test_nothing.py").write_text("def test_nothing():\n    pass\n")
        for number in range(rounds + 1):
            for name, command in WAYS.items():
                cost = (run if number == 0 else measure)(
                    [sys.executable, *command], Path(directory), clean_environment(alone)
                )
                if number:  # The first round fills caches: of bytecode, of the disk.
                    costs[name].append(cost.cpu)
    sys.stdout.write(table({name: median(each) for name, each in costs.items()}, arguments.instructions))


def table(costs: dict[str, float], are_instructions: bool) -> str:
    """The ways beside each other; the first is 1."""
    first, unit = next(iter(costs.values())), "M instructions" if are_instructions else "ms"
    each = 1 if are_instructions else 1000
    rows = [f"| {name} | {cost * each:.0f} | {cost / first:.2f} |\n" for name, cost in costs.items()]
    return "".join([f"| | {unit} | ratio |\n|---|--:|--:|\n", *rows])


if __name__ == "__main__":
    main()
