"""Spans as the rules see them."""

from collections.abc import Mapping

from tests.builders import NOTHING
from tracetui.model.role import StatusCode
from tracetui.model.rules import HOT_KEYS, Clues, Facts, classify

UNSET, OK, ERROR = StatusCode


def facts(
    name: str, attributes: Mapping[str, str] = NOTHING, scope: str = "", status: StatusCode = StatusCode.UNSET
) -> Facts:
    assert set(attributes) <= HOT_KEYS
    return classify(Clues(name, scope, status, attributes))


def resmoke(name: str, status: StatusCode = StatusCode.UNSET, **attributes: str) -> Facts:
    return facts(name, attributes, "resmoke", status)
