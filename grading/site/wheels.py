"""The wheels that stand in the site: of the course itself, and of the pure Python it needs beside Pyodide's."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path
from types import MappingProxyType

import course_lib
from course_lib import edition
from grading.site.archives import zipped

ROOT = Path(__file__).resolve().parents[2]
# Their versions and hashes are those of requirements.lock.
FROM_REGISTRY = ("anywidget", "comm", "ipywidgets", "psygnal", "typing-extensions")
REQUIRES = ("anywidget", "ipython", "ipywidgets", "matplotlib", "numpy", "pillow", "traitlets")
# What the file name of the course's own wheel begins with.
OWN_FILES = "backprop_course-"


@dataclass(frozen=True)
class Wheel:
    """A wheel, and what a lock has to say of it."""

    file_name: str
    content: bytes
    name: str
    version: str
    requires: tuple[str, ...]
    imports: frozenset[str]


def read(path: Path) -> Wheel:
    """Return the wheel that stands in a file."""
    content = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        metadata = next(name for name in names if name.endswith(".dist-info/METADATA"))
        said = Parser().parsestr(archive.read(metadata).decode())
    required = [each for each in said.get_all("Requires-Dist", []) if "extra ==" not in each]
    tops = {name.split("/")[0].removesuffix(".py") for name in names if name.endswith(".py")}
    name = re.sub(r"[-_.]+", "-", said["Name"]).lower()
    requires = tuple(re.match(r"[\w.-]+", each)[0] for each in required)
    return Wheel(path.name, content, name, said["Version"], requires, frozenset(tops))


def of_the_course(
    also: Mapping[str, bytes] = MappingProxyType({}), requires: Sequence[str] = REQUIRES, commands: str = ""
) -> Wheel:
    """Return a wheel with `course_lib` and its edition, the same bytes whenever it is made from the same files.

    `also` are further files, or others in the place of its own, by their names below `course_lib`. `commands` are its
    entry points, as a wheel states them.
    """
    version = course_lib.__version__
    info = f"backprop_course-{version}.dist-info"
    top = ROOT / "course_lib"
    own = {
        path.relative_to(top).as_posix(): path
        for path in sorted(top.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    if (changed := edition.place()) and changed.is_file():
        own[edition.NAME] = changed
    files = {
        f"course_lib/{name}": also[name] if name in also else own[name].read_bytes()
        for name in sorted({*own, *also})
    }
    required = "".join(f"Requires-Dist: {name}\n" for name in requires)
    files[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: backprop-course\nVersion: {version}\n{required}".encode()
    )
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    if commands:
        files[f"{info}/entry_points.txt"] = commands.encode()
    record = "".join(f"{name},sha256={_digest(content)},{len(content)}\n" for name, content in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    return Wheel(
        f"{OWN_FILES}{version}-py3-none-any.whl",
        zipped(files),
        "backprop-course",
        version,
        tuple(requires),
        frozenset({"course_lib"}),
    )


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def from_registry() -> list[Wheel]:
    """Fetch the wheels of `FROM_REGISTRY`, checked against the hashes in requirements.lock."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder, "wanted.txt")
        wanted.write_text(locked(FROM_REGISTRY), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
        ]
        # Only what runs on every machine runs in a browser too.
        anywhere = ["--only-binary=:all:", "--implementation=py", "--abi=none", "--platform=any"]
        subprocess.run(
            [*command, "--require-hashes", *anywhere, "--dest", folder, "--requirement", str(wanted)],
            check=True,
        )
        return [read(path) for path in sorted(Path(folder).glob("*.whl"))]


def locked(names: tuple[str, ...]) -> str:
    """Return what requirements.lock says of the packages `names`, without conditions."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.findall(r"^([\w.-]+)(==\S+)[^\\\n]*((?:\\\n    --hash=\S+ ?)+)", text, re.MULTILINE)
    found = {name: f"{name}{version} {hashes}\n" for name, version, hashes in blocks if name in names}
    missing = sorted(set(names) - set(found))
    if missing:
        raise ValueError(f"requirements.lock does not pin {', '.join(missing)}: run make lock")
    return "".join(found[name] for name in names)
