"""Pictures of the screen, as files that are never written over and fetch nothing from anywhere."""

import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from tracetui.units import S

_FROM_AFAR = re.compile(r"\s*@font-face \{.*?\}|<!--.*?-->", re.DOTALL)
MOST = 100


def save(svg: str, directory: Path, mode: str, now_ns: int) -> Path:
    """Writes a picture of a mode at a moment; its path. Raises `OSError` where that cannot be done."""
    moment = datetime.fromtimestamp(now_ns // S, UTC).strftime("%Y%m%d-%H%M%S")
    plain = _FROM_AFAR.sub("", svg)  # Whoever looks at it should not have to ask a network for fonts.
    name = f"tracetui-{mode}-{moment}"
    for path in (
        directory / f"{name}{number}.svg" for number in ("", *map("-{}".format, range(2, MOST + 1)))
    ):
        with suppress(FileExistsError), path.open("x", encoding="utf-8") as file:
            file.write(plain)
            return path
    raise FileExistsError(f"there are {MOST} pictures of that second already")
