"""Documents held against the schemas that `tracetui schema` prints, by a validator that is not ours."""

import json
from functools import cache
from typing import Any, NoReturn

from tracetui.cli.schema import bundled

_CHOICES = ("allOf", "anyOf", "oneOf")


def is_document(text: bytes) -> bool:
    """Whether it is one of ours."""
    return text.startswith(b'{"schema": "tracetui.')


def check(text: bytes) -> Any:
    """What a document holds; fails where it is not as its schema says, or has a key that none tells of."""
    document = json.loads(text, parse_constant=_no_json)
    name, _, version = document["schema"].removeprefix("tracetui.").partition("/")
    assert version == "1"
    wrong = max(
        validator(name).iter_errors(document), key=lambda error: len(error.absolute_path), default=None
    )
    assert wrong is None, (document["schema"], wrong.json_path, wrong.message[:400])
    return document


@cache
def validator(name: str) -> Any:
    """That of the schema of this name, for which unknown keys are mistakes."""
    import jsonschema  # What a part of these tests runs beside does not have it.

    return jsonschema.Draft202012Validator(_strict(bundled(name)))


def _strict(schema: Any, *, is_choice: bool = False) -> Any:
    """A schema that allows no keys but those it names; a part of a choice leaves that to the whole."""
    if isinstance(schema, list):
        return [_strict(each, is_choice=is_choice) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made: dict[str, Any] = {}
    for key, value in schema.items():
        if key in ("properties", "$defs"):
            made[key] = {name: _strict(each, is_choice=key == "$defs") for name, each in value.items()}
        else:
            made[key] = _strict(value, is_choice=key in _CHOICES)
    is_object = "$ref" in made or "properties" in made
    return made | ({"unevaluatedProperties": False} if is_object and not is_choice else {})


def _no_json(constant: str) -> NoReturn:
    raise AssertionError(f"{constant} is no JSON")
