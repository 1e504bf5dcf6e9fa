"""Where things lie in a course that grades with stock nbgrader, and in this one."""

from __future__ import annotations

from dataclasses import dataclass

STUDENT, NEIGHBOURS = "mallory", ("aaron", "zoe")  # before and behind, in the order of grading


@dataclass(frozen=True)
class Layout:
    """The folders of a course, relative to its root."""

    name: str
    source: str
    released: str
    submitted: str
    autograded: str
    gradebook: str

    @staticmethod
    def of(name: str) -> Layout:
        """Return the layout called `name`."""
        return LAYOUTS[name]


LAYOUTS = {
    "stock": Layout("stock", "source", "release", "submitted", "autograded", "gradebook.db"),
    "ours": Layout(
        "ours",
        "solutions",
        "notebooks",
        "grading/submitted",
        "grading/autograded",
        "grading/gradebook.db",
    ),
}
