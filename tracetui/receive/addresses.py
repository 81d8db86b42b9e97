"""Addresses to listen on: `HOST:PORT`, `:PORT` for this machine, or `none`."""

import ipaddress
import re
from typing import NamedTuple

from tracetui.errors import InputError

LOOPBACK = "127.0.0.1"
NONE = "none"
_ADDRESS = re.compile(r"(?:(?P<host>[^:\[\]]*)|\[(?P<six>[0-9a-fA-F:.%]+)\]):(?P<port>[0-9]{1,5})")


class Address(NamedTuple):
    """Where to listen; port 0 is any free port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        try:
            return ipaddress.ip_address(self.host.partition("%")[0]).is_loopback
        except ValueError:
            return self.host == "localhost"


def address(text: str, option: str) -> Address | None:
    """The address in an option, None for `none`; raises `InputError`."""
    if text == NONE:
        return None
    match = _ADDRESS.fullmatch(text)
    port = int(match["port"]) if match else -1
    if not match or not 0 <= port < 1 << 16:
        raise InputError(f"{option} {text}: write HOST:PORT, :PORT for this machine alone, or {NONE}")
    return Address(match["six"] or match["host"] or LOOPBACK, port)


def taken(where: Address, option: str, why: str) -> InputError:
    """The error for an address that cannot be listened on."""
    return InputError(f"{where} cannot be listened on ({why}); choose another, any that is free: {option} :0")
