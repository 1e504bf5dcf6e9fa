"""Stories of submissions that want to run in the browser of whoever reads them; its title would tell."""

from __future__ import annotations

from tests.corpus.making import Draft, story

RUN = "document.title=7777"  # no quotes, so that it can stand anywhere


@story("hostile")
def scripts_in_markdown(draft: Draft) -> None:
    draft.last(f'<script>{RUN}</script>\n\n# Title <img src=x onerror="{RUN}">', "markdown")
    draft.last(
        f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe><details ontoggle="{RUN}" open>', "markdown"
    )
    draft.last(
        f"<svg onload=\"{RUN}\"><script>{RUN}</script></svg><style>@import 'x'; body {{display: none}}</style>",
        "markdown",
    )
    draft.last(f'</div></div></body><body onload="{RUN}"><input autofocus onfocus="{RUN}">', "markdown")


@story("hostile")
def scripts_in_text_nested_a_thousand_times(draft: Draft) -> None:
    for opened in ("> ", "- ", "[", "**a ", "<details>", "\\\\[", "`"):
        draft.last(f"{opened * 4000}<script>{RUN}</script>", "markdown")
    draft.last("<div>" * 20_000 + f"<script>{RUN}</script>", "markdown")


@story("hostile")
def scripts_in_the_answer_that_a_person_reads(draft: Draft) -> None:
    draft.answer("explain_w11_01", f'Because.\n\n<script>{RUN}</script><img src=x onerror="{RUN}">')


@story("hostile")
def scripts_in_links(draft: Draft) -> None:
    draft.last(
        f'[one](javascript:{RUN}) <a class=bait href="javascript:{RUN}">two</a> '
        "[three](data:text/html,<script>1</script>) "
        f'<a class=bait href=" jav&#x09;ascript:{RUN}">four</a>',
        "markdown",
    )


@story("hostile")
def scripts_in_formulas(draft: Draft) -> None:
    draft.last(
        f"$\\href{{javascript:{RUN}}}{{\\text{{bait}}}}$ and $$\\style{{position:fixed}}{{x}}$$", "markdown"
    )
    draft.last(f'$x$ <script type="math/tex">\\href{{javascript:{RUN}}}{{b}}</script>', "markdown")
    draft.last(f"from IPython.display import Latex\nLatex(r'$\\href{{javascript:{RUN}}}{{b}}$')")


@story("hostile")
def scripts_in_outputs(draft: Draft) -> None:
    draft.last(f'from IPython.display import *\nHTML("<script>{RUN}</script><img src=x onerror={RUN}>")')
    draft.last(f'Javascript("{RUN}")')
    draft.last(
        f"SVG(\"<svg xmlns='http://www.w3.org/2000/svg' onload='{RUN}'><script>{RUN}</script></svg>\")"
    )
    draft.last(f'Markdown("<script>{RUN}</script>")')
    draft.last(
        f"display({{'application/vnd.jupyter.widget-view+json': {{'model_id': '<script>{RUN}</script>'}}}}, raw=True)"
    )
    draft.last(f"display({{'image/png': '\\\"><script>{RUN}</script>', 'text/x': 1}}, raw=True)")


@story("hostile")
def scripts_in_plain_text_and_errors(draft: Draft) -> None:
    draft.last(f"print('</pre><script>{RUN}</script>')")
    draft.last(f"raise ValueError('</pre><img src=x onerror={RUN}>\\x1b[31m<script>{RUN}</script>')")
    draft.last(f"raise type('<script>{RUN}</script>', (Exception,), {{}})('x')")
    draft.last(f"# </pre></div><script>{RUN}</script>")
    draft.last(f"<script>{RUN}</script>", "raw")


@story("hostile", loses=3.0)
def scripts_on_its_card(draft: Draft) -> None:
    draft.answer(
        "dE_dw11_12",
        f"def dE_dw11_12(*a):\n    raise ValueError('<script>{RUN}</script>`<img src=x onerror={RUN}>`')",
    )
    draft.answer("dE_dw21_12", f"def dE_dw21_12(*a):\n    print('<script>{RUN}</script>')\n    return 1.0")
    draft.answer(
        "printed_formula",
        f"printed_formula = {{'factor': '<script>{RUN}</script>', '<img src=x onerror={RUN}>': 'x'}}",
    )


@story("hostile", loses=3.0)
def scripts_in_its_name(draft: Draft) -> None:
    draft.last(f"NAME = '<script>{RUN}</script>'")


@story("hostile")
def scripts_in_attachments_and_metadata(draft: Draft) -> None:
    draft.last("![x](attachment:x.svg) ![y](attachment:y.png)", "markdown")
    draft.cells[-1]["attachments"] = {
        "x.svg": {"image/svg+xml": f'<svg onload="{RUN}"/>'},
        "y.png": {"image/png": f'"><script>{RUN}</script>'},
    }
    draft.notebook["metadata"] |= {
        "title": f"</title><script>{RUN}</script>",
        "authors": [{"name": "<script>"}],
    }
    draft.notebook["metadata"]["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"state": f"<script>{RUN}"}
    }
    draft.cells[0]["metadata"]["tags"] = [f'"><script>{RUN}</script>']


@story("hostile")
def scripts_in_its_marks_and_filenames(draft: Draft) -> None:
    draft.last("pass")
    draft.cells[-1]["metadata"]["nbgrader"] = {
        "grade_id": f"<img src=x onerror={RUN}>",
        "grade": True,
        "points": 1,
    }
    draft.folder.mkdir(parents=True, exist_ok=True)
    (draft.folder / "<img src=x onerror=alert(1)>").symlink_to("nowhere")
    (draft.folder / f"<script>{RUN}<").write_text("x")
