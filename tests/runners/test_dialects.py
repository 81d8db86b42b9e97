"""What runners in JavaScript, and reporters that others wrote for them, say of tests."""

from pathlib import Path

from tests.runners.running import VITEST_OUTCOMES, Opened, opened
from tracetui.model.role import HookKind, Role

DATA = Path(__file__).parents[1] / "data" / "dialects"


def hooks(found: Opened) -> set[tuple[str, HookKind]]:
    """The title and the kind of each hook."""
    kinds = found.snapshot.hook_kind
    return {(found.snapshot.title(row), HookKind(int(kinds[row]))) for row in found.rows(Role.HOOK)}


def test_vitest_with_a_runner_that_says_outcomes() -> None:
    """A runner of the user's makes the span of a test whole; the import of a file is its collection."""
    found = opened(DATA / "vitest-4.1.12-runner.traces.jsonl")
    assert found.outcomes(Role.TEST) == VITEST_OUTCOMES
    assert ("/home/user/shop/orders.test.mjs", HookKind.COLLECTION) in hooks(found)


def test_playwright_opentelemetry() -> None:
    """Skips and failures that should be are not what its own status says; attempts are tests of one name."""
    found = opened(DATA / "playwright-opentelemetry-0.9.0.traces.jsonl")
    orders = "orders.spec.js::an order > "
    assert found.outcomes(Role.TEST) == [
        ("depot.spec.js::opens", "passed"),
        (f"{orders}hangs", "error"),
        (f"{orders}has a total", "passed"),
        (f"{orders}is flaky", "failed"),
        (f"{orders}is flaky", "passed"),
        (f"{orders}is refused", "failed"),
        (f"{orders}is sent", "skipped"),
        (f"{orders}should not hold", "xfailed"),
    ]
    assert ("beforeAll hook", HookKind.CLASS) in hooks(found)
    assert ('Fixture "total"', HookKind.FUNCTION) in hooks(found)
    assert ("adds up", "unknown") in found.outcomes(Role.OTHER)
    (hanging,) = (row for row in found.rows(Role.TEST) if found.snapshot.title(row) == f"{orders}hangs")
    assert found.snapshot.timed_out[hanging]


def test_cucumber() -> None:
    """Scenarios by their file; a step that nobody has written breaks its scenario."""
    found = opened(DATA / "cucumber-12.9.0.traces.jsonl")
    assert found.outcomes(Role.TEST) == [
        ("features/orders.feature::has a total", "passed"),
        ("features/orders.feature::is left out", "skipped"),
        ("features/orders.feature::is not there yet", "error"),
        ("features/orders.feature::is refused", "failed"),
    ]
    assert hooks(found) == {("Before", HookKind.FUNCTION), ("After", HookKind.FUNCTION)}
    assert ("it is sent", "skipped") in found.outcomes(Role.OTHER)
