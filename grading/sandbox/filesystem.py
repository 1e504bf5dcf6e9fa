"""The files that the sandbox sees: Python, what the lesson opens of course_lib, and the submission's own."""

import compileall
import contextlib
import importlib.util
import os
import re
import shutil
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

import course_lib
from course_lib.exercises import Lesson

LIBRARY = Path(course_lib.__file__).parent
INSIDE = Path(__file__).parent / "inside"
# What the open modules and the collector need; none of it answers an exercise.
CALLING = (
    *("__init__", "call", "captured", "event_log", "events", "global_names", "instrumenting", "kept"),
    *("mending", "notebook_functions", "outcome", "recorder", "recording", "recording_data", "rewriting"),
    *("rewriting_expressions", "sites", "steps", "stubs", "time_limit", "traces"),
)
PLUMBING = frozenset({"answers.file", "closing", "execution", "files", "inputs", "penguins"}) | {
    f"checking.calling.{name}" for name in CALLING
}
# What is a kernel inside, and what starts it.
SERVING = (
    *("closed_modules", "collector", "encoding", "entering", "frames", "missing_modules", "preload"),
    *("serving", "shell", "start_kernel"),
)
# Modules that are replaced by a smaller one of the same name.
SMALLER = {"answers/__init__.py": "answers.py"}
CLOSED = "from course_lib.stub import __getattr__  # closed while this lesson is graded\n"
PROPAGATING = """

from course_lib.propagate import propagating as _propagating

__getattr__ = _propagating(__getattr__, globals())
"""
MASKED = ("course_lib", "grading", "nbgrader")
SYSTEM = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache")


def lay_out(box: Path, lesson: Lesson) -> None:
    """Write into the empty folder `box` the course_lib of `lesson`: its open modules, and a stub for all others."""
    present, closed = PLUMBING | lesson.open, set()
    for path in sorted(LIBRARY.rglob("*")):
        name = path.relative_to(LIBRARY)
        if path.is_dir() or "__pycache__" in name.parts:
            continue
        target = box / "course_lib" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if name.as_posix() in SMALLER:
            shutil.copyfile(INSIDE / SMALLER[name.as_posix()], target)
        elif path.suffix != ".py" or is_open(name, present):
            shutil.copyfile(path, target)
        else:
            target.write_text(CLOSED)
            closed.add(target)
    for name in ("stub.py", "propagate.py"):
        shutil.copyfile(INSIDE / name, box / "course_lib" / name)
    with (box / "course_lib" / "__init__.py").open("a") as file:
        file.write(PROPAGATING)
    (box / "inside").mkdir()
    for name in SERVING:
        shutil.copyfile(INSIDE / f"{name}.py", box / "inside" / f"{name}.py")
    # No kernel can write there what it compiled, and each would compile it anew; of a stub that is one line.
    for path in {*box.rglob("*.py")} - closed:
        compileall.compile_file(path, quiet=2, stripdir=box)
    _fonts(box / "mpl")


def is_open(name: Path, present: Iterable[str]) -> bool:
    """Return whether the module in the file `name`, relative to course_lib, is there unchanged."""
    module = ".".join(name.with_suffix("").parts)
    return module == "__init__" or any(module == m or module.startswith(f"{m}.") for m in present)


def _fonts(folder: Path) -> None:
    """Copy matplotlib's list of fonts; without it every kernel would spend seconds on making one."""
    folder.mkdir(exist_ok=True)
    with contextlib.suppress(ImportError, OSError):
        path = _font_list()
        shutil.copyfile(path, folder / path.name)


def _font_list() -> Path:
    """Return where matplotlib's list of fonts is: mostly where it is looked for first, without loading matplotlib."""
    found = importlib.util.find_spec("matplotlib")
    source = Path(found.origin).with_name("font_manager.py").read_text(encoding="utf-8") if found else ""
    if version := re.search(r"^class FontManager.*?^    __version__ = '([^']+)'", source, re.M | re.S):
        cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        folder = Path(os.environ.get("MPLCONFIGDIR") or Path(cache, "matplotlib"))
        if (path := folder / f"fontlist-v{version[1]}.json").exists():
            return path
    import matplotlib.font_manager

    return Path(
        matplotlib.get_cachedir(), f"fontlist-v{matplotlib.font_manager.FontManager.__version__}.json"
    )


def python_folders() -> list[str]:
    """Return the folders that Python and its packages need, none inside another."""
    paths = {*SYSTEM, sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    paths |= {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    paths |= {os.path.realpath(sys.executable), sysconfig.get_config_var("LIBDIR") or "/usr/lib"}
    found = sorted(path for path in paths if os.path.exists(path))
    return [p for p in found if not any(p != q and p.startswith(f"{q.rstrip('/')}/") for q in found)]


def hidden_folders() -> Iterator[str]:
    """Return the folders of the course among the installed packages: only the open modules may be seen."""
    for scheme in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        for name in MASKED:
            path = os.path.join(scheme, name)
            if os.path.isdir(path):
                yield path
