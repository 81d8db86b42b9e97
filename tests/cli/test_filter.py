"""`--filter` without a terminal: the same conditions, counted against the json module alone."""

import pytest

from tests.builders import MS, case, line
from tests.cli.running import EVERGREEN, answer, attribute, is_failed, spans, took_ns, tracetui


def test_waterfall() -> None:
    """Spans that are meant are shown with all above them; the rest is counted."""
    found = answer("waterfall", EVERGREEN, "--filter", "role:test dur>1s")
    slow = [
        one for one in spans(EVERGREEN) if one["name"] == "job._execute_test" and took_ns(one) > 1000 * MS
    ]
    assert found["filter"]["matched"] == len(slow)
    assert sum(row["role"] == "test" for row in found["rows"]) == len(slow)
    assert {row["role"] for row in found["rows"]} == {"suite", "test"}
    assert found["hidden"] == len(spans(EVERGREEN)) - len(found["rows"])


def test_top() -> None:
    """A ranking adds up only what is meant."""
    found = answer("top", EVERGREEN, "--filter", "outcome:failed", "-n", "0")
    failed = [one for one in spans(EVERGREEN) if one["name"] == "job._execute_test" and is_failed(one)]
    assert len(found["rows"]) == len(failed)


def test_attributes() -> None:
    """An attribute that no column holds is looked for in the spans themselves."""
    tests = [one for one in spans(EVERGREEN) if one["name"] == "job._execute_test"]
    some_id = attribute(tests[7], "test_id")
    found = answer("waterfall", EVERGREEN, "--filter", f'role:test attr.test_id="{some_id}"')
    assert found["filter"]["matched"] == sum(attribute(one, "test_id") == some_id for one in tests)


def test_lanes() -> None:
    """Lanes hold only the blocks that are meant."""
    found = answer("lanes", EVERGREEN, "--filter", "name:explain")
    assert sum(lane["tests"] for lane in found["rows"]) == 2


def test_lanes_keep_their_names() -> None:
    """A block is on the same lane with a filter as without one, though nothing names the lane."""
    whole = {lane["name"] for lane in answer("lanes", EVERGREEN)["rows"]}
    for name in whole:
        (row,) = answer("lanes", EVERGREEN, "--filter", f"lane:{name}")["rows"]
        assert row["name"] == name


@pytest.mark.parametrize("verb", ["waterfall", "top", "lanes"])
def test_pages(verb: str) -> None:
    """A page says which filter is at work, and how much it hides; the filter is text like any other."""
    ran = tracetui(verb, "-", "--filter", 'a or "\x1b[2J"', stdin=line(case("a"), case("b")))
    assert ran.returncode == 0
    assert ran.stdout.decode().splitlines()[-1] == 'filter a or "␛[2J": 1 span, 1 hidden'


def test_mistake() -> None:
    """A mistake in a filter is one line, before anything is read."""
    ran = tracetui("top", "nowhere", "--filter", "rol:test")
    assert ran.returncode == 2
    assert ran.stderr == b"tracetui: filter: unknown key rol, at 1; did you mean role?\n"
