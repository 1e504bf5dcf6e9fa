"""Closes the formgrader's way to the files of a submission.

nbgrader serves whatever lies beside a graded notebook at the origin at which marks are given, so that a page somebody
handed in could give them. The pages here fetch nothing, so the way leads nowhere.
"""

from __future__ import annotations

from nbgrader.server_extensions.formgrader.handlers import SubmissionFilesHandler
from tornado import web


def close_files() -> None:
    """Answer every request for a file of a submission with "not found"; nbgrader has no setting for it."""
    SubmissionFilesHandler.get = SubmissionFilesHandler.head = _refuse


@web.authenticated
def _refuse(self: SubmissionFilesHandler, *path: str) -> None:
    raise web.HTTPError(404, "Files of a submission are not served.")
