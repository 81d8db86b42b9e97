"""URLs of stores: what is opened, and what messages show."""

import pytest

from tracetui.errors import InputError
from tracetui.fleet.store.address import address


@pytest.mark.parametrize(
    ("url", "path", "shown"),
    [
        ("lake:///all/runs", "/all/runs", "lake:///all/runs"),
        ("lake:/all/runs", "/all/runs", "lake:///all/runs"),
        ("lake://all/runs", "all/runs", "lake://all/runs"),
        ("duckdb:///all:1.db", "/all:1.db", "duckdb:///all:1.db"),
        ("clickhouse://me:secret@host:8443/db?secure=1", "/db", "clickhouse://me:***@host:8443/db?secure=1"),
        ("clickhouse://host/db", "/db", "clickhouse://host/db"),
    ],
)
def test_what_is_shown_can_be_written(url: str, path: str, shown: str) -> None:
    """No password; the rest as one would write it."""
    found = address(url)
    assert (found.path, found.shown) == (path, shown)
    assert "***" in shown or address(shown).path == path


@pytest.mark.parametrize("url", ["lake://", "duckdb:///", "", "/all/runs", "lakes:///x"])
def test_what_is_no_store_is_refused(url: str) -> None:
    """With what to write instead."""
    with pytest.raises(InputError, match=r"://|did you mean"):
        address(url)
