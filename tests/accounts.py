"""Other accounts of this machine, for tests that run as root: they need not exist, a number is enough."""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from typing import NamedTuple


class Account(NamedTuple):
    name: str
    number: int
    groups: tuple[int, ...] = ()


# In mounts of its own, what lies in a closed home ($1 in $2) can be reached; $3 is an empty folder.
OPEN_HOME = (
    'mount --bind "$1" "$3" && mount -t tmpfs -o mode=755 tmpfs "$2" && mkdir -p "$1" && mount --bind "$3" "$1" '
    '&& shift 3 && exec "$@"'
)


def open_home(empty: Path) -> list[str]:
    """Return what begins a command so that everyone can read Python, also where it lies in somebody's closed home."""
    python = Path(sys.base_prefix).resolve()
    closed = [folder for folder in python.parents if not folder.stat().st_mode & stat.S_IXOTH]
    places = [str(python), *map(str, closed[-1:]), str(empty)]
    return ["unshare", "--mount", "sh", "-c", OPEN_HOME, "sh", *places] if closed else []


def take_on(account: Account) -> list[str]:
    """Return what begins a command that `account` runs."""
    groups = ["--groups", ",".join(map(str, account.groups))] if account.groups else ["--clear-groups"]
    number = str(account.number)
    return ["setpriv", "--reuid", number, "--regid", number, *groups]


def as_account(account: Account, empty: Path) -> list[str]:
    """Return what begins a command that `account` runs, also where Python lies in somebody's closed home."""
    return [*open_home(empty), *take_on(account)]
