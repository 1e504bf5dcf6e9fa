"""The lessons as folders: which they are, and where those that students get stand."""

import re
from pathlib import Path

LESSON_FOLDER = re.compile(r"\d\d_\w+")
IGNORED = {".ipynb_checkpoints", "__pycache__", ".DS_Store"}
_HERE = Path(__file__).resolve().parent
# An installed course has them inside, a clone beside it.
NOTEBOOKS = next(
    (folder for folder in (_HERE / "notebooks", _HERE.parent / "notebooks") if folder.is_dir()),
    _HERE / "notebooks",
)


def lesson_folders(directory: Path) -> list[Path]:
    """Return the folders of lessons (``03_identify_gradients``) in `directory`, sorted."""
    return sorted(p for p in directory.glob("*") if p.is_dir() and LESSON_FOLDER.fullmatch(p.name))
