"""Which addresses are closed to others, so that a secret and submissions may be sent there."""

import ipaddress
from urllib.parse import urlsplit


class RefusedError(ValueError):
    """Raised where others cannot be asked to grade as this process would; the message says why."""


def refuse_unless_closed(address: str) -> None:
    """Raise `RefusedError` unless an address of Dask's speaks TLS, or is reached from this machine only."""
    scheme, host = _parts(address)
    if scheme == "tls" or (scheme == "tcp" and _is_this_machine(host)):
        return
    raise RefusedError(
        f"{address} is open to others: whoever reaches a scheduler of Dask, or a worker, can do there what the grader "
        "can, and reads every submission and the secret. Use TLS (tls://HOST:PORT; see "
        "https://distributed.dask.org/en/stable/tls.html), or start scheduler and workers on this machine with "
        "--host 127.0.0.1."
    )


def _parts(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address if "://" in address else f"tcp://{address}")
        return parts.scheme, parts.hostname or ""
    except ValueError:
        return "", ""


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
