"""Files that exist completely or not at all: written beside their place, then moved into it."""

import os
from collections.abc import Iterable
from pathlib import Path
from secrets import token_hex

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW


def write_whole(path: Path, parts: Iterable[bytes | memoryview], *, is_private: bool = True) -> None:
    """Write a file in place of an existing one; raises `OSError` if it cannot, and leaves that unchanged.

    An `is_private` file is readable by its owner only; others follow the user's umask. The hidden temporary
    file beside it is removed whatever `parts` raises.
    """
    beside = path.with_name(f".tracetui-{token_hex(8)}.part")
    descriptor = os.open(beside, _FLAGS, 0o600 if is_private else 0o666)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - it is a descriptor
            file.writelines(parts)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
