"""Arguments and options that several commands share; their values are names, so that help loads nothing."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tracetui.settings import Settings, load

if TYPE_CHECKING:
    ParamType = click.ParamType[Any]
else:
    ParamType = click.ParamType  # Until click 8.3 it has no parameter.

Command = TypeVar("Command", bound=Callable[..., Any])

BY = ("test", "file", "suite", "hook", "archiver", "role", "name")
SORT = (
    "name",
    "count",
    "failed",
    "own",
    "total",
    "mean",
    "p50",
    "p95",
    "max",
    "share",
    "reruns",
    "range",
    "trend",
)
_NO_TIMES = ("name", "count", "failed", "share", "reruns", "trend")

THEMES = (
    "tracetui-dark",
    "tracetui-light",
    "tracetui-warm",
    "tracetui-contrast",
    "tracetui-blue-orange",
    "tracetui-blue-orange-light",
    "tracetui-16",
)

_CHOSEN = "tracetui.settings.chosen"
_SETTINGS = "tracetui.settings"
"""Where the context of a command has what was chosen on its line, and the settings that follow."""

form: Callable[[Command], Command] = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="A page to read, or JSON with integer nanoseconds.",
)
width: Callable[[Command], Command] = click.option(
    "--width",
    type=click.IntRange(40, 1000),
    help="Width of the page in columns (default: the terminal's, else COLUMNS, else 120).",
)
filtered: Callable[[Command], Command] = click.option(
    "--filter",
    "wanted",
    metavar="FILTER",
    help="Only matching spans: 'role:test outcome:failed dur>2s name~\"core\" attr.key=value not lane:gw1'.",
)


run: Callable[[Command], Command] = click.option(
    "--run",
    metavar="RUN",
    help="Only this run: newest, all, a place (1 began last), a pipeline's run id, or a part of its name.",
)
job: Callable[[Command], Command] = click.option(
    "--job",
    metavar="JOB",
    help="Only this job of the run, or one shard of a job: a place, a name, its shard or its runner.",
)


def one_run(command: Command) -> Command:
    """Add the options for the run and its job."""
    taking: Command = run(job(command))
    return taking


def _note(context: click.Context, param: click.Parameter, value: object) -> None:
    """Store a setting instead of passing it on: it is read with `chosen()`."""
    context.meta.setdefault(_CHOSEN, {})[param.name] = value


theme: Callable[[Command], Command] = click.option(
    "--theme",
    metavar="NAME",
    expose_value=False,
    callback=_note,
    help=f"The colours of the screens: {', '.join(THEMES)}, or one of Textual's.",
)
ascii_: Callable[[Command], Command] = click.option(
    "--ascii/--no-ascii",
    default=None,
    expose_value=False,
    callback=_note,
    help="Draw with ASCII characters only (default: if the locale has no others).",
)


memory: Callable[[Command], Command] = click.option(
    "--memory",
    metavar="SIZE",
    expose_value=False,
    callback=_note,
    help="Use at most this much, such as 2GiB; beyond it the oldest finished runs are evicted "
    "(default: a quarter of all memory).",
)


jobs: Callable[[Command], Command] = click.option(
    "--jobs",
    metavar="N",
    expose_value=False,
    callback=_note,
    help="Read recordings with N threads (default: one a core, at most 4).",
)


cache: Callable[[Command], Command] = click.option(
    "--cache/--no-cache",
    default=None,
    expose_value=False,
    callback=_note,
    help="Cache large recordings, so that they open faster next time (default: yes).",
)


limit: Callable[[Command], Command] = click.option(
    "--limit",
    metavar="TIME",
    expose_value=False,
    callback=_note,
    help="Warn when a run will take longer than this, such as 10m.",
)


def most(default: int, about: str) -> Callable[[Command], Command]:
    """The option for how many rows are shown; with 0 all are."""
    rows = click.IntRange(min=0)
    return click.option("-n", "most", metavar="N", type=rows, default=default, show_default=True, help=about)


def paths(command: Command) -> Command:
    """Add the argument for the input, and the options for how it is read and how much of it is kept."""
    argument = click.argument("paths", nargs=-1, required=True, metavar="PATH...")
    taking: Command = argument(memory(jobs(cache(command))))
    return taking


def chosen() -> Settings:
    """The settings, from the running command's options or elsewhere; see `settings.load`."""
    context = click.get_current_context(silent=True)
    if context is None:
        return load()
    if _SETTINGS not in context.meta:
        context.meta[_SETTINGS] = load(context.meta.get(_CHOSEN))
    settings: Settings = context.meta[_SETTINGS]
    return settings


store: Callable[[Command], Command] = click.option(
    "--store",
    metavar="URL",
    required=True,
    envvar="TRACETUI_STORE",
    help="The store of all runs: lake:///DIR or duckdb:///FILE; see: tracetui help fleet.",
)

_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}


def age(_context: click.Context | None, _option: click.Parameter | None, text: str | None) -> int | None:
    """Parse a time such as 30d or 12h to nanoseconds; raises `BadParameter`."""
    if text is None:
        return None
    match = re.fullmatch(r"([0-9]{1,9})([smhdw])", text.strip())
    if not match:
        raise click.BadParameter(f"{text!r} is not an age; write 30d, 12h, 45m or 2w")
    return int(match[1]) * _UNITS_S[match[2]] * 1_000_000_000


class Duration(ParamType):
    """A time such as 90s or 10m, in nanoseconds."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The same as a number."""
        from tracetui import units

        try:
            return units.nanoseconds(str(value))
        except ValueError:
            self.fail(f"{value} is not a duration; write 90s or 10m", param, ctx)


class Column(click.Choice[str]):
    """A column to sort by, with or without the `_ns` of its JSON key."""

    name = "column"

    def __init__(self) -> None:
        super().__init__(SORT)

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The column's name in the ranking."""
        column = super().convert(value.removesuffix("_ns"), param, ctx)
        return column if column in _NO_TIMES else column + "_ns"
