"""gRPC on the port of HTTP: who begins as HTTP/2 does is handed to gRPC's own server.

An exporter's protocol is often fixed in its program, and the environment names one endpoint for all.
"""

import socket
import threading

from tracetui.receive.addresses import Address

PREFACE = b"PRI * HTTP/2"
IDLE_S = 600.0
"""A channel that says nothing for so long is let go; its client makes another."""
_PIECE_BYTES = 64 << 10


def begins_http2(connection: socket.socket, patience_s: float) -> bool:
    """Whether a connection begins as HTTP/2 does (RFC 9113, 3.4); nothing of it is taken away."""
    connection.settimeout(patience_s)
    try:
        head = connection.recv(len(PREFACE), socket.MSG_PEEK)
    except OSError:
        return False
    return len(head) >= len("PRI") and PREFACE.startswith(head)


def relay(connection: socket.socket, to: Address) -> None:
    """Passes all bytes on, both ways, until either side ends."""
    with socket.create_connection((to.host, to.port)) as inner:
        for side in (connection, inner):
            side.settimeout(IDLE_S)
        back = threading.Thread(target=_pump, args=(inner, connection), name="tracetui-relay", daemon=True)
        back.start()
        _pump(connection, inner)
        back.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(_PIECE_BYTES):
            target.sendall(data)
    except OSError:
        pass
    for side in (source, target):
        try:
            side.shutdown(socket.SHUT_RDWR)
        except OSError:
            continue
