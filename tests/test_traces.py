"""Whatever an answer changes beside its arguments, recording it once more leaves the notebook as it was."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from course_lib.checking.calling.call import call
from course_lib.checking.calling.recording import record
from tests.notebook_cells import notebook

COUNTING = """
def make():
    n = 0
    def inc():
        nonlocal n
        n += 1
    return inc
"""
# What stands before the answer, what the answer does, and what is to be the same before and after.
PUT_BACK = {
    "list": ("log = []", "log.append(1)", "len(log)"),
    "list in a dict": ("log = {'a': [0]}", "log['a'][0] += 1", "log['a'][0]"),
    "list in a list": ("log = [[]]", "log[0].append(1)", "len(log[0])"),
    "set": ("seen = set()", "seen.add(1)", "len(seen)"),
    "deque": ("from collections import deque\nq = deque()", "q.append(1)", "len(q)"),
    "Counter": ("from collections import Counter\nc = Counter()", "c['n'] += 1", "c['n']"),
    "array": ("a = np.zeros(3)", "a[0] += 1", "a[0]"),
    "attribute of a class": ("class A:\n    n = 0", "A.n += 1", "A.n"),
    "list in a class": ("class A:\n    n = []", "A.n.append(1)", "len(A.n)"),
    "object": ("class A:\n    n = 0\nx = A()", "x.n += 1", "x.n"),
    "array in an object": ("class A:\n    pass\nx = A(); x.n = np.zeros(2)", "x.n += 1", "x.n[0]"),
    "object in an object": ("class A:\n    pass\nx = A(); x.m = A(); x.m.n = 0", "x.m.n += 1", "x.m.n"),
    "slots": ("class A:\n    __slots__ = ('n',)\nx = A(); x.n = 0", "x.n += 1", "x.n"),
    "property": (
        "class A:\n    hits = []\n    @property\n    def v(self):\n        self.hits.append(1)\nx = A()",
        "x.v",
        "len(A.hits)",
    ),
    "attribute of a function": ("def h():\n    h.n += 1\nh.n = 0", "h()", "h.n"),
    "default argument": ("def h(seen=[]):\n    seen.append(1)", "h()", "len(h.__defaults__[0])"),
    "nonlocal": (f"{COUNTING}inc = make()", "inc()", "inc.__closure__[0].cell_contents"),
    "attribute of numpy": ("np.noted = 0", "np.noted += 1", "np.noted"),
    "generator of numbers": (
        "rng = np.random.default_rng(0)",
        "rng.normal()",
        "rng.bit_generator.state['state']",
    ),
    "random numbers of numpy": ("np.random.seed(0)", "np.random.rand()", "np.random.get_state()[2]"),
    "random numbers": ("import random\nrandom.seed(0)", "random.random()", "random.getstate()"),
}
# What cannot be put back is not run once more.
REFUSED = {
    "iterator": ("it = iter(range(9))", "next(it)"),
    "generator": ("def g():\n    yield from range(9)\nit = g()", "next(it)"),
    "cache": ("import functools\n@functools.lru_cache\ndef h(n):\n    return n", "h(1)"),
    "file": ("", "open('x')"),
    "path": ("from pathlib import Path", "Path('x').write_text('x')"),
    "saved array": ("", "np.save('x', np.zeros(1))"),
    "environment": ("import os", "os.environ['X'] = 'x'"),
    "imported inside": ("", "import os; os.system('true')"),
    "figure": ("import matplotlib.pyplot as plt", "plt.figure()"),
    "way of numpy with errors": ("", "np.seterr(over='ignore')"),
    "text in memory": ("import io\ns = io.StringIO()", "s.write('x')"),
    "global": ("n = 0", "global n; n += 1"),
    "all variables": ("n = [0]", "globals()['n'][0] += 1"),
    "attribute of another module": ("import sys", "sys.noted = 1"),
    "what the course writes": ("from course_lib import place", "place('fill_symbols', 'x', 'y')"),
    "too many objects": ("many = [[n] for n in range(3000)]", "many[0].append(1)"),
    "a very large array": ("large = np.zeros(10**6)", "large[0] = 1"),
}


def _answer(before: str, line: str) -> dict:
    return notebook(f"{before}\n", f"def f(z):\n    {line}\n    return 2.0 * z\n")


@pytest.mark.parametrize("kind", PUT_BACK)
def test_what_is_changed_is_put_back(kind: str) -> None:
    before, line, state = PUT_BACK[kind]
    space = _answer(before, line)
    was, times = eval(state, space), []
    recording = record(space["f"], lambda: times.append(1) or call(space["f"], (np.ones(2),)))
    assert recording is not None
    assert times == [1]
    assert eval(state, space) == was
    call(space["f"], (np.ones(2),))
    assert eval(state, space) != was


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_put_back_is_not_run_once_more(kind: str, tmp_path: Path) -> None:
    space = _answer(*REFUSED[kind])
    here = Path.cwd()
    os.chdir(tmp_path)
    try:
        assert record(space["f"], lambda: pytest.fail("it was called")) is None
    finally:
        os.chdir(here)
    assert list(tmp_path.iterdir()) == []
