"""A running receiver: its servers, and what they accepted."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from msgspec import Struct

from tracetui.receive.addresses import Address
from tracetui.receive.intake import Intake
from tracetui.receive.tls import Certificate


class Receiver(Struct, frozen=True):
    """`addresses` by protocol; `intake` counts what is accepted."""

    intake: Intake
    addresses: dict[str, Address]


@contextmanager
def receiving(
    directory: Path,
    grpc: Address | None,
    http: Address | None,
    token: str = "",
    tls: Certificate | None = None,
) -> Iterator[Receiver]:
    """Receive into `directory`, with `tls` by nothing else; raises `InputError` if it cannot listen.

    At the end requests in progress are finished, and the files are closed.
    """
    intake = Intake(directory, token)
    addresses: dict[str, Address] = {}
    with ExitStack() as stack:
        stack.callback(intake.close)
        if grpc is not None:
            os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # It would print why it cannot listen.
            from tracetui.receive.grpc_server import GrpcServer

            by_grpc = GrpcServer(grpc, intake, tls)
            stack.callback(by_grpc.close)
            addresses["grpc"] = by_grpc.address
        if http is not None:
            from tracetui.receive.http_server import HttpServer

            by_http = HttpServer(http, intake, addresses.get("grpc"), tls.context() if tls else None)
            stack.callback(by_http.close)
            addresses["http"] = by_http.address
        yield Receiver(intake, addresses)
