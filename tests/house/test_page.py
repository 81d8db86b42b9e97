"""The page for whoever comes next (tracetui/README.md) tells of the tree as it is."""

import re
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "tracetui"
PAGE = (PACKAGE / "README.md").read_text()
PATHS = sorted({name for name in re.findall(r"`([\w./]+)`", PAGE) if "/" in name or name.endswith(".py")})
MOST_LINES = 160


def place(name: str) -> Path:
    """What a path of the page means: below tracetui, or from the top for tests."""
    return (PACKAGE.parent if name.startswith("tests/") else PACKAGE) / name


def test_every_named_path_exists() -> None:
    """But for those of what a recipe has you write, and names of files that every mode has."""
    missing = [name for name in PATHS if "NAME" not in name and not place(name).exists()]
    assert missing == ["rows.py", "screen.py"]


def test_every_folder_is_named() -> None:
    """Nobody has to guess what a room is for; floors are named in the drawing."""
    folders = {path.parent.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py")} - {"."}
    unnamed = sorted(folder for folder in folders if f"`{folder}/`" not in PAGE)
    assert [folder for folder in unnamed if not re.search(rf"^\S +.*\b{folder}\b", PAGE, re.MULTILINE)] == []


def test_it_stays_a_page() -> None:
    """Which one reads from top to bottom."""
    assert len(PAGE.splitlines()) <= MOST_LINES
    assert max(map(len, PAGE.splitlines())) <= 125
