"""A Dask cluster that grades submissions, once all of it has been looked at."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from grading.addresses import RefusedError, refuse_unless_closed
from grading.classroom.parcels import graded, pack, refusal, unpack, version
from grading.classroom.stopping import Stopping
from grading.worker.assessment import Order
from grading.worker.grading import Graded

CONNECT_SECONDS, CLOSE_SECONDS = 20, 0.5


class Cluster:
    """A Dask cluster. Whoever reaches its scheduler can do what the grader can: so by TLS, or on this machine only."""

    def __init__(self, address: str, *, unsafe: bool = False) -> None:
        refuse_unless_closed(address)
        self._address, self._stop = address, Stopping()
        self._client = _connected(address)
        try:
            self.count = sum(self._client.nthreads().values())
            if not self.count:
                raise RefusedError(
                    f"The scheduler at {address} has no workers: `dask worker {address}` starts one."
                )
            self._look(unsafe=unsafe)
        except BaseException:
            self.stop()
            raise
        self._executor = self._client.get_executor(pure=False)

    def grade(self, order: Order) -> Graded:
        """Return the graded submission of an order; the scheduler begins it again where a worker ends."""
        return unpack(self._stop.result(self._executor.submit(graded, pack(order))), order)

    def stop(self) -> None:
        """Leave the cluster; what it has begun comes to its end there, and nobody looks at it."""
        self._stop()
        with suppress(Exception):  # whatever state the connection is in, nothing more is wanted of it
            self._client.close(timeout=CLOSE_SECONDS)

    def _look(self, *, unsafe: bool) -> None:
        """Refuse a cluster that others reach, or of which a worker would not grade as this process does."""
        client = self._client
        found = self._asked(client.run, _worker, version(), unsafe=unsafe)
        nannies = [worker for worker, about in found.items() if about["nanny"]]
        listening = [self._asked(client.run_on_scheduler, _scheduler)]
        listening += [about["listening"] for about in found.values()]
        if nannies:
            listening += self._asked(client.run, _nanny, workers=nannies, nanny=True).values()
        for address in {address for several in listening for address in several}:
            refuse_unless_closed(address)
        for refused in filter(None, (about["refused"] for about in found.values())):
            raise RefusedError(refused)

    def _asked(self, run: Callable, *words: Any, **more: Any) -> Any:
        try:
            return run(*words, **more)
        except Exception as error:
            raise RefusedError(
                f"The scheduler at {self._address} or a worker of it gives no answer ({type(error).__name__}: "
                f"{error}). Both need this course, installed as here."
            ) from error


def _connected(address: str) -> Any:
    try:
        from distributed import Client, Security
    except ImportError as error:
        raise RefusedError(
            "Grading on a cluster needs Dask: pip install 'backprop-course[cluster]', here and there."
        ) from error
    if address.startswith("tls:") and not Security().get_connection_args("client").get("ssl_context"):
        raise RefusedError(
            f"{address} asks for a certificate, and Dask knows of none: set distributed.comm.tls in its configuration, "
            "as https://distributed.dask.org/en/stable/tls.html says."
        )
    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise RefusedError(f"No scheduler of Dask answers at {address} ({error}).") from error


# Dask calls these in its own processes, and fills in the argument that is named after one of its own.


def _worker(wanted: dict[str, str], *, unsafe: bool, dask_worker: Any) -> dict[str, Any]:
    refused = refusal(wanted, unsafe=unsafe)
    return {"listening": _addresses(dask_worker), "nanny": bool(dask_worker.nanny), "refused": refused}


def _nanny(dask_worker: Any) -> list[str]:
    return _addresses(dask_worker)


def _scheduler(dask_scheduler: Any) -> list[str]:
    return _addresses(dask_scheduler)


def _addresses(server: Any) -> list[str]:
    """Return where a server of Dask's listens: it may be reached at more addresses than at the one it gives."""
    return [listener.listen_address for listener in server.listeners]
