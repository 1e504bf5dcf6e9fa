"""What a cell below an answer changes of what the answer uses, told from the cells alone."""

from __future__ import annotations

import pytest

from grading.later_changes import Notebook

ANSWER = "def answer(x):\n    return helper(x)"
DATA = f"import numpy as np\nhelper = np.ones(2)\n{ANSWER}"
COUNTS = "calls = 0\ndef answer(x):\n    global calls\n    calls += 1\n    return calls"
BUMPS = "def bump():\n    global helper\n    helper = 2"
TWICE = f"{ANSWER}\n{ANSWER}"
PARTIAL = "from functools import partial\ndef scaled(k, x):\n    return k * size * x\nsize = 1\n"
PARTIAL += "answer = partial(scaled, 2)"

# The cells down to the answer's own, a cell below, the names that it changes.
CHANGED = [
    (ANSWER, "answer = answer(2)", "answer"),
    (ANSWER, ANSWER, "answer"),
    (ANSWER, "del answer", "answer"),
    ("def answer(x):\n    return sum(x)", "sum = 3", "sum"),
    (
        "def answer(x):\n    def inner():\n        return helper\n    return inner()\nhelper = 1",
        "helper = 2",
        "helper",
    ),
    ("helper = 1\nclass answer:\n    def m(self):\n        return helper", "helper = 2", "helper"),
    ("scale = 2\ndef helper(x):\n    return scale * x\n" + ANSWER, "scale = 3", "scale"),
    (PARTIAL, "size = 2", "size"),
    ("helper = 1\ndef answer(x):\n    [helper for helper in x]\n    return helper", "helper = 2", "helper"),
    ("sizes = [2]\ndef answer(x, sizes=sizes):\n    return sizes", "sizes.append(3)", "sizes"),
    ("size = 2\nanswer = {'mended': lambda x: size * x}", "size = 3", "size"),
    (COUNTS, "print(answer(2))", "calls"),
    ("answer = {'factor': None}", "answer['factor'] = 'mine'", "answer"),
    ("sizes = [2]\nanswer = {'sizes': sizes}", "sizes.append(3)", "sizes"),
    ("import numpy as np\ndef answer(x):\n    return np.mean(x)", "np.mean = None", "np"),
    ("import numpy as np\ndef answer(x):\n    return np.mean(x)", "lib = np\nlib.mean = None", "np"),
    ("from numpy import mean\ndef answer(x):\n    return mean(x)", "import numpy\nnumpy.sum = 1", "mean"),
    ("from course_lib import helper\n" + ANSWER, "from mine import helper", "helper"),
    ("def helper(x):\n    return x\n" + ANSWER, "from course_lib import helper", "helper"),
    *(
        (DATA, below, "helper")
        for below in (
            "helper = 2",
            "import helper",
            "helper: int = 2",
            "for helper in range(2):\n    pass",
            "with open('x') as helper:\n    pass",
            "try:\n    pass\nexcept ValueError as helper:\n    pass",
            "match 3:\n    case [helper]:\n        pass",
            "print(helper := 2)",
            "[helper := n for n in range(2)]",
            "def helper(x):\n    return 2",
            "class helper:\n    pass",
            "helper[0] = 1",
            "helper.shape = (2, 1)",
            "helper.a[0].b = 1",
            "helper += 1",
            "del helper[0]",
            "helper.sort()",
            "other = helper\nother.fill(2)",
            "for row in helper:\n    row.sort()",
            "parts = {'a': helper}\nparts['a'].sort()",
            "[row.sort() for row in helper]",
            "np.add(helper, 1, out=helper)",
            "np.fill_diagonal(helper, 0)",
            "setattr(helper, 'shape', (2, 1))",
            "def step(w):\n    w -= 1\nstep(helper)",
            "def step():\n    w = helper\n    w -= 1\nstep()",
            f"{BUMPS}\nbump()",
            "if True:\n    helper = 2",
            "h = await helper.load()",
        )
    ),
    (f"helper = 1\n{BUMPS}\n{ANSWER}", "bump()", "helper"),
    (f"helper = 1\ndef run(code):\n    exec(code)\n{ANSWER}", "run('helper = 2')", "helper"),
    (f"helper = 1\n{BUMPS}\ndef more():\n    bump()\n{ANSWER}", "print(more())", "helper"),
]
# Nothing that the answer uses is changed, or was there before.
UNCHANGED = [
    (ANSWER, "y = answer(3)\nprint(y)"),
    (ANSWER, "def helper(x):\n    return x"),
    (TWICE, "y = 3"),
    (COUNTS, "calls_of_mine = 2"),
    ("def answer(x):\n    i = 1\n    return [i for i in x]", "i = 3\nx = 2"),
    ("size = 2\nanswer = {'size': size}", "size = 3"),
    ("size = 2\ndef answer(x, size=size):\n    return size", "size = 3"),
    ("from course_lib import helper\n" + ANSWER, "from course_lib import helper"),
    *(
        (DATA, below)
        for below in (
            "[helper for helper in range(2)]",
            "print(helper, len(helper), helper.mean(), helper + 1, np.add(helper, 1))",
            "def other(helper):\n    helper = 2\n    helper.sort()\n    return helper\nother(3)",
            "class Other:\n    helper = 2\n    def sort(self):\n        self.helper = 3",
            "def step(w):\n    w.sort()\nstep([helper for helper in range(2)])",
            BUMPS,
            "%matplotlib inline\n!ls\ny = 3",
            "import numpy as np\nnp.linalg.norm(np.ones(2))",
        )
    ),
]
# Nobody can tell what these change, so everything may be changed.
OPAQUE = [
    "exec('helper = 2')",
    "globals()['helper'] = 2",
    "answer.__globals__['helper'] = 2",
    "from numpy import *",
    "get_ipython().kernel.shell_handlers.clear()",
    "import gc",
    "%run other.py",
    "%%bash\nls",
    "files = !ls",
    "x = = 2",
    "x = '" + "a" * 20_000 + "'",
    "a" + ".a" * 7000,
    "-" * 15_000 + "1",
    "[" * 5000 + "]" * 5000,
    "lambda: " * 1000 + "1",
    "\0",
]


@pytest.mark.parametrize(("own", "below", "name"), CHANGED)
def test_a_change_below_is_found(own: str, below: str, name: str) -> None:
    assert name in Notebook(["1", own, "2", below]).changed_below(1, "answer")
    assert Notebook([below, own, "2"]).changed_below(1, "answer") == frozenset()


@pytest.mark.parametrize(("own", "below"), UNCHANGED)
def test_what_changes_nothing_is_no_reason(own: str, below: str) -> None:
    assert Notebook([own, below]).changed_below(0, "answer") == frozenset()


@pytest.mark.parametrize("below", OPAQUE, ids=lambda below: below[:20])
def test_what_cannot_be_read_may_change_anything(below: str) -> None:
    assert Notebook([DATA, below]).changed_below(0, "answer") >= {"answer", "helper"}
    # Above the answer it changes nothing behind it, but may have made what only it knows.
    assert Notebook([below, DATA, "y = 1"]).changed_below(1, "answer") == frozenset()
    assert Notebook([below, ANSWER, "helper = 1"]).changed_below(1, "answer") == {"helper"}


def test_a_notebook_is_read_up_to_a_length() -> None:
    comments = ["#" * 19_000] * 8
    assert Notebook([DATA, *comments[:7]]).changed_below(0, "answer") == frozenset()
    assert Notebook([DATA, *comments]).changed_below(0, "answer") >= {"helper"}
