"""The URL of a store: the engine and the location."""

from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from tracetui.errors import InputError, suggestion

FORMS = {
    "lake": "lake:///DIR",
    "duckdb": "duckdb:///FILE",
    "clickhouse": "clickhouse://USER:PASSWORD@HOST:8443/DATABASE?secure=1",
    "chdb": "chdb:///DIR",
    "sc": "sc://HOST:15002/DIR",
}
"""By engine, how its URL is written."""
CLICKHOUSE = ("clickhouse", "chdb")
"""A server, and the same engine in this process."""


class Address(NamedTuple):
    """A URL in parts: `path` is that of a file or directory, for engines that have one."""

    engine: str
    path: str
    parts: SplitResult

    @property
    def shown(self) -> str:
        """The URL without its password, with both slashes that `geturl` leaves out before a path."""
        _, host, path, query, _ = self.parts
        if self.engine and not host:
            return f"{self.engine}://{path}" + (f"?{query}" if query else "")
        if self.parts.password is None:
            return self.parts.geturl()
        host = host.rpartition("@")[2]
        return self.parts._replace(netloc=f"{self.parts.username or ''}:***@{host}").geturl()


def address(url: str) -> Address:
    """The parts of a URL; raises `InputError` for an invalid one. `lake://DIR` is a relative path."""
    parts = urlsplit(url)
    local = parts.scheme in ("lake", "duckdb", "chdb")
    found = Address(parts.scheme, parts.netloc + parts.path if local else parts.path, parts)
    if parts.scheme not in FORMS:
        hint = suggestion(parts.scheme, FORMS) if parts.scheme else f"write {' or '.join(FORMS.values())}"
        raise InputError(f"{found.shown}: no such store; {hint}")
    if local and not found.path.strip("/"):
        raise InputError(f"{found.shown}: a path is missing; write {FORMS[parts.scheme]}")
    return found
