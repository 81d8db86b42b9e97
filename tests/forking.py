"""Processes that have imported what commands need, and fork for each command: a start costs hardly anything.

`run_forked` asks a module that `server` runs as a process: that imports what it wants and calls `serve`.
What a fork computes is not in the processor time of the test that asks for it: it is no child of that.
"""

import atexit
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TypedDict

from tests.processes import PATIENCE_S

_LARGEST_REQUEST = 1 << 20


class Request(TypedDict):
    """What a fork is to run, as JSON beside its three standard files."""

    arguments: list[str]
    cwd: str
    environment: dict[str, str]


@cache
def server(module: str, *options: str, **variables: str) -> socket.socket:
    """The process that runs `module`, with a socket as its first argument; there is one of each.

    `variables` are added to the environment.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", module, str(theirs.fileno()), *options],
            pass_fds=[theirs.fileno()],
            cwd=Path(__file__).parents[1],
            env=os.environ | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
    atexit.register(process.wait)
    atexit.register(ours.close)
    return ours


def run_forked(
    server: socket.socket, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a fork, with nothing at its standard input."""
    request = Request(arguments=list(arguments), cwd=str(cwd), environment=dict(environment))
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        stdin, nobody = os.pipe()
        os.close(nobody)
        try:
            socket.send_fds(server, [json.dumps(request).encode()], [stdin, stdout.fileno(), stderr.fileno()])
        finally:
            os.close(stdin)
        code = _exit_code(server)
        stdout.seek(0)
        stderr.seek(0)
        return subprocess.CompletedProcess(list(arguments), code, stdout.read(), stderr.read())


def _exit_code(server: socket.socket) -> int:
    """Of the command that was asked for last; one that does not end is killed."""
    server.settimeout(PATIENCE_S)
    child = int(server.recv(16))
    try:
        return int(server.recv(16))
    except TimeoutError:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        server.recv(16)
        raise


def serve() -> list[str]:
    """Fork for each request; in the fork, this returns the arguments when it is set up to run the command."""
    gc.freeze()
    requests = socket.socket(fileno=int(sys.argv[1]))
    while True:
        request, files, _flags, _address = socket.recv_fds(requests, _LARGEST_REQUEST, 3)
        if not request:
            sys.exit()
        child = os.fork()
        if not child:
            requests.close()
            _become(json.loads(request), files)
            return sys.argv[1:]
        for file in files:
            os.close(file)
        requests.send(str(child).encode())
        _child, status = os.waitpid(child, 0)
        requests.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become(request: Request, files: Sequence[int]) -> None:
    for ours, file in enumerate(files):
        os.dup2(file, ours)
        os.close(file)
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    os.chdir(request["cwd"])
    sys.argv[1:] = request["arguments"]
