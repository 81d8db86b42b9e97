"""What a span says about a fixture."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tracetui.tracing.pytest.tests.parameters import shown

# How pytest names the fixtures it makes of setup_module(), setUpClass() and their like.
_CLASSIC = re.compile(r"_(?:xunit|unittest)_(\w+?)_fixture_")


@dataclass(frozen=True, eq=False)
class Fixture:
    """A fixture as one test meets it. `is_wide`: it outlives the test. `is_hidden`: its author hides it."""

    name: str
    is_wide: bool
    is_hidden: bool
    attributes: Mapping[str, str]


def fixture_of(fixturedef: pytest.FixtureDef[Any], request: Any) -> Fixture | None:
    """The fixture that is set up; None for a parameter, which pytest passes off as one."""
    if getattr(fixturedef.func, "__name__", "") == "get_direct_param_fixture_func":
        return None
    classic = _CLASSIC.match(fixturedef.argname)
    name = classic.group(1) if classic else fixturedef.argname
    attributes = {"tracetui.fixture.name": name, "tracetui.fixture.scope": fixturedef.scope}
    if hasattr(request, "param"):
        attributes["tracetui.fixture.param"] = shown(request.param)
    return Fixture(name, fixturedef.scope != "function", name.startswith("_"), attributes)
