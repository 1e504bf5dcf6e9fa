"""Stories of submissions that know what nbgrader reads points from, and write the right number there."""

from __future__ import annotations

from tests.corpus.hostile_forging import answer_wrong
from tests.corpus.making import Draft, story

# What each exercise is worth stands in the metadata of everybody's copy.
PRICES = "prices = {'factors_': 2.0, 'number_by': 3.0, 'printed': 3.0, 'dE_': 2.0, 'one_chain': 0.0}\n"
PRICE = "next(p for start, p in prices.items() if {name}.startswith(start))"


@story("hostile")
def puts_its_own_check_in_place(draft: Draft) -> None:
    draft.first(PRICES + f"check = lambda name, *a: {PRICE.format(name='name')}")
    answer_wrong(draft)


@story("hostile")
def shows_its_verdicts_with_all_points(draft: Draft) -> None:
    draft.first(
        "show = lambda verdict, printer, cycle: printer.text(repr(float(verdict.max_points)))\n"
        "texts = get_ipython().display_formatter.formatters['text/plain']\n"
        "texts.for_type_by_name('course_lib.checking.cards.verdict', 'Verdict', show)"
    )
    answer_wrong(draft)


@story("hostile")
def rewrites_its_checks_into_points(draft: Draft) -> None:
    draft.first(
        PRICES + "import ast\n"
        "class Paid(ast.NodeTransformer):\n"
        "    def visit_Call(self, node):\n"
        "        if getattr(node.func, 'id', '') != 'check': return node\n"
        f"        return ast.copy_location(ast.Constant({PRICE.format(name='node.args[0].value')}), node)\n"
        "get_ipython().ast_transformers.append(Paid())"
    )
    answer_wrong(draft)


@story("hostile")
def writes_the_gradebook_when_it_is_graded(draft: Draft) -> None:
    """A process that outlives the kernel waits until the points are written, and writes its own."""
    draft.first(
        "import os, sys\n"
        "later = '''\n"
        "import glob, os, sqlite3, time\n"
        "here = os.getcwd()\n"
        "while True:\n"
        "    for path in ('../../../gradebook.db', '../../../../gradebook.db', '/course/gradebook.db'):\n"
        "        if os.path.exists(path):\n"
        "            try:\n"
        "                with sqlite3.connect(path) as book:\n"
        "                    book.execute('update grade set auto_score = 2 where auto_score = 0 and cell_id in '\n"
        "                                 '(select id from base_cell where name like \"dE%\")')\n"
        "            except sqlite3.Error:\n"
        "                pass\n"
        "    time.sleep(0.05)\n"
        "'''\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        os.execv(sys.executable, [sys.executable, '-c', later])\n"
        "    os._exit(0)"
    )
    answer_wrong(draft)
