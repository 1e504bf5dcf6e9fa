"""Feedback goes out to everybody to whom it can; who is left out is named."""

from __future__ import annotations

import glob
from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseFeedback

# What nbgrader's fetch looks for, and where it comes from.
NEEDED = ("timestamp.txt", "submission_secret.txt")


class ReleaseFeedback(ExchangeReleaseFeedback):
    """Releases feedback folder by folder; nbgrader's own stops the class at the first one without its files."""

    def copy_files(self) -> None:
        """Copy the feedback of every submission that came through the exchange."""
        stays = {}
        for folder in map(Path, sorted(glob.glob(self.src_path))):
            missing = [name for name in NEEDED if not (folder / name).is_file()]
            if missing:
                stays[folder.parent.name] = missing
        excluded = [self.coursedir.student_id_exclude, *stays]
        before = self.coursedir.student_id_exclude
        self.coursedir.student_id_exclude = ",".join(filter(None, excluded))
        try:
            super().copy_files()
        finally:
            self.coursedir.student_id_exclude = before
        for student, missing in stays.items():
            self.log.warning(
                "%s: not released: beside the feedback there is no %s. This submission did not come through the "
                "exchange, so nobody could fetch it there: send the page by hand.",
                student,
                " and no ".join(missing),
            )
