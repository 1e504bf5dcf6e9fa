"""Stories of submissions that tamper with Python, numpy, IPython or the messages to get points."""

from __future__ import annotations

from course_lib.exercises import EXERCISES
from tests.corpus.hostile_escaping import CONNECTION
from tests.corpus.making import DRAWN, Draft, story

WRONG = "def {name}(W01, W12, X, D):\n    return {value}"


def answer_wrong(draft: Draft, value: str = "0.0") -> None:
    """Answer wrongly what a story leaves open."""
    for name in ("dE_dw11_12", "dE_dw21_12"):
        draft.answer(name, WRONG.format(name=name, value=value))


@story("hostile")
def patches_numpys_comparisons(draft: Draft) -> None:
    draft.first(
        "for f in ('allclose', 'isclose', 'array_equal', 'all', 'abs'):\n    setattr(np, f, lambda *a, **k: True)"
    )
    draft.first("np.testing.assert_allclose = lambda *a, **k: None")
    answer_wrong(draft)


@story("hostile", loses=EXERCISES["number_by_hand"].points)
def patches_builtins(draft: Draft) -> None:
    """Numbers of its own are drawn until their sizes differ, which by this `abs` they never do: it costs them."""
    draft.first(
        "import builtins\nbuiltins.abs = lambda x: 0\nbuiltins.max = lambda *a, **k: 0\nbuiltins.round = lambda *a: 2.0"
    )
    answer_wrong(draft)


@story("hostile")
def patches_check(draft: Draft) -> None:
    draft.first(
        "import course_lib, course_lib.checking as checking\n"
        "class Verdict:\n"
        "    points = 2.0\n"
        "    def __repr__(self): return '2.0'\n"
        "check = course_lib.check = checking.check = checking.judge = lambda *a: Verdict()"
    )
    answer_wrong(draft)


@story("hostile")
def forges_the_points_by_a_formatter(draft: Draft) -> None:
    draft.first(
        "ip = get_ipython()\n"
        "for kind in (float, int, str, object):\n"
        "    ip.display_formatter.formatters['text/plain'].for_type(kind, lambda v, p, c: p.text('2.0'))\n"
        "import sys; sys.displayhook = lambda v: print('2.0')"
    )
    answer_wrong(draft)


@story("hostile")
def replaces_the_display_publisher(draft: Draft) -> None:
    draft.first(
        "ip = get_ipython()\n"
        "ip.display_pub.publish = lambda *a, **k: None\n"
        "ip.displayhook.__class__.__call__ = lambda self, value=None: None"
    )
    answer_wrong(draft)


@story("hostile")
def empties_later_cells_by_an_ast_transformer(draft: Draft) -> None:
    draft.last(
        "import ast\n"
        "class Empty(ast.NodeTransformer):\n"
        "    def visit_Module(self, node): return ast.parse('2.0')\n"
        "get_ipython().ast_transformers.append(Empty())"
    )
    draft.last("print('never')")
    answer_wrong(draft)


@story("hostile")
def rewrites_later_cells_as_they_come(draft: Draft) -> None:
    draft.last("get_ipython().input_transformers_cleanup.append(lambda lines: ['2.0'])")
    draft.last("get_ipython().run_cell = lambda *a, **k: None\nget_ipython().run_cell_async = None")
    answer_wrong(draft)


@story("hostile")
def hooks_imports(draft: Draft) -> None:
    draft.first(
        "import sys, types\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        print('asked for', name)\n"
        "sys.meta_path.insert(0, Finder())\n"
        "sys.modules['encoding'] = sys.modules['collector'] = types.ModuleType('forged')\n"
        "sys.modules['course_lib.checking.judging'] = types.ModuleType('forged')"
    )
    answer_wrong(draft)


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
    answer_wrong(draft)


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
def forges_messages(draft: Draft) -> None:
    draft.first(
        CONNECTION + "import sys\n"
        "kernel = get_ipython().emit.__self__\n"
        "def say(kind, content, number):\n"
        "    text = json.dumps({'id': number, 'kind': kind, 'content': content}).encode()\n"
        "    for connection in connected(): connection.sendall(struct.pack('!I', len(text)) + text)\n"
        "reply = {'outcomes': {'status': 'answered', 'value': ['float', '0x1p+1']}}\n"
        "for number in (kernel._id, kernel._id + 1, 0, -1, 10**30, None, [], '1'):\n"
        "    for kind, content in (('execute_result', {'data': {'text/plain': '2.0'}}), ('ready', {'process': 1}),\n"
        "                          ('done', reply), ('done', []), ([], {}), ('stream', {'name': 7})):\n"
        "        say(kind, content, number)\n"
        "for connection in connected():\n"
        "    for junk in (b'{', b'[]', b'null', b'[' * 10**5, b''):\n"
        "        connection.sendall(struct.pack('!I', len(junk)) + junk)"
    )
    answer_wrong(draft)


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
    answer_wrong(draft)


@story("hostile", loses=DRAWN)
def takes_the_collectors_place(draft: Draft) -> None:
    """The answers of functions stood right before the forger's cell and count; those in diagrams are lost to it."""
    draft.last(
        "import serving\n"
        "def forged(request, namespace):\n"
        "    told = {'value': ['float', 'nan'], 'error': [1], 'warnings': {}, 'arguments': ['tuple', 7], 'points': 2}\n"
        "    return {'outcomes': told, 'value': ['array', 'O', [10**9], ''], 'text': ['x'] * 10}\n"
        "serving.answer_to = forged"
    )


@story("hostile")
def sends_comm_messages(draft: Draft) -> None:
    draft.first(
        "from comm import create_comm\n"
        "for n in range(200):\n"
        "    create_comm(target_name='jupyter.widget', data={'state': {'x': '<script>' * 100}}, buffers=[b'x' * 1000])"
    )
    draft.first("import ipywidgets\nipywidgets.HTML('<script>document.title = \"RAN\"</script>')")
