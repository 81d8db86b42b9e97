"""Decoding that no field can break: strict first; if that fails, everything except fields of a wrong type.

The shapes are msgspec structs. A field whose value does not fit its type keeps its default and is named; a
list element that does not fit is left out and named. An object that fits as an element stands for a list of
one. Raw values stay views into what they were read from.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
from msgspec import Raw, inspect

from tracetui.formats.otlp import values

T = TypeVar("T")
Odd = Sequence[str]
"""Paths of fields of a wrong type, such as `attributes[3].key`."""

_SCALARS: Mapping[type[inspect.Type], tuple[type, ...]] = {
    inspect.StrType: (str,),
    inspect.IntType: (int,),
    inspect.FloatType: (int, float),
    inspect.BoolType: (bool,),
    inspect.NoneType: (type(None),),
}


def wrong_type(path: str) -> str:
    """The reason why a field was left out."""
    return f"{path or 'it is'} of a wrong type"


class WrongTypeError(ValueError):
    """A value that does not fit its type at all."""

    def __init__(self, path: str = "") -> None:
        super().__init__(wrong_type(path))


class Decoded(NamedTuple, Generic[T]):
    """The decoded value, and which fields were left out."""

    value: T
    odd: Odd


class Lenient(Generic[T]):
    """Decodes JSON, or already decoded JSON, to one shape."""

    def __init__(self, shape: type[T]) -> None:
        self._shape = shape
        self._strict = msgspec.json.Decoder(shape)
        self._kind = inspect.type_info(shape)

    def decode(self, data: bytes | Raw | memoryview) -> Decoded[T]:
        """JSON of an object; raises `ValueError` for anything else.

        Text that is no UTF-8 is read with U+FFFD for what cannot be read.
        """
        try:
            return self.decode_in_place(data)
        except (UnicodeDecodeError, msgspec.DecodeError):  # From 0.23 on msgspec does not tell them apart.
            text = values.as_utf8(bytes(data))
            if text == bytes(data):
                raise
            return self.decode_in_place(text)

    def decode_in_place(self, data: bytes | Raw | memoryview) -> Decoded[T]:
        """As `decode`, but that raw parts are always views into `data`; it has to be UTF-8."""
        try:
            return Decoded(self._strict.decode(data), ())
        except msgspec.ValidationError:
            return self._fitted(Raw(data))

    def convert(self, fields: Mapping[str, Any]) -> T:
        """The result of `decode` for an object that was decoded to plain values."""
        try:
            return msgspec.convert(fields, self._shape)
        except msgspec.ValidationError:
            return self._fitted(fields).value

    def _fitted(self, value: Any) -> Decoded[T]:
        odd: list[str] = []
        return Decoded(_fitted(value, self._kind, "", odd), odd)


def _fitted(value: Any, kind: inspect.Type, path: str, odd: list[str]) -> Any:
    """`value` as its type wants it; raises `WrongTypeError` if nothing of it fits."""
    match kind:
        case inspect.AnyType():
            return _plain(value)
        case inspect.RawType():
            return value
        case inspect.StructType():
            return _struct(_object(value), kind, path, odd)
        case inspect.ListType():
            elements = _elements(value, kind.item_type)
            items = ((f"{path}[{place}]", item) for place, item in enumerate(elements))
            return [item for _, item in _fitting(items, kind.item_type, odd)]
        case inspect.DictType():
            items = ((f"{path}.{key}", item) for key, item in _object(value).items())
            return {name[len(path) + 1 :]: item for name, item in _fitting(items, kind.value_type, odd)}
        case inspect.UnionType():
            return _one_of(value, kind.types, path, odd)
    plain = _plain(value)
    if type(plain) not in _SCALARS.get(type(kind), ()):
        raise WrongTypeError(path)
    return plain


def _fitting(
    items: Iterable[tuple[str, Any]], kind: inspect.Type, odd: list[str]
) -> Iterable[tuple[str, Any]]:
    """Those of `items` that fit, with their paths; the others are `odd`."""
    for path, item in items:
        try:
            yield path, _fitted(item, kind, path, odd)
        except WrongTypeError:
            odd.append(path)


def _struct(fields: Mapping[str, Any], kind: inspect.StructType, path: str, odd: list[str]) -> Any:
    made: dict[str, Any] = {}
    for field in kind.fields:
        if field.encode_name in fields:
            name = f"{path}.{field.encode_name}" if path else field.encode_name
            items = [(name, fields[field.encode_name])]
            made.update((field.name, item) for _, item in _fitting(items, field.type, odd))
    try:
        return kind.cls(**made)
    except TypeError as error:  # A field that has no default.
        raise WrongTypeError(path) from error


def _one_of(value: Any, kinds: Sequence[inspect.Type], path: str, odd: list[str]) -> Any:
    for kind in kinds:
        try:
            return _fitted(value, kind, path, odd)
        except WrongTypeError:
            continue
    raise WrongTypeError(path)


def _plain(value: Any) -> Any:
    return msgspec.json.decode(value) if isinstance(value, Raw) else value


def _object(value: Any) -> Mapping[str, Any]:
    opened: Mapping[str, Any] = _opened(value, dict[str, Raw], dict)
    return opened


def _elements(value: Any, kind: inspect.Type) -> Sequence[Any]:
    try:
        opened: Sequence[Any] = _opened(value, list[Raw], list)
    except WrongTypeError:
        if not _is_element(_object(value), kind):
            raise
        return (value,)
    return opened


def _is_element(fields: Mapping[str, Any], kind: inspect.Type) -> bool:
    """Whether an object has something of what an element has; of raw elements nobody knows."""
    if isinstance(kind, inspect.StructType):
        return any(field.encode_name in fields for field in kind.fields)
    return isinstance(kind, inspect.RawType) and bool(fields)


def _opened(value: Any, shape: Any, plain: type) -> Any:
    """One level of a raw value, its parts still raw; a plain value as it is."""
    try:
        decoded = msgspec.json.decode(value, type=shape) if isinstance(value, Raw) else value
    except msgspec.ValidationError as error:
        raise WrongTypeError from error
    if not isinstance(decoded, plain):
        raise WrongTypeError
    return decoded
