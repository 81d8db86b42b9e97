"""A value that is false or empty is a value all the same: only what nobody gives leaves it to the others."""

from pathlib import Path
from typing import Any

import pytest

from tests.settings.complaints import complaint
from tracetui.settings import load
from tracetui.settings.fields import size


@pytest.mark.parametrize(
    ("written", "chosen", "value"),
    [
        ("ascii = true", {"ascii": False}, False),
        ("ascii = true", {"ascii": None}, True),
        ("ascii = false", {"ascii": None}, False),
        ("ascii = false", {"ascii": True}, True),
        ("cache = true", {"cache": False}, False),
        ("cache = false", {"cache": None}, False),
        ('columns = ["own"]', {"columns": ""}, ()),
        ("columns = []", {}, ()),
    ],
)
def test_false_on_the_command_line(
    config: Path,
    project: Path,
    written: str,
    chosen: dict[str, Any],
    value: object,
) -> None:
    """`--no-ascii` wins over a file's `ascii = true`."""
    config.write_text(written)
    (name,) = chosen or {"columns": None}
    found = load(chosen, project)
    assert getattr(found, name) == value
    assert found.origins[name] == (f"--{name}" if chosen.get(name) is not None else str(config))


@pytest.mark.parametrize("text", ["no", "0", "false", "off"])
def test_false_in_the_environment(
    config: Path,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
) -> None:
    """A variable that says no wins over a file that says yes, and the command line over both."""
    config.write_text("ascii = true")
    monkeypatch.setenv("TRACETUI_ASCII", text)
    assert load(directory=project).ascii is False
    assert load({"ascii": True}, project).ascii is True


@pytest.mark.parametrize(
    ("text", "told"), [("1", 1), ("0", None), ("1 k", 1000), ("1ki", 1024), ("0.5 kB", 500)]
)
def test_the_least_size(text: str, told: int | None) -> None:
    """A byte is a size, nothing is none."""
    if told is None:
        with pytest.raises(ValueError, match="expected a size"):
            size(text)
    else:
        assert size(text) == told
    if text.isdigit() and told:
        assert size(int(text)) == told


def test_a_size_of_many_digits() -> None:
    """However long, it is a number."""
    assert size("9" * 400 + " TB") > 10**400


def test_an_empty_variable_says_what_it_should_be(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An empty text is no theme."""
    monkeypatch.setenv("TRACETUI_THEME", "")
    assert complaint(directory=project) == "TRACETUI_THEME: expected a non-empty text"
