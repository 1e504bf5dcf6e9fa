"""What goes to the process that grades a submission, and what comes back: bytes, made of plain data.

Whoever unpacks a parcel has the secret and the submission in hands. It says no where it cannot grade as this
process would: without a sandbox of its own, or with another version of the course.
"""

from __future__ import annotations

import functools
import hashlib
import json
import platform
import socket
import threading
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

import course_lib
import grading
from course_lib import edition
from grading.addresses import RefusedError
from grading.lessons import LESSONS, notebooks_of_own
from grading.sandbox import NoSandboxError, require
from grading.sandbox.filesystem import lay_out
from grading.scratch import Scratch
from grading.worker import believing
from grading.worker.assessment import Order
from grading.worker.grading import Graded, believed, grade

MOST_REPLY = 64 * 2**20


def pack(order: Order) -> bytes:
    """Return an order and the files of its submission as bytes; folders of this machine stay here."""
    files = dict(_files(Path(order.files)))
    told = asdict(replace(order, files="", box="")) | {"secret": order.secret.decode()}
    head = {"order": told, "version": version(), "files": [[n, len(data)] for n, data in files.items()]}
    return b"".join([json.dumps(head).encode(), b"\n", *files.values()])


def graded(parcel: bytes) -> bytes:
    """Be the process that grades: unpack a parcel, grade what is in it, and return the reply as bytes."""
    line, _, content = parcel.partition(b"\n")
    head = json.loads(line)
    if refused := refusal(head["version"], unsafe=head["order"]["unsafe"]):
        return json.dumps({"refused": refused}).encode()
    with Scratch() as folder:
        _unpack(head["files"], content, Path(folder))
        told = head["order"] | {"secret": head["order"]["secret"].encode()}
        told["cells"] = [tuple(cell) for cell in told["cells"]]
        told |= {"files": folder, "box": _box(told["lesson"])}
        return json.dumps({"graded": asdict(grade(Order(**told)))}).encode()


def refusal(wanted: dict[str, str], *, unsafe: bool) -> str:
    """Return why this process cannot grade as one of the version `wanted` would; nothing, if it can."""
    try:
        _refuse_if_other(wanted)
        if not unsafe:
            require()
    except (NoSandboxError, RefusedError) as error:
        return f"{socket.gethostname()}: {error}"
    return ""


def unpack(reply: Any, order: Order) -> Graded:
    """Return what a reply says about an order, as far as it can be believed.

    Raises
    ------
    RefusedError
        Where the process would not grade.
    UnbelievableError
        Where no process replies like this.
    """
    if not isinstance(reply, bytes) or len(reply) > MOST_REPLY:
        raise believing.UnbelievableError("the reply of the process that graded is too large, or no bytes")
    told = believing.mapping(json.loads(reply), ("refused", "graded"))
    if "refused" in told:
        raise RefusedError(believing.text(told["refused"]))
    return believed(told.get("graded"), order, LESSONS[order.lesson].exercises)


@functools.cache
def version() -> dict[str, str]:
    """Return what decides about a verdict: the source of the course, its edition, the versions of Python and numpy."""
    digest = hashlib.sha256()
    for package in (course_lib, grading):
        top = Path(package.__file__).parent
        for path in sorted(top.rglob("*.py")):
            digest.update(path.relative_to(top).as_posix().encode() + b"\0" + path.read_bytes())
    changed = edition.place()
    for path in (*([changed] if changed and changed.is_file() else ()), *notebooks_of_own()):
        digest.update(path.read_bytes())
    return {
        "course": digest.hexdigest()[:16],
        "Python": ".".join(platform.python_version_tuple()[:2]),
        "numpy": np.__version__,
    }


def _refuse_if_other(wanted: dict[str, str]) -> None:
    here = version()
    differing = [name for name in here if here[name] != wanted.get(name)]
    if differing:
        said = "; ".join(f"{name} {here[name]} instead of {wanted.get(name)}" for name in differing)
        raise RefusedError(
            f"it has another version than the grader's machine: {said}. Install the same there, and start its "
            "workers again."
        )


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an admitted submission: intake wrote them, so they are regular files of a bounded size."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _unpack(files: list, content: bytes, folder: Path) -> None:
    position = 0
    for name, size in files:
        parts = PurePosixPath(name).parts
        if PurePosixPath(name).is_absolute() or ".." in parts:
            raise ValueError(f"{name!r} is no name of a file in a parcel")
        path = folder.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content[position : position + size])
        position += size


_boxes: dict[str, Scratch] = {}
_laying_out = threading.Lock()  # a worker of Dask's may grade in several threads


def _box(lesson: str) -> str:
    """Return the folder with what a sandbox sees of the course, laid out once a process and lesson."""
    with _laying_out:
        if lesson not in _boxes:
            made = Scratch()
            lay_out(Path(made.name), LESSONS[lesson])
            _boxes[lesson] = made
        return _boxes[lesson].name
