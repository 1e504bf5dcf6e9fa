"""Closes the formgrader's way to the files of a submission, and keeps it to the course's own pages.

nbgrader serves whatever lies beside a graded notebook at the origin at which marks are given, so that a page somebody
handed in could give them. The pages here fetch nothing, so the way leads nowhere.
"""

from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader.base import BaseHandler
from nbgrader.server_extensions.formgrader.handlers import SubmissionFilesHandler
from tornado import web


def close_files() -> None:
    """Answer every request for a file of a submission with "not found"; nbgrader has no setting for it."""
    SubmissionFilesHandler.get = SubmissionFilesHandler.head = _refuse


def keep_to_our_pages() -> None:
    """Make every page with the configuration of the course that is open.

    nbgrader makes them all with the one that it found when the server started, which may have been elsewhere.
    """
    BaseHandler.exporter = property(_exporter)


def _exporter(self: BaseHandler) -> HTMLExporter:
    return HTMLExporter(config=self.settings["nbgrader_formgrader"].config)


@web.authenticated
def _refuse(self: SubmissionFilesHandler, *path: str) -> None:
    raise web.HTTPError(404, "Files of a submission are not served.")
