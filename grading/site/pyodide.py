"""Python for the browser: the parts of Pyodide that the course needs, copied into the site, its lock completed."""

from __future__ import annotations

import hashlib
import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from pathlib import Path

from grading.site.wheels import Wheel

LOCK = "pyodide-lock.json"
CORE = ("pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
# What the kernel of JupyterLite loads by itself, and what only Pyodide can have compiled for the course.
NEEDED = ("micropip", "ssl", "sqlite3", "ipython", "jedi", "numpy", "matplotlib", "pillow")


class SiteError(Exception):
    """Something that the site is made of is missing or not what it should be; the message says what to do."""


class Source:
    """Where Pyodide comes from: a folder, or the address of one."""

    def __init__(self, where: str) -> None:
        self.where = where
        self._remote = re.match(r"https?://", where) is not None

    def read(self, name: str) -> bytes:
        """Return a file of Pyodide's distribution; a SiteError where it cannot be had."""
        try:
            if not self._remote:
                return Path(self.where, name).read_bytes()
            with urllib.request.urlopen(f"{self.where.rstrip('/')}/{name}", timeout=300) as answer:
                return answer.read()
        except (OSError, urllib.error.URLError) as error:
            raise SiteError(
                f"{name} could not be read from {self.where} ({error}). Name a folder with Pyodide, or the address "
                "of one, by --pyodide."
            ) from error


def copy(source: Source, wheels: Iterable[Wheel], to: Path) -> None:
    """Write into `to` what the course needs of Pyodide, the `wheels` beside it, and one lock that names them all."""
    lock = json.loads(source.read(LOCK))
    ours = {wheel.name: wheel for wheel in wheels}
    wanted = closure(
        lock["packages"], [*NEEDED, *(each for wheel in ours.values() for each in wheel.requires)]
    )
    to.mkdir(parents=True)
    for name in CORE:
        (to / name).write_bytes(source.read(name))
    for name in wanted - set(ours):
        _copy_package(source, lock["packages"][name], to)
    for wheel in ours.values():
        (to / wheel.file_name).write_bytes(wheel.content)
    (to / LOCK).write_text(json.dumps(completed(lock, wanted, ours), indent=1) + "\n", encoding="utf-8")


def _copy_package(source: Source, entry: Mapping[str, str], to: Path) -> None:
    content = source.read(entry["file_name"])
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        raise SiteError(f"{entry['file_name']} from {source.where} is not the file that its {LOCK} names.")
    (to / entry["file_name"]).write_bytes(content)


def closure(packages: Mapping[str, Mapping], names: Iterable[str]) -> set[str]:
    """Return which `packages` are needed for `names`, those that they depend on included."""
    found: set[str] = set()
    open_names = [normalized(name) for name in names]
    while open_names:
        name = open_names.pop()
        if name in packages and name not in found:
            found.add(name)
            open_names += map(normalized, packages[name]["depends"])
    return found


def completed(lock: Mapping, wanted: set[str], ours: Mapping[str, Wheel]) -> dict:
    """Return the lock of Pyodide with only the `wanted` packages in it, and with `ours` as if they were Pyodide's."""
    packages = {name: lock["packages"][name] for name in sorted(wanted - set(ours))}
    known = {*packages, *ours}
    for name, wheel in ours.items():
        packages[name] = {
            "name": wheel.name,
            "version": wheel.version,
            "file_name": wheel.file_name,
            "install_dir": "site",
            "sha256": hashlib.sha256(wheel.content).hexdigest(),
            "package_type": "package",
            "imports": sorted(wheel.imports),
            "depends": sorted({normalized(each) for each in wheel.requires} & known),
        }
    return {**lock, "packages": packages}


def normalized(name: str) -> str:
    """Return a package's name as Pyodide's lock spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()
