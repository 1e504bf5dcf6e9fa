"""The lessons as folders: which they are, and where those that students get stand."""

from pathlib import Path

from course_lib import edition
from course_lib.edition import LESSON_FOLDER

_HERE = Path(__file__).resolve().parent
_EDITION = edition.place()
_ASIDE = (_EDITION.parent / "notebooks",) if _EDITION else ()
# An installed course has them inside, a class edition beside its file, a clone beside the library.
NOTEBOOKS = next(
    (folder for folder in (_HERE / "notebooks", *_ASIDE, _HERE.parent / "notebooks") if folder.is_dir()),
    _HERE / "notebooks",
)


def lesson_folders(directory: Path) -> list[Path]:
    """Return the folders of lessons (``03_identify_gradients``) in `directory`, sorted."""
    return sorted(p for p in directory.glob("*") if p.is_dir() and LESSON_FOLDER.fullmatch(p.name))
