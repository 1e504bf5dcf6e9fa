"""Where submissions are graded: in processes of this machine, or of a Dask cluster that is there already."""

from __future__ import annotations

from typing import Any, Protocol

from grading.classroom.cluster import Cluster
from grading.classroom.processes import Here, Processes


class Workers(Protocol):
    """What grades a parcel, several at a time: `count` says how many."""

    count: int

    def ask(self, parcel: bytes) -> Any:
        """Return the reply to a parcel; what ended on the way is begun again."""

    def stop(self) -> None:
        """End everything at once."""


def workers_of(scheduler: str, processes: int, *, unsafe: bool) -> Workers:
    """Return the workers of the cluster at the address `scheduler`, or, without one, processes of this machine."""
    if scheduler:
        return Cluster(scheduler, unsafe=unsafe)
    return Processes(processes) if processes > 1 else Here()
