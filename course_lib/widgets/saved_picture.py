"""A widget without its kernel: what it says, and the picture of it that the notebook shows in its place."""

from pathlib import Path

from IPython.display import display, update_display

from course_lib.execution import nbgrader_step

# JupyterLab says "model not found" where a widget was, and nothing can be attached to that message. So the picture is
# an output of its own, next to the widget's: it hides while the widget lives, and hides the message where none does.
# The style only reaches a trusted notebook; in any other, JupyterLab shows no widget and hence no message.
STYLE = """<style>
.jp-OutputArea-child:has(.bp, .bp-explorer) + .jp-OutputArea-child:has(.bp-saved-picture),
.jp-OutputArea-child:not(:has(.jp-OutputArea-output > *)):has(+ .jp-OutputArea-child .bp-saved-picture) {
  display: none;
}
</style>"""
SENTENCE = (
    "A picture, as it was last saved. To work in it, run the first cell of the notebook, then this one."
)
_NOTICE = Path(__file__).with_name("connection.js").read_text(encoding="utf-8")


def with_connection_notice(module: str) -> str:
    """Return the source of an ES module that may call ``noticeConnection(model, el)``, which returns its undoing."""
    return f"{_NOTICE}\n{module}"


class WithSavedPicture:
    """Mix-in for a widget with a `title` and a `static_html`."""

    title: str
    answered = ""  # "yes" or "no" where something is to be answered
    _displayed = False

    def static_html(self) -> str:
        """Return the widget as an HTML figure, for places without widgets."""
        raise NotImplementedError

    def _ipython_display_(self) -> None:
        words = f"[{self.title}]"
        # Where nbgrader runs a notebook nobody can click, and the figure is what the feedback can show.
        if nbgrader_step():
            display({"text/html": self.static_html(), "text/plain": words}, raw=True)
            return
        data = self._repr_mimebundle_()
        data, metadata = data if isinstance(data, tuple) else (data or {}, {})
        display({**data, "text/plain": words}, metadata=metadata, raw=True)
        display(self._picture(), raw=True, display_id=self.model_id)
        self._displayed = True

    def update_picture(self) -> None:
        """Make the saved picture show the current state."""
        if self._displayed:
            update_display(self._picture(), raw=True, display_id=self.model_id)

    def _picture(self) -> dict[str, str]:
        note = f"<p><b>{SENTENCE}</b></p>"
        answered = f' data-answered="{self.answered}"' if self.answered else ""
        return {
            "text/html": f'{STYLE}<div class="bp-saved-picture"{answered}>{note}{self.static_html()}</div>'
        }
