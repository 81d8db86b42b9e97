"""Whether two findings say the same, in every part: arrays, tables, texts, whatever is worked out of them."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import FunctionType
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import asdict

from tracetui.analysis.study.findings import PARTS, Findings
from tracetui.model.columns import STORED
from tracetui.store.snapshot import Snapshot


def assert_alike(one: Findings, other: Findings) -> None:
    """Also of what comes of them for all screens."""
    compare(one, other, "findings")
    for name in PARTS:
        compare(getattr(one, name), getattr(other, name), name)


def compare(one: Any, other: Any, at: str) -> None:
    """The same of any two values; `at` says which they are."""
    assert type(one) is type(other), at
    if isinstance(one, np.ndarray):
        assert one.dtype == other.dtype, at
        np.testing.assert_array_equal(one, other, err_msg=at)
        return
    if isinstance(one, FunctionType):  # What is worked out when it is asked for.
        compare(one(), other(), f"{at}()")
        return
    parts, others = _parts(one), _parts(other)
    if parts is None or others is None:
        assert one == other, at
        return
    assert list(parts) == list(others), at
    for name, part in parts.items():
        compare(part, others[name], f"{at}.{name}")


def _parts(value: Any) -> Mapping[Any, Any] | None:
    """What a value is made of, by name; None where it says all by itself."""
    if isinstance(value, Snapshot):
        return {name: getattr(value, name) for name in STORED}
    if isinstance(value, Struct):
        return asdict(value)
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return value
    if isinstance(value, tuple | list):
        return dict(enumerate(value))
    is_object = hasattr(value, "__dict__") and not callable(value)
    return vars(value) if is_object else None
