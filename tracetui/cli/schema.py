"""`tracetui schema`: the JSON Schema (2020-12) of a verb's JSON.

Each document has a file in `schemas/`, named after its key `schema`; what several share is written once, and
printed with each.
"""

import json
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

SCHEMAS = Path(__file__).parents[1] / "schemas"
_SUFFIX = ".schema.json"


def names() -> list[str]:
    """The verbs that have a schema, those of a group as `group.verb`."""
    return sorted(path.name.removesuffix(_SUFFIX) for path in SCHEMAS.glob(f"*{_SUFFIX}"))


def _matching(_context: click.Context, _argument: click.Parameter, begin: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names() if name.startswith(begin)]


@click.command()
@click.argument("verb", default="", shell_complete=_matching)
def schema(verb: str) -> None:
    """Print the JSON Schema of a verb, or list them all.

    VERB is as on the command line (what-if), or the document's own `schema` (tracetui.what-if/1).
    """
    from tracetui.errors import InputError, suggestion

    name, known = verb.removeprefix("tracetui.").partition("/")[0], names()
    if not verb:
        widest = max(map(len, known))
        for document in known:
            click.echo(f"{document.ljust(widest)}  {_read(document + _SUFFIX)['description']}")
        click.echo("\ntracetui schema VERB prints one, for any validator of JSON Schema 2020-12.")
    elif name not in known:
        raise InputError(f"no schema of {verb} ({suggestion(name, known)})")
    else:
        click.echo(json.dumps(bundled(name), indent=2))


def bundled(name: str) -> dict[str, Any]:
    """A schema with everything that it refers to, in its own file or in others, in its `$defs`."""
    file, parts = name + _SUFFIX, dict[str, Any]()
    whole: dict[str, Any] = _within(_read(file), file, parts)
    return whole | {"$defs": parts}


def _within(value: Any, home: str, parts: dict[str, Any]) -> Any:
    """A part of the schema in file `home`, with its references pointing to `parts`, where their targets are
    added.
    """
    if isinstance(value, list):
        return [_within(part, home, parts) for part in value]
    if not isinstance(value, dict):
        return value
    inside = {key: _within(part, home, parts) for key, part in value.items() if key != "$defs"}
    if "$ref" not in value:
        return inside
    file, _, name = value["$ref"].partition("#/$defs/")
    if name not in parts:
        parts[name] = {}
        parts[name] = _within(_read(file or home)["$defs"][name], file or home, parts)
    return inside | {"$ref": f"#/$defs/{name}"}


def _read(file: str) -> Any:
    return json.loads((SCHEMAS / file).read_text("utf-8"))
