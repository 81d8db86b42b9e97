"""The real command, serving; and what an app says in what it sends."""

import asyncio
import re
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.cli.running import environment
from tests.processes import PATIENCE_S


@asynccontextmanager
async def served(path: Path, host: str = "127.0.0.1") -> AsyncIterator[str]:
    """Serves `path` for as long as it is asked for, at the address that is yielded: name and port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tracetui", "serve", str(path), "--host", host, "--port", str(port)]
    process = await asyncio.create_subprocess_exec(*command, stderr=subprocess.PIPE, env=environment())
    assert process.stderr is not None
    try:
        line = await asyncio.wait_for(process.stderr.readline(), PATIENCE_S)
        assert line == f"tracetui: http://{host}:{port} (ctrl+c ends it)\n".encode()
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        code = await asyncio.wait_for(process.wait(), PATIENCE_S)
    assert code == 0


def words(sent: bytes) -> str:
    """What was sent to a terminal, without what moves and paints."""
    return re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", sent.decode("utf-8", "replace"))
