"""The certificate of a receiver that speaks TLS, and those that its clients must have."""

import ssl
from pathlib import Path
from typing import Any, NamedTuple

from tracetui.errors import InputError


class Certificate(NamedTuple):
    """The files of a certificate (with those that vouch for it) and its key: PEM, without a password.

    With `client_ca`, only clients with a certificate that this one vouches for are heard.
    """

    chain: Path
    key: Path
    client_ca: Path | None = None

    def context(self) -> ssl.SSLContext:
        """For sockets of ours; raises `InputError` if the files are not what they should be."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["http/1.1"])
        try:
            context.load_cert_chain(self.chain, self.key, password=_no_password)
        except (OSError, ValueError) as error:
            why = f"no certificate and its key, as PEM without a password ({error})"
            raise InputError(f"{self.chain} and {self.key}: {why}") from None
        if self.client_ca:
            self._require_clients(context, self.client_ca)
        return context

    def credentials(self) -> Any:
        """For gRPC's server; raises `InputError` too."""
        import grpc  # type: ignore[import-untyped]

        self.context()
        pairs = [(self.key.read_bytes(), self.chain.read_bytes())]
        if self.client_ca is None:
            return grpc.ssl_server_credentials(pairs)
        return grpc.ssl_server_credentials(pairs, self.client_ca.read_bytes(), require_client_auth=True)

    @staticmethod
    def _require_clients(context: ssl.SSLContext, vouching: Path) -> None:
        try:
            context.load_verify_locations(vouching)
        except (OSError, ValueError) as error:
            raise InputError(f"{vouching}: no certificate, as PEM ({error})") from None
        context.verify_mode = ssl.CERT_REQUIRED


def _no_password() -> str:
    """Asked for a key that has one: OpenSSL would ask at the terminal."""
    raise ValueError("the key has a password")


def certificate(chain: Path | None, key: Path | None, client_ca: Path | None) -> Certificate | None:
    """That of the options `--tls-cert` and `--tls-key`, which go together; raises `InputError`."""
    if (chain is None) != (key is None):
        raise InputError("--tls-cert and --tls-key go together")
    if client_ca and not chain:
        raise InputError("--tls-client-ca needs --tls-cert and --tls-key")
    return Certificate(chain, key, client_ca) if chain and key else None
