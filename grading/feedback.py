"""Feedback under the name by which its reader looks for it, made again when marks have changed, and handed out."""

import glob
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import GenerateFeedback
from nbgrader.exchange.default import ExchangeReleaseFeedback

from grading.records import marks


class FeedbackExporter(HTMLExporter):
    """Writes the page a second time where the notebook was handed in under another name than the lesson's.

    `nbgrader fetch_feedback` asks for the names of the files that were submitted, and for no other.
    """

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict | None = None, **words: Any
    ) -> tuple[str, dict]:
        """Return the page and its resources, the second page among them."""
        about = (resources or {}).get("nbgrader", {})
        place = (resources or {}).get("metadata", {})
        made_of = ""
        if about:
            graded = Path(place["path"], f"{place['name']}.ipynb")
            with Gradebook(about["db_url"]) as gradebook:
                made_of = _mark(marks(gradebook, about["assignment"], about["student"], graded))
        # Not `HTMLExporter`'s own, which reads the page again for what our templates have: that takes longer than to
        # make it.
        page, resources = TemplateExporter.from_notebook_node(self, nb, resources, **words)
        page += made_of
        name = nb.metadata.get("grading", {}).get("submitted_as")
        if name:
            resources.setdefault("outputs", {})[f"{name}.html"] = page.encode()
        return page, resources


# What nbgrader's fetch looks for, and where it comes from.
NEEDED = ("timestamp.txt", "submission_secret.txt")


class ReleaseFeedback(ExchangeReleaseFeedback):
    """Releases feedback folder by folder; nbgrader's own stops the class at the first one without its files."""

    def copy_files(self) -> None:
        """Copy the feedback of every submission that came through the exchange."""
        folders = map(Path, sorted(glob.glob(self.src_path)))
        stays = [each.parent.name for each in folders if not all((each / name).is_file() for name in NEEDED)]
        excluded = [self.coursedir.student_id_exclude, *stays]
        before = self.coursedir.student_id_exclude
        self.coursedir.student_id_exclude = ",".join(filter(None, excluded))
        try:
            super().copy_files()
        finally:
            self.coursedir.student_id_exclude = before
        if stays:
            self.log.warning(
                "Not released, %d: %s. Beside the feedback %s is missing: these did not hand in through the exchange, "
                "and could not fetch it there. Send them their page by hand.",
                len(stays),
                ", ".join(stays),
                " or ".join(NEEDED),
            )


def _mark(made_of: str) -> str:
    """Return the end of a page, which says what it was made from: a page that was cut short has none."""
    return f"<!-- {made_of} -->\n"


def is_current(converter: GenerateFeedback, lesson: str, student: str) -> bool:
    """Tell whether the page of a student shows the graded notebook, the marks and the comments of today."""
    course = converter.coursedir
    graded = Path(converter._format_source(lesson, student), f"{lesson}.ipynb")
    page = Path(converter._format_dest(lesson, student), f"{lesson}.html")
    try:
        with Gradebook(course.db_url, course.course_id) as gradebook:
            end = _mark(marks(gradebook, lesson, student, graded))
        return page.read_text(encoding="utf-8").endswith(end)
    except (MissingEntry, OSError, ValueError):
        return False
