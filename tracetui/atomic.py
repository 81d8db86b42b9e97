"""Files that are there whole or not at all: written beside their place, and then put into it."""

import os
from collections.abc import Iterable
from pathlib import Path
from secrets import token_hex

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW


def write_whole(path: Path, parts: Iterable[bytes | memoryview], *, is_private: bool = True) -> None:
    """Writes a file in place of what is there; raises `OSError` where that cannot be, and leaves that alone.

    What `is_private` nobody else may read; other files are for whom the user's mask lets in. A hidden file
    stands beside it meanwhile, and goes whatever `parts` raises.
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
