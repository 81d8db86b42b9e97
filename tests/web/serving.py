"""The real command, serving; and what an app says in what it sends."""

import asyncio
import re
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from tests.cli.running import environment
from tests.processes import PATIENCE_S


class Served(NamedTuple):
    """A server: its name and port, the token of its address, and its process."""

    address: str
    token: str
    pid: int

    @property
    def page(self) -> str:
        """What a browser opens."""
        return f"http://{self.address}/#{self.token}"

    @property
    def app(self) -> str:
        """The socket of an app."""
        return f"ws://{self.address}/ws/{self.token}?width=100&height=30"


@asynccontextmanager
async def served(path: Path, host: str = "127.0.0.1") -> AsyncIterator[Served]:
    """Serves `path` for as long as it is asked for."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tracetui", "serve", str(path), "--host", host, "--port", str(port)]
    process = await asyncio.create_subprocess_exec(*command, stderr=subprocess.PIPE, env=environment())
    assert process.stderr is not None
    try:
        line = await asyncio.wait_for(process.stderr.readline(), PATIENCE_S)
        said = re.fullmatch(rf"tracetui: http://{host}:{port}/#(\S+) \(ctrl\+c ends it\)\n", line.decode())
        assert said is not None, line
        yield Served(f"127.0.0.1:{port}", said[1], process.pid)
    finally:
        process.terminate()
        code = await asyncio.wait_for(process.wait(), PATIENCE_S)
    assert code == 0


def words(sent: bytes) -> str:
    """What was sent to a terminal, without what moves and paints."""
    return re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", sent.decode("utf-8", "replace"))
