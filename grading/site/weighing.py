"""How heavy each part of a site is."""

from collections.abc import Iterator
from pathlib import Path

# The first that a file's name begins with says what it is a part of.
PARTS = (
    ("static/pyodide/backprop_course", "the course"),
    ("static/pyodide/pyodide", "Python"),
    ("static/pyodide/python", "Python's library and the packages"),
    ("static/pyodide/numpy", "numpy"),
    ("static/pyodide/matplotlib-", "matplotlib"),
    ("static/pyodide/start", "Python"),
    ("static/pyodide/", "other packages"),
    ("extensions/", "the kernel and the widgets"),
    ("build/", "JupyterLab"),
    ("lab/", "JupyterLab"),
    ("files/", "the lessons"),
    ("api/", "the lessons"),
    ("page/", "the landing page"),
    ("index.html", "the landing page"),
)


def weights(site: Path) -> dict[str, int]:
    """Return the bytes of each part of a site, heaviest first, and of the whole."""
    found: dict[str, int] = {}
    for name, size in _files(site):
        part = next((part for start, part in PARTS if name.startswith(start)), "all else")
        found[part] = found.get(part, 0) + size
    heaviest = dict(sorted(found.items(), key=lambda entry: -entry[1]))
    return {**heaviest, "together": sum(found.values())}


def _files(site: Path) -> Iterator[tuple[str, int]]:
    for path in site.rglob("*"):
        if path.is_file():
            yield path.relative_to(site).as_posix(), path.stat().st_size
