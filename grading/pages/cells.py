"""The cells of a submission as pieces of a page: text, code, and what the code put out."""

import re
from collections.abc import Iterator

from markupsafe import Markup
from nbconvert.filters import strip_ansi
from nbformat.notebooknode import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from course_lib.exercises import EXERCISES
from grading.pages import markdown
from grading.pages.anonymous import Names

# Headings of the notebook stand below those of the page: its title, and that of an exercise.
LEVELS = 2
MOST_CODE, MOST_PRINTED, MOST_LINES = 20_000, 100_000, 25
_ANSWERS = frozenset(exercise.answer_name for exercise in EXERCISES.values())
_NOT_DEFINED = re.compile(r"name '(\w{1,60})' is not defined.*")
PICTURES = ("image/png", "image/jpeg")
COLOURS = HtmlFormatter(style="default").get_style_defs(".highlight")


def pieces(cell: NotebookNode, names: Names) -> Iterator[Markup]:
    """Yield what there is to see of a cell, in its order."""
    if cell.cell_type == "markdown":
        made = markdown.render(names.prose(cell.source), cell.get("attachments"), LEVELS)
        yield Markup('<div class="text">{}</div>').format(made)
    elif cell.cell_type == "raw":
        yield markdown.plain(names.prose(cell.source))
    else:
        yield code(names.code(cell.source))
        for output in cell.get("outputs", []):
            yield from _output(output, names)


def code(source: str) -> Markup:
    """Return coloured code; a very long one without colours."""
    if not source.strip():
        return Markup('<p class="empty">This cell is empty.</p>')
    if len(source) > MOST_CODE:
        return markdown.plain(source)
    return Markup(highlight(source, PythonLexer(), HtmlFormatter()))


def card(cell: NotebookNode, names: Names) -> Markup:
    """Return what the grader itself put into a grade cell: the card of its exercise."""
    found = (o.get("data", {}).get("text/html") for o in cell.get("outputs", []))
    return Markup("").join(names.html(made) for made in found if made)


def figure(cell: NotebookNode) -> Markup:
    """Return what the grader itself drew into the answer's cell of a diagram."""
    found = (o.get("data", {}).get("text/html") for o in cell.get("outputs", []))
    return Markup("").join(Markup(made) for made in found if made)


def has_error(cell: NotebookNode) -> bool:
    """Tell whether a cell ended with an error."""
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def _output(output: NotebookNode, names: Names) -> Iterator[Markup]:
    if output.output_type == "stream":
        yield _printed(names.prose(output.text), output.name)
    elif output.output_type == "error":
        yield _unanswered(output) or _printed(names.prose(_traceback(output)), "error")
    else:
        data = output.get("data", {})
        kind = next((kind for kind in PICTURES if kind in data), None)
        if kind:
            picture = "".join(data[kind].split())
            yield Markup(
                '<img class="picture" alt="Picture drawn by this cell" src="data:{};base64,{}">'
            ).format(kind, picture)
        elif "text/plain" in data:
            yield _printed(names.prose(data["text/plain"]), "stdout")


def _traceback(output: NotebookNode) -> str:
    return "\n".join(output.traceback) or f"{output.ename}: {output.evalue}"


def _unanswered(output: NotebookNode) -> Markup | None:
    """Return what to say of a cell that asked for an answer which was never reached; a traceback says less."""
    missing = _NOT_DEFINED.fullmatch(output.evalue) if output.ename == "NameError" else None
    if not missing or missing[1] not in _ANSWERS:
        return None
    return Markup(
        '<p class="empty">This cell uses <code>{}</code>, the answer to an exercise that is not there.</p>'
    ).format(missing[1])


def _printed(text: str, kind: str) -> Markup:
    text = strip_ansi(text).rstrip("\n")
    if not text.strip():
        return Markup("")
    made = Markup('<pre class="printed {}">{}</pre>').format(kind, text[:MOST_PRINTED])
    lines = text.count("\n") + 1
    if lines <= MOST_LINES:
        return made
    return Markup("<details><summary>Output, {} lines</summary>{}</details>").format(lines, made)
