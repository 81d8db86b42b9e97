"""Opening an editor: the command line of each, and where a file is."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracetui.errors import InputError
from tracetui.ui.app.editor import command, editor, find


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["vim"], ["vim", "+7", "/x.py"]),
        (["/usr/bin/nano", "-w"], ["/usr/bin/nano", "-w", "+7", "/x.py"]),
        (["emacsclient", "-t"], ["emacsclient", "-t", "+7", "/x.py"]),
        (["code", "--wait"], ["code", "--wait", "--goto", "/x.py:7"]),
        (["hx"], ["hx", "/x.py:7"]),
        (["pycharm"], ["pycharm", "--line", "7", "/x.py"]),
    ],
)
def test_commands(words: list[str], expected: list[str]) -> None:
    """Each editor is told the line in its own way."""
    assert command(words, Path("/x.py"), 7) == expected
    assert command(words, Path("/x.py"), 0) == [*words, "/x.py"]


def test_which_editor() -> None:
    """VISUAL comes before EDITOR, with its own arguments."""
    assert editor({"VISUAL": "code --wait", "EDITOR": "vi"}) == ["code", "--wait"]
    assert editor({"EDITOR": "'my editor' -x"}) == ["my editor", "-x"]
    for none in ({}, {"EDITOR": ""}, {"EDITOR": "'"}):
        with pytest.raises(InputError, match="export EDITOR"):
            editor(none)


def test_where_a_file_is(tmp_path: Path) -> None:
    """A relative file is looked for below each base, an absolute one of another machine by its tail."""
    (tmp_path / "b" / "tests").mkdir(parents=True)
    wanted = tmp_path / "b" / "tests" / "test_x.py"
    wanted.write_text("")
    bases = [tmp_path / "a", tmp_path / "b"]
    assert find("tests/test_x.py", bases) == wanted.resolve()
    assert find("/build/checkout/tests/test_x.py", bases) == wanted.resolve()
    assert find(str(wanted), []) == wanted.resolve()


@given(st.text(max_size=300) | st.just("a" * 100_000) | st.just("\0") | st.just("/" + "x/" * 3000))
def test_no_such_file(file: str) -> None:
    """Any other text is one clear error."""
    with pytest.raises(InputError, match="not on this machine"):
        find(f"{file}\ud800/none", [Path("/nowhere")])
