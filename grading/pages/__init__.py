"""What people read of a graded submission: the feedback for the student, the formgrader's page for the marker.

Nothing of a submission runs in them, nothing is fetched for them, and formulas are set when the page is made.
"""

from pathlib import Path

from traitlets.config import Config

# One line each: what the page is, is decided in `preparing`.
TEMPLATES = Path(__file__).resolve().parent / "nbconvert"


def configure(c: Config) -> None:
    """Make nbgrader show submissions in these pages, and serve no file of a submission."""
    from grading.pages.formgrader import close_files, keep_to_our_pages
    from grading.pages.preparing import ShowFeedback, ShowToMarker

    # The names of the two templates are those that nbgrader asks for.
    c.HTMLExporter.extra_template_basedirs = [str(TEMPLATES)]
    c.HTMLExporter.preprocessors = [ShowToMarker]
    c.GenerateFeedback.preprocessors = [ShowFeedback]
    close_files()
    keep_to_our_pages()
