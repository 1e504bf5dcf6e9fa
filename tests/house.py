"""The map of the house in CONTRIBUTING.md, and what the code really imports."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("course_lib", "grading")
# What a room is for stands in the third column; the first is its floor, the second the rooms on it.
ROW = re.compile(r"^\| (\d+) \| (`.+?`) \| (.+) \|$", re.MULTILINE)


def floors(text: str | None = None) -> dict[str, int]:
    """Return the floor of every room on the map: ``course_lib/checking/judging`` -> 9."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8") if text is None else text
    return {
        room: int(floor) for floor, rooms, _ in ROW.findall(text) for room in re.findall(r"`(.+?)`", rooms)
    }


@cache
def modules() -> dict[str, Path]:
    """Return every module of both packages by its dotted name, but what runs inside the sandbox."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def room_of(module: str, rooms: Mapping[str, int]) -> str:
    """Return the room that a module is in: the longest name on the map that it begins with; "" if there is none."""
    parts = module.split(".")
    names = ("/".join(parts[:n]) for n in range(len(parts), 0, -1))
    return next((name for name in names if name in rooms), "")


@cache
def nodes(path: Path) -> list[ast.AST]:
    """Return every node of the code in a file."""
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imports(path: Path) -> Iterator[str]:
    """Yield the modules of ours that a file imports, anywhere in it, for types only too."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules())
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if whole in modules():
                    yield whole
                elif node.module in modules():
                    yield node.module


def climbs(rooms: Mapping[str, int], graph: Mapping[str, set[str]]) -> list[str]:
    """Return the imports that do not go down: into another room on the same floor or on a higher one."""
    found = []
    for module, wanted in graph.items():
        here = room_of(module, rooms)
        for other in wanted:
            there = room_of(other, rooms)
            if there != here and rooms.get(there, 99) >= rooms.get(here, -1):
                found.append(f"{module} (floor {rooms.get(here)}) imports {other} (floor {rooms.get(there)})")
    return sorted(found)


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """Return modules that import each other in a ring, if there are any."""
    done: set[str] = set()
    way: list[str] = []

    def visit(module: str) -> list[str]:
        if module in way:
            return [*way[way.index(module) :], module]
        if module in done:
            return []
        way.append(module)
        ring = next(filter(None, map(visit, sorted(graph.get(module, ())))), [])
        way.pop()
        done.add(module)
        return ring

    return next(filter(None, map(visit, sorted(graph))), [])
