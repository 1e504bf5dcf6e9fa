"""The map of the house in CONTRIBUTING.md is true: every file has a room, imports only go down, nothing in a ring."""

from __future__ import annotations

import ast

import pytest

from tests import house

ROOMS = house.floors()
# A package's own face lists what its modules offer; a ring through it is no ring of theirs.
FACES = {module for module, path in house.modules().items() if path.name == "__init__.py"}


@pytest.fixture(scope="module")
def graph():
    """Return what every module imports; the two packages' own faces are lazy and belong to no room."""
    return {
        module: set(house.imports(path)) - {module, *house.PACKAGES}
        for module, path in house.modules().items()
        if module not in house.PACKAGES
    }


def test_every_room_on_the_map_is_there_and_every_module_has_one(graph):
    homeless = [module for module in graph if not house.room_of(module, ROOMS)]
    assert homeless == [], "give them a floor in CONTRIBUTING.md"
    assert set(ROOMS) == {house.room_of(module, ROOMS) for module in graph}


def test_imports_only_go_down(graph):
    assert house.climbs(ROOMS, graph) == []


def test_no_modules_import_each_other_in_a_ring(graph):
    assert house.circle({m: wanted - FACES for m, wanted in graph.items() if m not in FACES}) == []


def test_course_lib_never_imports_grading(graph):
    below = {m: w for m, w in graph.items() if m.startswith("course_lib")}
    assert {m: other for m, w in below.items() for other in w if other.startswith("grading")} == {}


def test_judging_knows_no_cards(graph):
    judging = {m: w for m, w in graph.items() if m.startswith("course_lib.checking.judging")}
    assert judging
    assert [other for w in judging.values() for other in w if ".cards" in other or ".student" in other] == []


def test_a_relative_import_would_hide_which_floor_it_reaches_for():
    for module, path in house.modules().items():
        for node in house.nodes(path):
            assert not (isinstance(node, ast.ImportFrom) and node.level), module


def asks_for_the_kind(nodes: list[ast.AST]) -> bool:
    """Tell whether code compares the `kind` of something that is not numpy's dtype."""
    for node in nodes:
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
        elif isinstance(node, ast.Match):
            sides = [node.subject]
        else:
            continue
        for side in sides:
            dtype = isinstance(side, ast.Attribute) and getattr(side.value, "attr", "") == "dtype"
            if isinstance(side, ast.Attribute) and side.attr == "kind" and not dtype:
                return True
    return False


def test_the_kind_of_an_exercise_is_compared_in_one_module_at_most():
    assert len([m for m, path in house.modules().items() if asks_for_the_kind(house.nodes(path))]) <= 1


@pytest.mark.parametrize(
    ("source", "asks"),
    [
        ('e.kind == "function"', True),
        ('if e.kind in ("function", "data"): pass', True),
        ('array.dtype.kind in "iuf"', False),
        ("kinds = {e.kind: e}", False),
    ],
)
def test_the_test_of_kinds_sees_what_it_should(source: str, asks: bool):
    assert asks_for_the_kind(list(ast.walk(ast.parse(source)))) is asks


def test_the_map_would_notice_an_import_that_climbs_and_a_ring():
    rooms = {"a/low": 1, "a/high": 2, "a/beside": 2}
    assert house.climbs(rooms, {"a.low.x": {"a.high.y"}, "a.high.y": {"a.low.x"}})
    assert house.climbs(rooms, {"a.high.y": {"a.beside.z"}})
    assert not house.climbs(rooms, {"a.high.y": {"a.low.x", "a.high.w"}})
    assert house.circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]
    assert house.circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
