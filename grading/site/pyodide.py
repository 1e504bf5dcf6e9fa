"""Python for the browser: the parts of Pyodide that the course needs, copied into the site, its lock completed."""

from __future__ import annotations

import hashlib
import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from pathlib import Path

from grading.site.archives import unzipped, zipped
from grading.site.compiling import compiled, interpreter, minor
from grading.site.wheels import OWN_FILES, Wheel

LOCK = "pyodide-lock.json"
LIBRARY = "python_stdlib.zip"
CORE = ("pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm")
# What JupyterLite asks for instead of pyodide.js.
START = "start_python.js"
# What the kernel of JupyterLite loads by itself, and what only Pyodide can have compiled for the course.
NEEDED = ("micropip", "sqlite3", "ipython", "numpy", "matplotlib", "pillow")
# Named by Pyodide's lock, and better left out: a page opens no sockets; jedi reads thousands of files to complete a
# name, and without it IPython completes from the living objects; and matplotlib itself does not ask for time zones.
UNNEEDED = frozenset({"ssl", "openssl", "jedi", "parso", "pytz"})
# Folders of wheels that nothing in the browser's Python reads; JupyterLab has the extensions from elsewhere.
_UNREAD = re.compile(r"(^|/)(tests|labextension|nbextension)/|\.data/")
# Where Python has its own library, and where Pyodide unpacks wheels.
_LIBRARY_AT = "/lib/python{}.zip"
_WHEELS_AT = "/lib/python{}/site-packages"


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


def copy(source: Source, wheels: Iterable[Wheel], to: Path) -> str:
    """Write into `to` what the course needs of Pyodide, the `wheels` beside it, and one lock that names them all.

    What is pure Python goes into the archive of Python's own library: it is there as soon as Python is, and nothing
    has to be unpacked. All of it is compiled if there is a Python for that; the version that is missing is returned.
    """
    lock = json.loads(source.read(LOCK))
    version = minor(lock["info"]["python"])
    python = interpreter(version)
    ours = {wheel.name: wheel for wheel in wheels}
    wanted = closure(
        lock["packages"], [*NEEDED, *(each for wheel in ours.values() for each in wheel.requires)]
    )
    theirs = {name: lock["packages"][name] for name in wanted - set(ours)}
    contents = {entry["file_name"]: _package(source, entry) for entry in theirs.values()}
    contents |= {wheel.file_name: wheel.content for wheel in ours.values()}

    to.mkdir(parents=True)
    for name in CORE:
        (to / name).write_bytes(source.read(name))
    (to / START).write_bytes(Path(__file__).with_name(START).read_bytes())
    (to / LIBRARY).write_bytes(_library(source.read(LIBRARY), contents, python, version))
    unpacked = {name: content for name, content in contents.items() if not _is_in_library(name)}
    if python:
        unpacked = {name: _compiled_wheel(name, unpacked[name], python, version) for name in unpacked}
    for name, content in unpacked.items():
        (to / name).write_bytes(content)
    (to / LOCK).write_text(
        json.dumps(completed(lock, theirs, ours, unpacked), indent=1) + "\n", encoding="utf-8"
    )
    return "" if python else version


def _package(source: Source, entry: Mapping[str, str]) -> bytes:
    content = source.read(entry["file_name"])
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        raise SiteError(f"{entry['file_name']} from {source.where} is not the file that its {LOCK} names.")
    return content


def _is_in_library(file_name: str) -> bool:
    """Return whether a wheel works from an archive: the course reads its own files as files, and so do extensions."""
    return file_name.endswith("-none-any.whl") and not file_name.startswith(OWN_FILES)


def _library(standard: bytes, contents: Mapping[str, bytes], python: str | None, version: str) -> bytes:
    files = unzipped(standard)
    for name in sorted(filter(_is_in_library, contents)):
        added = unzipped(contents[name])
        files |= {each: text for each, text in added.items() if not _UNREAD.search(each)}
    if python:
        files = compiled(files, _LIBRARY_AT.format(version.replace(".", "")), python)
    return zipped(files, folders=True)


def _compiled_wheel(name: str, content: bytes, python: str, version: str) -> bytes:
    sources = name.startswith(OWN_FILES)
    return zipped(compiled(unzipped(content), _WHEELS_AT.format(version), python, sources))


def closure(packages: Mapping[str, Mapping], names: Iterable[str]) -> set[str]:
    """Return which `packages` are needed for `names`, those that they depend on included, but none of `UNNEEDED`."""
    found: set[str] = set()
    open_names = [normalized(name) for name in names]
    while open_names:
        name = open_names.pop()
        if name in packages and name not in found | UNNEEDED:
            found.add(name)
            open_names += map(normalized, packages[name]["depends"])
    return found


def completed(
    lock: Mapping, theirs: Mapping[str, Mapping], ours: Mapping[str, Wheel], files: Mapping[str, bytes]
) -> dict:
    """Return the lock of Pyodide with only the packages that are in `files`, `ours` as if they were Pyodide's."""
    packages = {name: dict(theirs[name]) for name in sorted(theirs)}
    for name, wheel in ours.items():
        packages[name] = {
            "name": wheel.name,
            "version": wheel.version,
            "file_name": wheel.file_name,
            "install_dir": "site",
            "package_type": "package",
            "imports": sorted(wheel.imports),
            "depends": sorted({normalized(each) for each in wheel.requires}),
        }
    packages = {name: entry for name, entry in packages.items() if entry["file_name"] in files}
    for entry in packages.values():
        entry["sha256"] = hashlib.sha256(files[entry["file_name"]]).hexdigest()
        entry["depends"] = [each for each in entry["depends"] if normalized(each) in packages]
    return {**lock, "packages": packages}


def normalized(name: str) -> str:
    """Return a package's name as Pyodide's lock spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()
