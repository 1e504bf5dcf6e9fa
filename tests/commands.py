"""``python -m tests.commands``: several nbgrader commands in one process, because starting it costs more than most."""

from __future__ import annotations

import json
import os
import sys

from nbgrader.apps import NbGraderApp


def run(folder: str, words: list[str]) -> None:
    """Run one command in `folder`, as ``nbgrader`` would run it there."""
    os.chdir(folder)
    app = NbGraderApp()
    app.initialize(words)
    try:
        app.subapp.start()
    finally:
        # A sub-command is a singleton, and keeps the configuration of the folder that it was started in.
        type(app.subapp).clear_instance()


if __name__ == "__main__":
    for folder, words in json.loads(sys.argv[1]):
        run(folder, words)
