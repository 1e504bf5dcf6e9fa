"""What this machine has, whatever the course: Python and packages, the sandbox, JupyterLab's extensions, room."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from jupyter_core.paths import jupyter_config_path, jupyter_path
from jupyter_server.config_manager import BaseJSONConfigManager, recursive_update
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from grading.doctor.finding import Finding, fail, ok, warn
from grading.sandbox import NoSandboxError, require

DISTRIBUTION = "backprop-course"
EXTRAS = ("", "grading")
INSTALL = "pip install --require-hashes -r requirements.lock"
INSTALL_COURSE = "pip install --no-deps --no-build-isolation -e ."
# Of JupyterLab: what a diagram is drawn by, what sliders are, and nbgrader's; of its server: nbgrader's.
LAB_EXTENSIONS = ("anywidget", "@jupyter-widgets/jupyterlab-manager", "@jupyter/nbgrader")
SERVER_EXTENSIONS = tuple(
    f"nbgrader.server_extensions.{name}" for name in ("formgrader", "validate_assignment", "assignment_list")
)
# A class of 60 and its feedback take less than the first; below the second a gradebook may be cut short.
ROOMY, TIGHT = 2e9, 2e8


def python() -> Finding:
    """Look whether this Python is one that the course is made for."""
    found = f"{sys.version.split()[0]} in {sys.prefix}"
    try:
        wanted = metadata.metadata(DISTRIBUTION)["Requires-Python"]
    except metadata.PackageNotFoundError:
        return fail(f"{found}; the course is not installed there", INSTALL_COURSE)
    if sys.version.split()[0] not in SpecifierSet(wanted, prereleases=True):
        return fail(f"{found}; the course needs {wanted}", f"make an environment with Python {wanted}")
    return ok(found)


def packages() -> Finding:
    """Look whether every package that the course declares is installed, and new enough."""
    wanted = [Requirement(line) for line in metadata.requires(DISTRIBUTION) or []]
    wanted = [each for each in wanted if _is_needed(each)]
    odd = [said for each in wanted if (said := _lacking(each))]
    if odd:
        return fail("; ".join(odd), INSTALL)
    return ok(f"{len(wanted)} of {len(wanted)} as declared")


def _is_needed(wanted: Requirement) -> bool:
    return wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in EXTRAS)


def _lacking(wanted: Requirement) -> str:
    try:
        there = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        return f"{wanted.name} is not installed"
    return (
        "" if wanted.specifier.contains(there, prereleases=True) else f"{wanted} is wanted, {there} is there"
    )


def alembic() -> Finding:
    """Look whether nbgrader, which starts alembic by name, finds it when it makes a gradebook."""
    found = shutil.which("alembic")
    if found:
        return ok(found)
    beside = Path(sys.executable).parent
    if shutil.which("alembic", path=str(beside)):
        return warn(
            f"in {beside}, which is not on PATH: `nbgrader` cannot make a gradebook",
            f"source {beside / 'activate'}",
        )
    return fail("not installed: nbgrader makes no gradebook without it", INSTALL)


def sandbox() -> Finding:
    """Start bubblewrap, as grading does."""
    try:
        require()
    except NoSandboxError as error:
        return fail(error.problem, error.remedy)
    said = subprocess.run(["bwrap", "--version"], capture_output=True, text=True, timeout=30, check=False)
    return ok(f"{said.stdout.strip()}, started")


def extensions() -> Finding:
    """Look whether JupyterLab has what diagrams and nbgrader's own pages need, and none of it is switched off."""
    lab = [
        name
        for name in LAB_EXTENSIONS
        if not any(Path(folder, name, "package.json").is_file() for folder in jupyter_path("labextensions"))
    ]
    off = _switched_off(_read("page_config", "labconfig").get("disabledExtensions", {}))
    lab += [name for name in off if name.partition(":")[0] in LAB_EXTENSIONS and name not in lab]
    enabled = _read("jupyter_server_config").get("ServerApp", {}).get("jpserver_extensions", {})
    server = [name for name in SERVER_EXTENSIONS if not enabled.get(name)]
    if lab:
        remedy = " && ".join(f"jupyter labextension enable {name}" for name in lab if name in off) or INSTALL
        return fail(f"JupyterLab lacks {', '.join(lab)}", remedy)
    if server:
        return fail(
            f"Jupyter's server lacks {', '.join(server)}",
            "jupyter server extension enable --sys-prefix --py nbgrader",
        )
    return ok(f"{len(LAB_EXTENSIONS)} of JupyterLab, {len(SERVER_EXTENSIONS)} of its server")


def _read(section: str, below: str = "") -> dict:
    """Return a section of Jupyter's configuration; what stands nearer to the user counts more."""
    found: dict = {}
    for folder in reversed(jupyter_config_path()):
        recursive_update(found, BaseJSONConfigManager(config_dir=os.path.join(folder, below)).get(section))
    return found


def _switched_off(disabled: dict[str, bool] | Iterable[str]) -> list[str]:
    return [name for name, off in disabled.items() if off] if isinstance(disabled, dict) else list(disabled)


def room(course: Path) -> Finding:
    """Look how much is free where grading writes."""
    free = {}
    for path in (course, Path(tempfile.gettempdir())):
        free.setdefault(path.stat().st_dev, (shutil.disk_usage(path).free, path))
    said = "; ".join(f"{space / 1e9:.1f} GB free in {path}" for space, path in free.values())
    least, where = min(free.values())
    remedy = f"make room in {where}"
    if least < TIGHT:
        return fail(said, remedy)
    return warn(said, remedy) if least < ROOMY else ok(said)
