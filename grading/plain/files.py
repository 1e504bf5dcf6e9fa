"""The files of a submission as its kernels see them: nothing of a test is in the notebook among them."""

import json
import shutil
from collections.abc import Collection
from pathlib import Path

from grading.lessons.own import name_of


def without_tests(files: Path, folder: Path, tests: Collection[str]) -> Path:
    """Copy the `files` of an admitted submission into the empty `folder`, its notebook with no source of `tests`.

    What a cell reads there it may put out, and that is shown in feedback.
    """
    shutil.copytree(files, folder, dirs_exist_ok=True)
    for path in folder.glob("*.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            marks = cell["metadata"].get("nbgrader", {})
            if marks.get("grade") and not marks.get("solution") and name_of(marks) in tests:
                cell["source"] = ""
        path.chmod(0o600)
        path.write_text(json.dumps(notebook), encoding="utf-8")
    return folder
