"""Settings: where they come from, who wins, and what is said of mistakes."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.settings.complaints import complaint
from tracetui.settings import Settings, load
from tracetui.settings.fields import FIELDS, flag, names, size, table
from tracetui.settings.values import SettingError


def test_nothing_is_set(project: Path) -> None:
    """Without any file or variable, settings are their defaults."""
    assert load(directory=project) == Settings()


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 2), (3, 3), (4, 4), (64, 4)])
def test_recordings_are_read_by_a_thread_for_each_of_four_cores(
    cores: int, threads: int, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More would scan what the others have no time to take; whoever has one core waits for none."""
    monkeypatch.setattr("tracetui.settings.values.cores", lambda: cores)
    assert load(directory=project).jobs == threads


def test_precedence(config: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line wins over the environment, that over the project, that over the user's file."""
    config.write_text('theme = "user"')
    assert load(directory=project).theme == "user"
    (project.parent / "pyproject.toml").write_text('[tool.tracetui]\ntheme = "project"')
    assert load(directory=project).theme == "project"
    monkeypatch.setenv("TRACETUI_THEME", "environment")
    assert load(directory=project).theme == "environment"
    assert load({"theme": "line"}, project).theme == "line"
    assert load({"theme": None}, project).theme == "environment"


def test_tables_are_merged_by_key(config: Path, project: Path) -> None:
    """Of two tables each key counts by itself; what only the weaker one has stays."""
    config.write_text('[keymap]\nquit = "x"\nhelp = "H"')
    (project.parent / "pyproject.toml").write_text("[tool.tracetui.keymap]\nquit = ['Q', 'ctrl+x']")
    assert load(directory=project).keymap == {"quit": "Q,ctrl+x", "help": "H"}


def test_every_kind_from_the_environment(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What TOML says with types, a variable says as text."""
    told = {"ASCII": "yes", "AXIS": "wall", "COLUMNS": "own, total", "MEMORY": "1.5GiB", "LIMIT": "1m30s"}
    for name, value in (told | {"FILTERS": '{ slow = "dur>2s" }'}).items():
        monkeypatch.setenv(f"TRACETUI_{name}", value)
    found = load(directory=project)
    assert (found.ascii, found.axis, found.columns) == (True, "wall", ("own", "total"))
    assert (found.memory, found.filters) == (3 * 2**29, {"slow": "dur>2s"})
    assert found.limit == 90_000_000_000


def test_another_file(tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """TRACETUI_CONFIG names another file than the usual; it has to be there."""
    path = tmp_path / "other.toml"
    monkeypatch.setenv("TRACETUI_CONFIG", str(path))
    assert str(path) in complaint(directory=project)
    path.write_text("ascii = true")
    assert load(directory=project).ascii


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('thme = "x"', "thme: unknown setting (did you mean theme?)"),
        ("zzz = 1", f"zzz: unknown setting (known are {', '.join(sorted(FIELDS))})"),
        ("ascii = 3", "ascii: expected true or false"),
        ('axis = "sundial"', "axis: expected relative or wall"),
        ('[fixed]\nt = "abc"', "fixed: expected at least 4 characters of each revision, or a date"),
        ('limit = "soon"', "limit: expected a duration such as 10m"),
        ('limit = "0"', "limit: expected a duration such as 10m"),
        ("limit = 600", "limit: expected a duration such as 10m"),
        ('memory = "much"', "memory: expected a size such as 512 MB"),
        ("jobs = 0", "jobs: expected a number of threads from 1 to 256"),
        ("jobs = 257", "jobs: expected a number of threads from 1 to 256"),
        ("memory = true", "memory: expected a size such as 512 MB"),
        ("columns = [1]", "columns: expected a non-empty text"),
        ('keymap = "quit"', "keymap: expected a table such as"),
        ("[keymap]\nquit = {}", "keymap: expected a non-empty text"),
        ("[keymap]\na.b.c = 'x'", "keymap: expected a non-empty text"),
        ("theme = ", "not valid TOML"),
    ],
)
def test_mistakes(config: Path, project: Path, written: str, told: str) -> None:
    """A mistake in a file ends in one line with the file, the key, and what is wanted."""
    config.write_text(written)
    message = complaint(directory=project)
    assert message.startswith(str(config))
    assert told in message
    config.unlink()
    ours = written.replace("[keymap]", "[tool.tracetui.keymap]").replace("[fixed]", "[tool.tracetui.fixed]")
    (project / "pyproject.toml").write_text(ours if ours != written else f"[tool.tracetui]\n{written}")
    assert told in complaint(directory=project)


def test_mistakes_elsewhere(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake in a variable or an option names that."""
    assert complaint(chosen={"ascii": "maybe"}, directory=project) == "--ascii: expected true or false"
    monkeypatch.setenv("TRACETUI_ASCII", "maybe")
    assert complaint(directory=project) == "TRACETUI_ASCII: expected true or false"


def test_bytes_that_are_no_text(config: Path, project: Path) -> None:
    """A file that is no UTF-8 is no TOML."""
    config.write_bytes(b'theme = "\xff"')
    assert "not valid TOML" in complaint(directory=project)


@pytest.mark.parametrize("content", ["[tool.tracetui", "[tool]\ntracetui = 3", "tool = 3 # tracetui", "x"])
def test_projects_of_others(project: Path, content: str) -> None:
    """A pyproject.toml without settings of ours is nothing to us, unless it is broken and names us."""
    (project / "pyproject.toml").write_text(content)
    if content == "[tool.tracetui":
        assert "not valid TOML" in complaint(directory=project)
    else:
        assert load(directory=project) == Settings()


def test_the_nearest_project(project: Path) -> None:
    """The nearest pyproject.toml with settings of ours counts; one without them is passed by."""
    (project / "pyproject.toml").write_text("[tool.other]")
    (project.parent / "pyproject.toml").write_text("[tool.tracetui]\nascii = true")
    assert load(directory=project).ascii


def test_what_a_screen_refuses(config: Path, project: Path) -> None:
    """What only a screen can know to be wrong is said with the same file and key."""
    config.write_text('theme = "tracetui-drak"')
    found = load(directory=project)
    with pytest.raises(SettingError) as caught:
        found.require_known("theme", found.theme or "", ["tracetui-dark", "tracetui-light"])
    told = "theme: unknown name tracetui-drak (did you mean tracetui-dark?)"
    assert str(caught.value) == f"{config}: {told}"


@pytest.mark.parametrize("reader", [flag, names, size, table, *FIELDS.values()])
@given(value=st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.lists(st.text()), st.none()))
def test_any_value(reader: object, value: object) -> None:
    """Whatever stands there, it is read or refused with a phrase, and nothing else."""
    assert callable(reader)
    try:
        reader(value)
    except ValueError as error:
        assert "expected" in str(error)  # noqa: PT017
