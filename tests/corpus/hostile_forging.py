"""Stories of submissions that tamper with Python, numpy, IPython or the messages to get points."""

from __future__ import annotations

from tests.corpus.making import ALL, Draft, story

WRONG = "def {name}(W01, W12, X, D):\n    return {value}"


def _wrong(draft: Draft, value: str = "0.0") -> None:
    for name in ("dE_dw11_12", "dE_dw21_12"):
        draft.answer(name, WRONG.format(name=name, value=value))


@story("hostile")
def patches_numpys_comparisons(draft: Draft) -> None:
    draft.first(
        "for f in ('allclose', 'isclose', 'array_equal', 'all', 'abs'):\n    setattr(np, f, lambda *a, **k: True)"
    )
    draft.first("np.testing.assert_allclose = lambda *a, **k: None")
    _wrong(draft)


@story("hostile")
def patches_builtins(draft: Draft) -> None:
    draft.first(
        "import builtins\nbuiltins.abs = lambda x: 0\nbuiltins.max = lambda *a, **k: 0\nbuiltins.round = lambda *a: 2.0"
    )
    _wrong(draft)


@story("hostile")
def patches_check(draft: Draft) -> None:
    draft.first(
        "import course_lib, course_lib.checking as checking\n"
        "class Verdict:\n"
        "    points = 2.0\n"
        "    def __repr__(self): return '2.0'\n"
        "check = course_lib.check = checking.check = checking.judge = lambda *a: Verdict()"
    )
    _wrong(draft)


@story("hostile")
def forges_the_points_by_a_formatter(draft: Draft) -> None:
    draft.first(
        "ip = get_ipython()\n"
        "for kind in (float, int, str, object):\n"
        "    ip.display_formatter.formatters['text/plain'].for_type(kind, lambda v, p, c: p.text('2.0'))\n"
        "import sys; sys.displayhook = lambda v: print('2.0')"
    )
    _wrong(draft)


@story("hostile")
def replaces_the_display_publisher(draft: Draft) -> None:
    draft.first(
        "ip = get_ipython()\n"
        "ip.display_pub.publish = lambda *a, **k: None\n"
        "ip.displayhook.__class__.__call__ = lambda self, value=None: None"
    )
    _wrong(draft)


@story("hostile")
def empties_later_cells_by_an_ast_transformer(draft: Draft) -> None:
    draft.last(
        "import ast\n"
        "class Empty(ast.NodeTransformer):\n"
        "    def visit_Module(self, node): return ast.parse('2.0')\n"
        "get_ipython().ast_transformers.append(Empty())"
    )
    draft.last("print('never')")
    _wrong(draft)


@story("hostile")
def rewrites_later_cells_as_they_come(draft: Draft) -> None:
    draft.last("get_ipython().input_transformers_cleanup.append(lambda lines: ['2.0'])")
    draft.last("get_ipython().run_cell = lambda *a, **k: None\nget_ipython().run_cell_async = None")
    _wrong(draft)


@story("hostile")
def hooks_imports(draft: Draft) -> None:
    draft.first(
        "import sys, types\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        print('asked for', name)\n"
        "sys.meta_path.insert(0, Finder())\n"
        "sys.modules['plain'] = sys.modules['collector'] = types.ModuleType('forged')\n"
        "sys.modules['course_lib.checking.judging'] = types.ModuleType('forged')"
    )
    _wrong(draft)


@story("hostile")
def acts_at_exit_and_on_signals(draft: Draft) -> None:
    draft.first(
        "import atexit, signal, os\n"
        "atexit.register(lambda: open('/submission/late', 'w').write('2.0'))\n"
        "for number in range(1, 32):\n"
        "    try:\n"
        "        signal.signal(number, lambda *a: None)\n"
        "    except (OSError, ValueError):\n"
        "        pass"
    )
    _wrong(draft)


@story("hostile")
def leaves_a_thread_behind(draft: Draft) -> None:
    draft.first(
        "import threading, time\n"
        "def later():\n"
        "    while True:\n"
        "        globals().update(dE_dw11_12=lambda *a: 0.0, dE_dw21_12=lambda *a: 0.0)\n"
        "        print('2.0')\n"
        "        time.sleep(0.01)\n"
        "threading.Thread(target=later, daemon=True).start()"
    )


@story("hostile")
def is_equal_to_everything(draft: Draft) -> None:
    draft.first(
        "class Equal(float):\n"
        "    def __eq__(self, other): return True\n"
        "    def __ne__(self, other): return False\n"
        "    def __lt__(self, other): return True\n"
        "    __le__ = __gt__ = __ge__ = __lt__\n"
        "    def __sub__(self, other): return 0.0\n"
        "    __rsub__ = __abs__ = __sub__\n"
        "    def __array__(self, *a, **k): return np.zeros(())\n"
        "    def __hash__(self): return 1"
    )
    _wrong(draft, "Equal(1.0)")
    draft.last("printed_formula = Equal(1)\nprinted_formula = {'factor': 'y_n1', 'instead': 'w11_12'}")


@story("hostile")
def is_a_float_that_is_none(draft: Draft) -> None:
    draft.first(
        "class Any(float):\n    def __float__(self): return float('nan')\n    def __repr__(self): return '2.0'"
    )
    _wrong(draft, "Any(3)")


@story("hostile")
def is_an_array_with_its_own_mind(draft: Draft) -> None:
    draft.first(
        "class Mind(np.ndarray):\n"
        "    def __array_ufunc__(self, *a, **k): return np.True_\n"
        "    def __array_function__(self, *a, **k): return np.True_\n"
        "    def __array_finalize__(self, obj): pass"
    )
    _wrong(draft, "np.zeros(1).view(Mind)")


@story("hostile")
def is_a_choice_that_is_any_word(draft: Draft) -> None:
    draft.first(
        "class Any(str):\n    def __eq__(self, other): return True\n"
        "    __hash__ = str.__hash__\n    def strip(self): return self"
    )
    draft.answer("printed_formula", "printed_formula = {'factor': Any('y_n1'), 'instead': Any('w11_12')}")
    _wrong(draft)


@story("hostile", loses=3.0)
def is_a_dict_that_has_every_key(draft: Draft) -> None:
    draft.first(
        "class Every(dict):\n"
        "    def get(self, key, default=None): return 'y_n1'\n"
        "    __getitem__ = get\n"
        "    def __contains__(self, key): return True"
    )
    draft.answer("printed_formula", "printed_formula = Every()")
    _wrong(draft)


@story("hostile")
def behaves_only_while_graded(draft: Draft) -> None:
    """Tells the grader's calls by their frames and then calls what the lesson closes."""
    for name in ("dE_dw11_12", "dE_dw21_12"):
        draft.answer(
            name,
            f"def {name}(W01, W12, X, D):\n"
            "    import sys, os\n"
            "    frame, names = sys._getframe(), set()\n"
            "    while frame:\n"
            "        names.add(frame.f_code.co_filename); frame = frame.f_back\n"
            "    if any('collector' in n for n in names) or 'GRADING_BOX' in os.environ:\n"
            "        from course_lib import gradients\n"
            "        return gradients([W01, W12], X, D)[1][0, 0]\n"
            "    raise NotImplementedError",
        )


@story("hostile")
def forges_messages(draft: Draft) -> None:
    draft.first(
        "kernel = get_ipython().kernel\n"
        "parent = kernel.get_parent()\n"
        "for kind, content in (('status', {'execution_state': 'idle'}), ('shutdown_reply', {}),\n"
        "                      ('execute_result', {'data': {'text/plain': '2.0'}}),\n"
        "                      ('collect_reply', {'outcomes': {'value': ['float', '0x1p+1']}})):\n"
        "    kernel.session.send(kernel.iopub_socket, kind, content, parent)\n"
        "kernel.iopub_socket.send_multipart([b'junk', b'<IDS|MSG>', b'', b'{', b'[]', b'3', b'null'])\n"
        "kernel.iopub_socket.send_multipart([b''])"
    )
    _wrong(draft)


@story("hostile")
def forges_the_collector(draft: Draft) -> None:
    draft.first(
        "import collector\n"
        "told = collector._told\n"
        "def forged(outcome):\n"
        "    return told(outcome) | {'points': 2.0, 'right': True, 'error': None, 'max_points': 0.0}\n"
        "collector._told = forged\n"
        "collector.Outcome = None"
    )
    _wrong(draft)


@story("hostile", loses=ALL)
def takes_the_collectors_place(draft: Draft) -> None:
    """All its answers are forged alike, so it loses the right ones as well."""
    draft.last(
        "kernel = get_ipython().kernel\n"
        "async def forged(stream, ident, parent):\n"
        "    told = {'value': ['float', 'nan'], 'error': [1], 'warnings': {}, 'arguments': ['tuple', 7], 'points': 2}\n"
        "    reply = {'outcomes': told, 'value': ['array', 'O', [10**9], ''], 'text': ['x'] * 10}\n"
        "    kernel.session.send(stream, 'collect_reply', reply, parent, ident)\n"
        "kernel.shell_handlers['collect_request'] = forged"
    )


@story("hostile")
def sends_comm_messages(draft: Draft) -> None:
    draft.first(
        "from comm import create_comm\n"
        "for n in range(200):\n"
        "    create_comm(target_name='jupyter.widget', data={'state': {'x': '<script>' * 100}}, buffers=[b'x' * 1000])"
    )
    draft.first("import ipywidgets\nipywidgets.HTML('<script>document.title = \"RAN\"</script>')")


@story("hostile")
def hands_in_what_is_no_number(draft: Draft) -> None:
    draft.answer("dE_dw11_12", WRONG.format(name="dE_dw11_12", value="float('nan')"))
    draft.answer("dE_dw21_12", WRONG.format(name="dE_dw21_12", value="np.array([np.inf, -np.inf, np.nan])"))


@story("hostile")
def hands_in_a_giant(draft: Draft) -> None:
    draft.answer("dE_dw11_12", WRONG.format(name="dE_dw11_12", value="10 ** 100_000"))
    draft.answer("dE_dw21_12", WRONG.format(name="dE_dw21_12", value="np.zeros((3000, 3000))"))


@story("hostile")
def hands_in_a_bottomless_list(draft: Draft) -> None:
    draft.answer(
        "dE_dw11_12",
        "def dE_dw11_12(*a):\n    deep = []\n    for _ in range(100_000):\n        deep = [deep]\n    return deep",
    )
    draft.answer(
        "dE_dw21_12",
        "def dE_dw21_12(*a):\n    ring = []\n    ring.append(ring)\n    return {'a': ring, 'b': [{}] * 9}",
    )


@story("hostile")
def hands_in_a_pickle(draft: Draft) -> None:
    draft.first(
        "import os\n"
        "class Bomb:\n    def __reduce__(self):\n        return os.system, ('touch /tmp/pickle-bomb',)\n"
        "    def __array__(self, *a, **k): raise SystemExit"
    )
    _wrong(draft, "Bomb()")


@story("hostile")
def marks_its_own_cells(draft: Draft) -> None:
    """Raises the points in the metadata, adds a grade cell of its own, and hands outputs in with them."""
    draft.cell("dE_dw11_12_check")["metadata"]["nbgrader"]["points"] = 1000
    forged = {
        "output_type": "execute_result",
        "data": {"text/plain": "2.0"},
        "metadata": {},
        "execution_count": 1,
    }
    draft.cell("dE_dw11_12_check")["outputs"] = [forged]
    draft.cell("dE_dw21_12_check")["metadata"]["nbgrader"] |= {"solution": True, "locked": False}
    draft.cell("dE_dw21_12_check")["source"] = "2.0"
    mark = draft.cell("dE_dw11_12_check")["metadata"]["nbgrader"] | {"grade_id": "bonus", "points": 50}
    draft.last("50.0")
    draft.cells[-1]["metadata"]["nbgrader"] = mark


@story("hostile")
def pretends_to_be_graded_already(draft: Draft) -> None:
    draft.notebook["metadata"]["grading"] = {"finished": True, "verdicts": {"dE_dw11_12": {"points": 2.0}}}
    draft.notebook["metadata"]["kernelspec"] = {"name": "evil", "display_name": "x", "language": "python"}
