"""The one front-end component: its state in traitlets, its looks in network.js and network.css."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import anywidget
import traitlets

_HERE = Path(__file__).parent


class NetworkDiagram(anywidget.AnyWidget):
    """A network on the screen. A subclass is one mode: what is drawn, and what a click means."""

    _esm = (_HERE / "network.js").read_text(encoding="utf-8")
    _css = (_HERE / "network.css").read_text(encoding="utf-8")

    mode = traitlets.Unicode().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    # What never changes while the diagram is open: nodes, lines, places, tiles, sentences.
    scene = traitlets.Dict().tag(sync=True)
    # slot -> symbol; `change` counts what was done by hand, `kept` is the last count that is safe in the file.
    answers = traitlets.Dict().tag(sync=True)
    change = traitlets.Int(0).tag(sync=True)
    kept = traitlets.Int(0).tag(sync=True)
    # slot -> "right", "deck" or "wrong", after a check.
    marks = traitlets.Dict().tag(sync=True)
    selected = traitlets.Unicode().tag(sync=True)
    pair = traitlets.Int(0).tag(sync=True)
    # place -> number set by hand; place -> number to show.
    values = traitlets.Dict().tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)
    lit = traitlets.List().tag(sync=True)
    # HTML made here, and the same in one sentence for whoever cannot see it.
    panel = traitlets.Unicode().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)

    def still(self) -> str:
        """Return the diagram as an HTML figure, for places without widgets."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return bundle(super()._repr_mimebundle_(**kwargs), self.still(), f"[diagram: {self.title}]")


def bundle(made: Any, still: str, words: str) -> Any:
    """Put a figure and words beside what a widget shows of itself, for places without widgets."""
    figure = {"text/html": still, "text/plain": words}
    # Where nbgrader runs a notebook nobody can click, and the figure is what the feedback can show.
    if os.environ.get("NBGRADER_EXECUTION"):
        return figure
    data, metadata = made if isinstance(made, tuple) else (made or {}, {})
    return {**data, **figure}, metadata
