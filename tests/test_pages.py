"""The pieces that pages of submissions are made of: formulas, Markdown, names, marks."""

from __future__ import annotations

import re
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course_lib.checking.cards.card_html import STATES
from grading.pages import formulas, markdown
from grading.pages.anonymous import HIDDEN, Names
from grading.pages.html import points, render
from grading.pages.marks import Mark, Marks
from grading.pages.page import build
from tests.conftest import ROOT

LESSON_NOTEBOOKS = sorted((ROOT / "solutions").glob("*/*.ipynb"))


@pytest.mark.parametrize("path", LESSON_NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_every_formula_of_the_lessons_becomes_mathematics(path) -> None:
    shown = 0
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            made = str(markdown.render(cell.source))
            shown += made.count("<math")
            outside = re.sub(r"<(code|pre)>.*?</\1>", "", made, flags=re.DOTALL)
            assert "$" not in outside
            assert "<code>$" not in made
    assert shown > 10 or path.stem.startswith("00")


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{a",
        r"\nonsense x",
        r"\href{javascript:document.title=7777}{x}",
        r"\color{red}x",
        r"\hspace{-50cm}x",
        r"\text{<img src=x onerror=document.title=7777>&}",
        r"\def\a{\a\a}\a",
        "{" * 20_000,
    ],
)
def test_what_is_no_plain_formula_shows_as_it_was_typed(tex: str) -> None:
    made = formulas.mathml(tex, display=False)
    assert made.startswith("<code>$")
    assert made.unescape() == f"<code>${tex}$</code>"
    assert made.count("<") == 2


def test_text_in_a_formula_is_text() -> None:
    assert "<mtext>&lt;b/onclick&gt;</mtext>" in formulas.mathml(r"\text{<b/onclick>}", display=True)


HOSTILE = {
    "script": "<script>document.title=7777</script>",
    "handler": '<details ontoggle="document.title=7777" open>x</details><img src=x onerror=document.title=7777>',
    "svg": "<svg onload=document.title=7777><script>1</script></svg><math><mtext><style><img onerror=1></style></math>",
    "frame": '<iframe srcdoc="<script>1</script>"></iframe><object data=x></object><embed src=x>',
    "link": "[a](javascript:document.title=7777) [b](data:text/html,<script>1</script>)",
    "hidden link": "<a href=' jav&#9;ascript:document.title=7777'>c</a>",
    "refresh": '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/"><base href="//127.0.0.1:9/">',
    "style": '<style>main{display:none}</style><div style="position:fixed;inset:0" class="modal">x</div>',
    "form": "<form action=//127.0.0.1:9><input autofocus onfocus=1><button>x</button></form>",
    "ends": "</section></main></body></html><body onload=document.title=7777>",
    "picture": "![x](http://127.0.0.1:9/x.png) ![y](attachment:y.svg) <img src='data:image/svg+xml,<svg/>'>",
    "in alt": '![$\\text{" onerror=1 }$](attachment:y.png) <b title="$x$">a</b>',
    "in a code": "```html\n<script>1</script>\n```\n\n    <script>2</script>\n\n`<script>3</script>`",
    "mermaid": "```mermaid\n</pre><script>1</script>\n```",
}
FORBIDDEN = re.compile(
    r"<(script|svg|iframe|object|embed|meta|base|style|form|input|button|link|body|main|section)\b"
    r"|<[^>]*\s(on\w+|style|srcdoc|id|name)=|<[^>]*\s(href|src)=\"?(javascript|data:text|data:image/svg|//)"
    r"|<img[^>]*\ssrc=\"http",
    re.IGNORECASE,
)


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_nothing_that_runs_or_leaves_its_place_comes_through(source: str) -> None:
    made = markdown.render(source, {"y.svg": {"image/svg+xml": "<svg onload=1/>"}}, levels=2)
    # In math, alignment is the one style there may be.
    assert FORBIDDEN.findall(str(made)) == []


def test_a_good_picture_stays() -> None:
    made = markdown.render("![mine](attachment:a.png)", {"a.png": {"image/png": "iVBORw0KGgo="}})
    assert 'src="data:image/png;base64,iVBORw0KGgo="' in made
    assert 'alt="mine"' in made


@pytest.mark.parametrize("source", ["\\\\[" * 6000, "<div>" * 20_000, "$$" * 9_000, "[" * 90_000], ids=len)
def test_no_text_holds_up_the_page(source: str) -> None:
    begun = time.process_time()
    made = markdown.render(source)
    assert time.process_time() - begun < 2
    assert made.startswith('<pre class="plain">')
    assert source[:50] in made.unescape()


def test_headings_stand_below_those_of_the_page() -> None:
    assert str(markdown.render("# Mine\n\n###### Deep", levels=2)) == "<h3>Mine</h3>\n<h6>Deep</h6>\n"


def named(*sources: str) -> Names:
    return Names.of(new_notebook(cells=[new_code_cell(source) for source in sources]), ["max_m", "", "Max"])


def test_names_are_taken_out_of_strings_comments_and_prose() -> None:
    names = named('NAME = "Zoë Quill"')
    assert names.code('NAME = "Zoë Quill"  # quill, Z.') == f'NAME = "{HIDDEN}"  # {HIDDEN}, Z.'
    assert (
        names.prose("I am zoë, Max to friends; $\\max(x)$")
        == f"I am {HIDDEN}, {HIDDEN} to friends; $\\max(x)$"
    )
    assert names.html('<p title="Max">NAME = &#x27;Zoë Quill&#x27; &lt;</p>') == (
        f'<p title="Max">NAME = &#39;{HIDDEN}&#39; &lt;</p>'
    )
    assert names.code('"""\nMax wrote\nthis\n"""\nx = 1') == f'"""\n{HIDDEN} wrote\nthis\n"""\nx = 1'


def test_code_that_uses_a_word_like_a_name_stays_as_it_is() -> None:
    source = "best = np.max(values)\nmax_m = best.max()"
    assert named("x = 1").code(source) == source
    assert HIDDEN in named("x = 1").code("def broken(:  # Max")


def test_the_name_that_the_lesson_writes_is_nobodys() -> None:
    assert (
        Names.of(new_notebook(cells=[new_code_cell('NAME = "self-study"')]), []).prose("self-study")
        == "self-study"
    )


@pytest.mark.parametrize(
    ("mark", "found", "state"),
    [
        (Mark(0.0, 3.0, waits=True), "manual", "manual"),
        (Mark(2.0, 3.0, waits=True, by_hand=True), "manual", "manual"),
        (Mark(0.0, 3.0), "manual", "unanswered"),
        (Mark(0.0, 2.0), "wrong", "wrong"),
        (Mark(2.0, 2.0, by_hand=True), "wrong", "right"),
        (Mark(1.0, 2.0, by_hand=True), "right", "partly"),
        (Mark(0.0, 2.0), "", "wrong"),
        (Mark(0.0, 2.0), "a state of another edition", "wrong"),
    ],
)
def test_how_an_exercise_stands(mark: Mark, found: str, state: str) -> None:
    assert mark.state(found) == state


@pytest.mark.parametrize("state", STATES)
def test_every_state_of_a_card_has_its_place_on_the_pages(state: str) -> None:
    cell = new_code_cell(
        "x", metadata={"nbgrader": {"grade_id": "dE_dw11_12", "solution": True, "grade": True}}
    )
    about = {"verdicts": {"dE_dw11_12": {"state": state}}}
    page = build(new_notebook(cells=[cell], metadata={"grading": about}), "A lesson", Marks(), frozenset())
    shown = "unanswered" if state == "manual" else state
    assert f'class="exercise {shown}"' in render("feedback.html", page)


def test_points_as_people_write_them() -> None:
    assert [points(value) for value in (3.0, 0.0, 1.5, 0.6666, 10.0)] == ["3", "0", "1.5", "0.67", "10"]


def test_what_the_student_left_as_it_was_is_folded_and_what_they_wrote_is_not() -> None:
    given = frozenset({"# A title\n\nProse.", "x = 1"})
    nb = new_notebook(
        cells=[
            new_markdown_cell("# A title\n\nProse.\n"),
            new_code_cell("x = 1"),
            new_code_cell("x = 2"),
            new_markdown_cell("old report", id="grading-report"),
        ]
    )
    page = build(nb, "A lesson", Marks(), given)
    assert [(section.role, str(section.heading)) for section in page.sections] == [
        ("lesson", "A title"),
        ("own", "Beside the exercises"),
    ]
    assert len(page.sections[0].pieces) == 2
    assert "old report" not in "".join(page.sections[1].pieces)


def test_every_template_escapes_what_people_wrote() -> None:
    bad = "<img src=x onerror=document.title=7777>"
    nb = new_notebook(metadata={"grading": {"notes": [bad], "sandbox": False}})
    page = build(nb, bad, Marks(), frozenset())
    about = dict.fromkeys(("base_url", "submission_id", "assignment_id", "notebook_id", "student"), bad)
    about |= {"index": 0, "total": 1, "first_name": bad, "last_name": bad}
    for made in (render("feedback.html", page), render("marking.html", page, about=about)):
        assert "<img" not in made
        assert "WITHOUT a sandbox" in made


def test_a_cell_that_asks_for_an_answer_which_is_not_there_says_so_and_shows_no_traceback() -> None:
    def failed(name: str, source: str) -> str:
        error = new_output(
            "error", ename="NameError", evalue=f"name '{name}' is not defined", traceback=["Trace"]
        )
        nb = new_notebook(cells=[new_code_cell(source, outputs=[error])])
        section = build(nb, "A lesson", Marks(), frozenset({"given()"})).sections[0]
        return f"{section.role} {section.heading} {''.join(section.pieces)}"

    shown = failed("dE_dw11_12", "given()")
    assert "A cell of the lesson that ended with an error" in shown
    assert "<code>dE_dw11_12</code>, the answer to an exercise that is not there" in shown
    assert "Trace" not in shown
    assert "Trace" in failed("my_own", "x")
    assert failed("my_own", "x").startswith("own Beside the exercises")
