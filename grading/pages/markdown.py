"""A student's Markdown as HTML in which nothing runs, nothing is fetched, and nothing leaves its place."""

import html
import re
import secrets

import nh3
from markupsafe import Markup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from grading.pages import formulas
from grading.processor_time import processor_time

# Longer texts are shown as they were typed: no essay is that long, and Markdown may take a minute for them.
MOST_TEXT, MOST_OPENED, MOST_SECONDS = 20_000, 200, 3.0
_OPENERS = re.compile(r"\$\$|\\\\\[|\\\\\(|\\begin\{")
_NAMES = (
    "a b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp "
    "small span strong sub summary sup table tbody td tfoot th thead tr u ul var"
)
TAGS = frozenset(_NAMES.split())
ATTRIBUTES = frozenset({"align", "alt", "class", "colspan", "open", "rowspan", "scope", "start", "title"})
_PICTURE = re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*\Z")
# The classes of coloured code, and none that would lay something over the page.
_COLOURED = re.compile(r"highlight|[a-z]{1,2}[a-z0-9]?")


def render(text: str, attachments: dict[str, dict[str, str]] | None = None, levels: int = 0) -> Markup:
    """Return `text` as HTML, its headings lowered by some levels."""
    if len(text) > MOST_TEXT or len(_OPENERS.findall(text)) > MOST_OPENED:
        return plain(text)
    renderer = _Renderer(attachments or {}, levels)
    try:
        with processor_time(MOST_SECONDS):
            made = MarkdownWithMath(renderer=renderer).render(text)
    except Exception:  # whatever a parser meets, one cell must not cost the page
        return plain(text)
    clean = nh3.clean(
        made,
        tags=set(TAGS),
        attributes={"*": set(ATTRIBUTES), "a": {"href"}, "img": {"src"}},
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer",
    )
    for mark, formula in renderer.formulas.items():
        clean = clean.replace(mark, formula)
    return Markup(clean)


def plain(text: str, most: int = 100_000) -> Markup:
    """Return `text` as it was typed; of a very long one, its beginning."""
    rest = f"\n[{len(text) - most} more characters]" if len(text) > most else ""
    return Markup('<pre class="plain">{}{}</pre>').format(text[:most], rest)


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src":
        return value if _PICTURE.match(value) else None
    if tag == "a" and name == "href":
        return value if value.lower().startswith(("http://", "https://", "mailto:")) else None
    if name == "class":
        return value if _COLOURED.fullmatch(value) else None
    return value


class _Attachments(dict):
    """The pictures of a cell; nbconvert gives up a whole page at one that is missing, so none is."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> dict[str, str]:
        return {"image/png": ""}


class _Renderer(IPythonRenderer):
    """Renders Markdown with a mark in the place of each formula.

    A mark is an element with an attribute, so what is put in its place when everything is clean can never end up
    inside an attribute; and its name is random, so nobody can write one.
    """

    def __init__(self, attachments: dict, levels: int) -> None:
        super().__init__(escape=False, exclude_anchor_links=True, attachments=_Attachments(attachments))
        self.formulas: dict[str, str] = {}
        self._name, self._levels = secrets.token_hex(8), levels

    def _mark(self, formula: str) -> str:
        mark = f'<var title="{self._name}-{len(self.formulas)}"></var>'
        self.formulas[mark] = formula
        return mark

    def block_math(self, body: str) -> str:
        """Return the mark of a formula on a line of its own."""
        return self._mark(formulas.mathml(body, display=True))

    def inline_math(self, body: str) -> str:
        """Return the mark of a formula in a sentence."""
        return self._mark(formulas.mathml(body, display=False))

    def latex_environment(self, name: str, body: str) -> str:
        """Return the mark of an environment such as ``align``."""
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def block_mermaidjs(self, code: str) -> str:
        """Show a diagram in words as its words: it would need a script."""
        return f"<pre>{html.escape(code)}</pre>"

    def heading(self, text: str, level: int, **attrs: object) -> str:
        """Return a heading below those of the page."""
        return super().heading(text, min(level + self._levels, 6))
