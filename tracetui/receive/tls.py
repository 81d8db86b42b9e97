"""The certificate of a receiver that speaks TLS."""

import ssl
from pathlib import Path
from typing import Any, NamedTuple

from tracetui.errors import InputError


class Certificate(NamedTuple):
    """The files of a certificate (with those that vouch for it) and its key: PEM, without a password."""

    chain: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """For sockets of ours; raises `InputError` if the files are not what they should be."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["http/1.1"])
        try:
            context.load_cert_chain(self.chain, self.key, password=_no_password)
        except (OSError, ValueError) as error:
            why = f"no certificate and its key, as PEM without a password ({error})"
            raise InputError(f"{self.chain} and {self.key}: {why}") from None
        return context

    def credentials(self) -> Any:
        """For gRPC's server; raises `InputError` too."""
        import grpc  # type: ignore[import-untyped]

        self.context()
        return grpc.ssl_server_credentials([(self.key.read_bytes(), self.chain.read_bytes())])


def _no_password() -> str:
    """Asked for a key that has one: OpenSSL would ask at the terminal."""
    raise ValueError("the key has a password")


def certificate(chain: Path | None, key: Path | None) -> Certificate | None:
    """That of the options `--tls-cert` and `--tls-key`, which go together; raises `InputError`."""
    if (chain is None) != (key is None):
        raise InputError("--tls-cert and --tls-key go together")
    return Certificate(chain, key) if chain and key else None
