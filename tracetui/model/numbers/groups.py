"""The `xdist_group` of a test, in four bytes a span: equal names have equal numbers.

The column `group` is 0 for a test without one, and takes no memory in a recording without any.
"""

from zlib import crc32

GROUP = "pytest.xdist.group"
"""The attribute that names it: a text."""

_MOST = (1 << 31) - 1


def group(name: str) -> int:
    """The column's value for a group's name, 0 for none; two names of a run hardly ever share one."""
    return 1 + crc32(name.encode("utf-8", "replace")) % _MOST if name else 0
