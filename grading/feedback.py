"""Feedback under the name by which its reader looks for it."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat.notebooknode import NotebookNode


class FeedbackExporter(HTMLExporter):
    """Writes the page a second time where the notebook was handed in under another name than the lesson's.

    `nbgrader fetch_feedback` asks for the names of the files that were submitted, and for no other.
    """

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict | None = None, **words: Any
    ) -> tuple[str, dict]:
        """Return the page and its resources, the second page among them."""
        page, resources = super().from_notebook_node(nb, resources, **words)
        name = nb.metadata.get("grading", {}).get("submitted_as")
        if name:
            resources.setdefault("outputs", {})[f"{name}.html"] = page.encode()
        return page, resources
