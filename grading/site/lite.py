"""JupyterLab without a server, by JupyterLite: the lessons in it, set up for the course."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path

from jupyter_core.paths import jupyter_path

from grading.site.pyodide import START, SiteError
from grading.site.wheels import Wheel, read

KERNEL = "@jupyterlite/pyodide-kernel-extension"
EXTENSIONS = (KERNEL, "@jupyter-widgets/jupyterlab-manager", "anywidget")
# What the kernel would look for when it starts; start_python.js has brought what of it there is.
BROUGHT = (
    "micropip",
    "piplite",
    "ssl",
    "sqlite3",
    "ipykernel",
    "comm",
    "pyodide_kernel",
    "jedi",
    "ipython",
)
# The name of the browser's database, whatever the address of the site; kept_work.js has it too.
DATABASE = "backprop-course"
TITLE = "Gradient descent and backpropagation"
INSTALL = "pip install 'backprop-course[site]' from this folder, or use make site, which does it"


def extension(name: str) -> Path:
    """Return the folder of one of JupyterLab's extensions that are installed here."""
    for folder in jupyter_path("labextensions"):
        if Path(folder, name, "package.json").is_file():
            return Path(folder, name)
    raise SiteError(f"The extension {name} of JupyterLab is not installed here: {INSTALL}.")


def kernel_wheels() -> list[Wheel]:
    """Return the wheels that JupyterLite's kernel brings along."""
    wheels = [read(path) for path in sorted((extension(KERNEL) / "static" / "pypi").glob("*.whl"))]
    newest = {wheel.name: wheel for wheel in wheels}  # of widgetsnbextension there are two
    return list(newest.values())


def build(contents: Path, work: Path, out: Path) -> None:
    """Let JupyterLite write into `out` an application with the `contents` in its file browser."""
    if importlib.util.find_spec("jupyterlite_core") is None:
        raise SiteError(f"JupyterLite is not installed here: {INSTALL}.")
    work.mkdir()
    (work / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": _settings()}))
    (work / "overrides.json").write_text(json.dumps(_preferences()))
    options = ["--contents", str(contents), "--lite-dir", str(work), "--output-dir", str(out)]
    ran = subprocess.run(
        [sys.executable, "-m", "jupyterlite_core", "build", *options],
        cwd=work,
        capture_output=True,
        text=True,
    )
    if ran.returncode:
        raise SiteError(f"JupyterLite could not build the site:\n{(ran.stdout + ran.stderr)[-3000:]}")
    shutil.rmtree(out / "doc", ignore_errors=True)


def _settings() -> dict:
    return {
        "apps": ["lab"],
        "federated_extensions": [str(extension(name)) for name in EXTENSIONS],
        "ignore_sys_prefix": ["federated_extensions"],
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
    }


def _preferences() -> dict:
    """Return the settings of JupyterLab that the site begins with, as `make lab` does; a visitor may change them."""
    of_lab = resources.files("course_lib").joinpath("lab_settings", "overrides.json").read_text("utf-8")
    return json.loads(of_lab) | {"@jupyterlab/apputils-extension:themes": {"adaptive-theme": True}}


def configure(out: Path) -> None:
    """Tell the application where Python is, what it begins with, and where work is kept."""
    path = out / "jupyter-lite.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    data = config["jupyter-config-data"]
    plugins = data.setdefault("litePluginSettings", {})
    plugins[f"{KERNEL}:kernel"] = {
        "pyodideUrl": f"./static/pyodide/{START}",
        "loadPyodideOptions": {"packages": list(BROUGHT)},
        "disablePyPIFallback": True,
        "pipliteUrls": [],
    }
    data |= {"appName": TITLE, "exposeAppInBrowser": True, "contentsStorageName": DATABASE}
    path.write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def default_pyodide() -> str:
    """Return the address of the Pyodide that JupyterLite's kernel was made for, as its own files have it."""
    for path in sorted((extension(KERNEL) / "static").glob("*.js")):
        found = re.search(r"https://[\w./-]+/(?=pyodide\.js)", path.read_text(encoding="utf-8"))
        if found:
            return found[0]
    raise SiteError("JupyterLite names no Pyodide: name a folder with it, or its address, by --pyodide.")
