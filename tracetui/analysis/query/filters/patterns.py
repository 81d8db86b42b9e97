"""Tests of texts: whether a value contains, equals or matches something.

Patterns are foreign, so they run in RE2, whose time is linear in the text and whose memory is bounded: no
pattern can hang the screen. It has no look-around and no back references.
"""

from collections.abc import Callable
from functools import lru_cache

Test = Callable[[str], bool]

MOST_MEMORY = 8 << 20


class PatternError(ValueError):
    """An invalid pattern, and why."""


def test_for(operator: str, value: str) -> Test:
    """The test that `:`, `=` or `~` makes of `value`; `:` is case-sensitive only if `value` has capitals."""
    if operator == "~":
        return compiled(value)
    if operator == "=":
        return lambda text: text == value
    if value == value.lower():
        return lambda text: value in text.lower()
    return lambda text: value in text


@lru_cache(maxsize=64)
def compiled(pattern: str) -> Test:
    """Whether a text contains what `pattern` describes; case-sensitive as `:` is. Raises `PatternError`."""
    import re2

    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.max_mem = MOST_MEMORY
    options.case_sensitive = pattern != pattern.lower()
    try:
        search = re2.compile(pattern.encode("utf-8", "replace"), options).search
    except re2.error as error:
        reason = error.args[0] if error.args else "?"
        raise PatternError(
            reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
        ) from None
    return lambda text: search(text.encode("utf-8", "replace")) is not None
