"""The places that settings are read from, and the messages about errors there."""

import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from tracetui.errors import suggestion
from tracetui.settings.values import SettingError, Settings, complaint, merged

PREFIX = "TRACETUI_"
CONFIG = "TRACETUI_CONFIG"
"""Names another file than the user's own; it has to be there."""

Layer = tuple[Mapping[str, Any], Mapping[str, str]]


def load(chosen: Mapping[str, Any] | None = None, directory: Path | None = None) -> Settings:
    """The settings; `chosen` on the command line (None: not given), the project's from `directory`.

    Raises `SettingError` for invalid TOML, an unknown key, and a value of the wrong type.
    """
    return merged(_layers(chosen or {}, directory or Path.cwd()))


def _layers(chosen: Mapping[str, Any], directory: Path) -> Iterator[Layer]:
    config = _config()
    if config is not None:
        yield _layer(_document(config), _shown(config))
    project = _project(directory)
    if project is not None:
        yield _layer(project[1], f"{_shown(project[0])}: tool.tracetui")
    yield _apart({f"{PREFIX}{name.upper()}": name for name in _fields()}, os.environ)
    given = {f"--{name}": value for name, value in chosen.items() if value is not None}
    yield _apart({option: option.removeprefix("--") for option in given}, given)


def gates_of(path: Path) -> Mapping[str, Any]:
    """The rules of `tracetui gate` in a TOML file of their own, at its top or in a table `gates`.

    Raises `SettingError` for a missing file, invalid TOML, and an invalid rule.
    """
    if not path.is_file():
        raise SettingError(f"{path}: no such file")
    document = _document(path)
    values, _ = _read({"gates": (document.get("gates", document), _shown(path))})
    rules: Mapping[str, Any] = values["gates"]
    return rules


def _fields() -> Mapping[str, Callable[[object], Any]]:
    """The parser of each setting. It loads msgspec, which help does not wait for."""
    from tracetui.settings.fields import FIELDS

    return FIELDS


def _config() -> Path | None:
    named = os.environ.get(CONFIG)
    if named:
        if not Path(named).is_file():
            raise SettingError(f"{CONFIG}: no such file: {named}")
        return Path(named)
    usual = user_config_path("tracetui") / "config.toml"
    return usual if usual.is_file() else None


def _project(directory: Path) -> tuple[Path, Mapping[str, Any]] | None:
    """The nearest pyproject.toml upwards that has a table of ours; others may be invalid."""
    for place in (directory, *directory.parents):
        path = place / "pyproject.toml"
        if path.is_file() and b"tracetui" in path.read_bytes():
            tools = _document(path).get("tool")
            ours = tools.get("tracetui") if isinstance(tools, dict) else None
            if isinstance(ours, dict):
                return path, ours
    return None


def _document(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError(f"{_shown(path)}: not valid TOML: {error}") from None


def _layer(document: Mapping[str, Any], origin: str) -> Layer:
    """A file's settings; an unknown name is an error."""
    for name in document:
        if name not in _fields():
            raise complaint(origin, name, f"unknown setting ({suggestion(name, _fields())})")
    return _read({name: (value, origin) for name, value in document.items()})


def _apart(names: Mapping[str, str], given: Mapping[str, Any]) -> Layer:
    """The settings that have a name of their own outside files."""
    return _read({name: (given[outside], outside) for outside, name in names.items() if outside in given})


def _read(written: Mapping[str, tuple[object, str]]) -> Layer:
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for name, (value, origin) in written.items():
        try:
            values[name] = _fields()[name](value)
        except ValueError as error:
            raise complaint(origin, name, str(error)) from None
        keys = values[name] if isinstance(values[name], dict) else ()
        origins |= dict.fromkeys((name, *(f"{name}.{key}" for key in keys)), origin)
    return values, origins


def _shown(path: Path) -> str:
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
