"""What grading promises is shown end to end by the quick tests; the sample may never lose one."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.corpus import sampling
from tests.corpus.classroom import stories

TESTS = Path(__file__).parent
PROMISES = {
    1: "nothing a submission does changes a score but by answering",
    2: "nothing a submission does is seen outside",
    3: "what a submission does to itself costs only what it touched",
    4: "the grader stops at any moment and starts again",
    5: "grading again gives the same grades",
    6: "without a sandbox grading refuses, unless it is told otherwise",
    7: "nothing of a submission runs in a reader's browser",
    8: "feedback shows no reference, no secret, no other student",
    9: "a lesson corrected after it was fetched costs nobody a point",
    10: "what the library answers is closed while it is graded",
}


def _marks(nodes: list[ast.expr]) -> tuple[set[str], set[int]]:
    """Return the names of the marks among `nodes`, and the numbers of the promises that they name."""
    names, numbers = set(), set()
    for node in nodes:
        name = node.func if isinstance(node, ast.Call) else node
        names.add(ast.unparse(name).rpartition(".")[2])
        if isinstance(node, ast.Call) and ast.unparse(name).endswith("mark.promise"):
            numbers |= {argument.value for argument in node.args if isinstance(argument, ast.Constant)}
    return names, numbers


def _shown_by(path: Path) -> set[int]:
    """Return the promises that the quick tests in a file show."""
    found, body = set(), ast.parse(path.read_text(encoding="utf-8")).body
    for node in body:
        if isinstance(node, ast.Assign) and "pytestmark" in ast.unparse(node) and "soak" in ast.unparse(node):
            return set()
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            names, numbers = _marks(node.decorator_list)
            found |= set() if "soak" in names else numbers
    return found


def test_every_promise_is_shown_by_a_quick_test() -> None:
    shown = {path.name: _shown_by(path) for path in TESTS.rglob("test_*.py")}
    assert set.union(*shown.values()) == set(PROMISES)


def test_every_family_of_stories_is_in_the_sample() -> None:
    for kind, seats in sampling.SAMPLE.items():
        told = [name for names in seats.values() for name in names]
        assert len(told) == len(set(told))
        families = {name: story.tell.__module__ for name, story in stories(kind).items()}
        assert {families[name] for name in told} == set(families.values())
