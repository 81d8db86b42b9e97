"""Runners that send spans of their own, set up as the documentation says, word for word."""

import re
from pathlib import Path

from tests.npm import needs
from tests.runners.running import PAGE, VITEST_OUTCOMES, Recorded, recorded, suite
from tracetui.model.role import Role

_BLOCK = re.compile(r"```js\n(.*?)```", re.DOTALL)
_FILE = re.compile(r"^// ([\w.]+\.[cm]js)[^\n]*\n(.*?)(?=^// [\w.]+\.[cm]js|\Z)", re.DOTALL | re.MULTILINE)
CUCUMBER = re.findall(r"`tracetui exec -- (env NODE_OPTIONS=\"--require \./otel[^`]+)`", PAGE)


def set_up(directory: Path, telling: str) -> None:
    """Write the files of the page's block that has such a text."""
    (block,) = [block for block in _BLOCK.findall(PAGE) if telling in block]
    for name, content in _FILE.findall(block):
        (directory / name).write_text(content)


def require_all(run: Recorded) -> None:
    """All spans have come, and have ended."""
    assert run.ran.returncode == 1
    assert b"lost 0" in run.ran.stderr
    assert run.snapshot.health.rejected == run.snapshot.health.torn == 0
    assert (run.snapshot.end_ns > 0).all()


@needs("vitest")
@needs("@opentelemetry/sdk-node")
def test_vitest(tmp_path: Path) -> None:
    """By its OpenTelemetry support: a runner of ten lines says names and outcomes."""
    directory = suite("vitest", tmp_path)
    set_up(directory, "VitestTestRunner")
    run = recorded(directory, "npx vitest run orders")
    require_all(run)
    assert run.outcomes(Role.TEST) == VITEST_OUTCOMES


@needs("@cucumber/cucumber")
@needs("@opentelemetry/sdk-node")
@needs("@opentelemetry/instrumentation-cucumber")
def test_cucumber(tmp_path: Path) -> None:
    """By OpenTelemetry's instrumentation: scenarios are tests, steps and hooks are in them."""
    directory = suite("cucumber", tmp_path)
    set_up(directory, "CucumberInstrumentation")
    (recipe,) = CUCUMBER
    run = recorded(directory, recipe)
    require_all(run)
    feature = "features/orders.feature"
    assert run.outcomes(Role.TEST) == [
        (f"{feature}::has a total", "passed"),
        (f"{feature}::is refused", "failed"),
        (f"{feature}::is sent", "error"),
    ]
    titles = [run.snapshot.title(row) for row in range(len(run.snapshot))]
    assert {"the total is 5", "the total is 6", "something that nobody wrote"} <= set(titles)
    assert run.rows(Role.HOOK)
