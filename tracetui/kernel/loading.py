"""The library, checked before it is used: it was built from the C beside it, for what Python calls."""

import ctypes
import os
import sys
import zlib
from functools import cache
from pathlib import Path

ABI = 1
"""Goes up with every change of what is called or of what it returns, here and in `abi.c`."""

SWITCH = "TRACETUI_KERNEL"
OFF = "off"
FOLDER = Path(__file__).parent
_NAMES = {"win32": "tracetui_kernel.dll", "darwin": "libtracetui_kernel.dylib"}
NAME = _NAMES.get(sys.platform, "libtracetui_kernel.so")
"""What the library is called, in `FOLDER`."""


def library() -> ctypes.CDLL | None:
    """The kernel, loaded at the first call; None if there is none (`why_not`)."""
    return _loaded(os.environ.get(SWITCH))[0]


def why_not() -> str:
    """Why there is no kernel, in a few words of ASCII; empty if there is one."""
    return _loaded(os.environ.get(SWITCH))[1]


def slow_reader() -> str:
    """What those who read with tracetui have to know where there is no kernel; empty if there is one."""
    reason = why_not()
    return f"slow reader (no native kernel: {reason})" if reason else ""


def sources(folder: Path) -> list[Path]:
    """The C files of the kernel, headers included."""
    return sorted(path for path in folder.iterdir() if path.suffix in (".c", ".h"))


def checksum(folder: Path) -> int:
    """A number of 32 bits that changes whenever one of the C files does (CRC-32)."""
    number = 0
    for path in sources(folder):
        number = zlib.crc32(path.name.encode() + b"\0" + path.read_bytes(), number)
    return number


def problem(path: Path, folder: Path) -> str:
    """Why a library built from the C in `folder` cannot be used; empty if it can."""
    return _checked(path, folder)[1]


@cache
def _loaded(switch: str | None) -> tuple[ctypes.CDLL | None, str]:
    if switch == OFF:
        return None, f"{SWITCH}={OFF}"
    return _checked(FOLDER / NAME, FOLDER)


def _checked(path: Path, folder: Path) -> tuple[ctypes.CDLL | None, str]:
    if not path.exists():
        return None, "not built"
    try:
        found = ctypes.CDLL(str(path))
        abi, built_from = found.tracetui_kernel_abi, found.tracetui_kernel_sources
        built_from.restype = ctypes.c_uint32
        if built_from() != checksum(folder):
            return None, "its sources have changed; python -m tracetui.kernel.build builds it again"
        return (found, "") if abi() == ABI else (None, f"made for interface {abi()}, not {ABI}")
    except (OSError, AttributeError) as error:
        return None, f"cannot be loaded: {str(error)!a}"
