"""The native reader of OTLP/JSON: one C library without Python's headers, its build, and its Python face.

`library()` is None where it was not built or is off: files are read more slowly then. `slow_reader()` tells.
"""

from tracetui.kernel.loading import library, slow_reader, why_not

__all__ = ["library", "slow_reader", "why_not"]
