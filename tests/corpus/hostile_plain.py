"""Hostile submissions to a lesson with plain nbgrader exercises: by story, the answer with which it attacks."""

from __future__ import annotations

# Right for an array, which an `assert` needs, and worth nothing for a number, of which points are made.
_HALF = "def relu(z): return 0 if np.isscalar(z) else z * (z > 0)\n"
# What stands in the solution cell of `relu`, whose test is plain, in a lesson of the course.
STORIES = {
    "patches_the_testing_tools": (
        "import numpy as np\nnp.testing.assert_allclose = lambda *a, **k: None\ndef relu(z): return 0"
    ),
    "equals_everything": (
        "class E:\n    __eq__ = lambda s, o: True\ndef relu(z): return E() if np.isscalar(z) else z * (z > 0)"
    ),
    "forges_the_points": f"class P:\n    __repr__ = lambda s: '2'\ndef points(*a): return P()\n{_HALF}",
    "gives_nan": f"{_HALF}def points(*a): return float('nan')",
    "gives_less_than_nothing": f"{_HALF}def points(*a): return -3",
    "gives_too_much": f"{_HALF}def points(*a): return 1e9",
    "gives_a_text": f"{_HALF}def points(*a): return 'all of them'",
    "ends_its_kernel": "import os\nos._exit(0)",
    "ends_the_kernel_of_the_test": "import os\ndef relu(z): os._exit(0)",
    "never_ends": "def relu(z):\n    while True: pass",
    "reads_the_test_and_shouts": (
        "def relu(z):\n    test = In[-1]\n    print(test)\n"
        "    raise type(test[test.find('HIDDEN'):][:90], (Exception,), {})(test)"
    ),
    "looks_for_the_test_on_the_disk": (
        "import os\nfor top, _, names in os.walk('/'):\n    for name in names:\n"
        "        if name.endswith('.ipynb') and 'site-packages' not in top:\n"
        "            print(open(os.path.join(top, name)).read())\ndef relu(z): return z * (z > 0)"
    ),
    "leaves_a_thread": (
        "import threading, time\ndef shout():\n    while True: time.sleep(0.01); print(In[-1])\n"
        "threading.Thread(target=shout, daemon=True).start()\ndef relu(z): return z * (z > 0)"
    ),
}
# Those whose points are forged: that this is possible is said in the guide.
FORGED = {"patches_the_testing_tools": 1.0, "equals_everything": 2.0, "forges_the_points": 2.0}
# Those of which a person decides.
LOOKED_AT = frozenset({"gives_nan", "gives_less_than_nothing", "gives_too_much", "gives_a_text"})
