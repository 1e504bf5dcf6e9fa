"""What the students of a class are handed: the lessons, and the library as a wheel, without solutions and rubrics."""

import shutil
import tempfile
from importlib import metadata
from pathlib import Path

from course_lib.exercises import COMPLETE
from grading import contents, release, sources
from grading.lessons import LESSONS, OwnLesson
from grading.site.wheels import ROOT, Wheel, of_the_course

LESSON_FOLDER, PAGE = "lessons", "README.md"
COMMANDS = "[console_scripts]\nbackprop-course = course_lib.__main__:main\n"
_RUBRICS = "exercises/*/rubric.py"
_NO_RUBRIC = b'"""In a class a person marks this; the rubric is with whoever does."""\n\nRUBRIC = ()\n'
_START = """\
# {title}

Once, in this folder, with Python 3.11 or newer (on Windows write `py` and `.venv\\Scripts\\` in place of `python3` and
`.venv/bin/`):

```console
python3 -m venv .venv
.venv/bin/python -m pip install {wheel}
```

Then, whenever you work, this opens the lessons in JupyterLab. What you do is kept in `work/`, and nothing there is
overwritten:

```console
.venv/bin/python -m course_lib --work work
```

| lesson | about | points |
|---|---|---|
{rows}

Where a JupyterLab with this course in it is provided, the notebooks in `{lessons}/` are all you need.
"""


class HandoutError(Exception):
    """What is handed out cannot be made; the message says why, and what to do."""


def hand_out(out: Path) -> list[str]:
    """Write what students are handed into `out`, which is new, empty or an earlier one; return what stands there."""
    _refuse_strangers(out)
    _bring_up_to_date()
    wheel = wheel_for_students(release.NOTEBOOKS)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "out")
        for name, path in _lessons(release.NOTEBOOKS).items():
            (made / LESSON_FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, made / LESSON_FOLDER / name)
        (made / wheel.file_name).write_bytes(wheel.content)
        (made / PAGE).write_text(_page(wheel), encoding="utf-8")
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(made, out)
    return [f"{name:40} {lesson.points:5g} points" for name, lesson in LESSONS.items()] + list(_changes())


def wheel_for_students(notebooks: Path) -> Wheel:
    """Return the library with its edition and the released lessons, and with no rubric in it."""
    also = {f"notebooks/{name}": path.read_bytes() for name, path in _lessons(notebooks).items()}
    top = ROOT / "course_lib"
    also |= {path.relative_to(top).as_posix(): _NO_RUBRIC for path in top.glob(_RUBRICS)}
    requires = [line for line in metadata.requires("backprop-course") or [] if "extra ==" not in line]
    return of_the_course(also, requires, COMMANDS)


def _lessons(notebooks: Path) -> dict[str, Path]:
    return {
        name: path for name, path in sources.files_below(notebooks).items() if name.split("/")[0] in LESSONS
    }


def _refuse_strangers(out: Path) -> None:
    if out.is_file():
        raise HandoutError(f"{out} is a file: name a folder that is new or empty.")
    if (
        out.exists()
        and any(out.iterdir())
        and not ((out / LESSON_FOLDER).is_dir() and (out / PAGE).is_file())
    ):
        raise HandoutError(
            f"{out} holds something else than a class edition: name a folder that is new or empty."
        )


def _bring_up_to_date() -> None:
    """Generate the lessons of an edition; those of the course as it comes are looked at only, since git has them."""
    if release.EDITION:
        release.regenerate()
    elif found := release.differences():
        raise HandoutError("\n".join([*found, "Run python -m grading notebooks first."]))


def _page(wheel: Wheel) -> str:
    rows = "\n".join(
        f"| {lesson.id[:2]} · {lesson.title} | {contents.time_needed(lesson.minutes)} | {lesson.points:g} |"
        for lesson in LESSONS.values()
    )
    title = "Gradient descent and backpropagation, by hand"
    return _START.format(title=title, wheel=wheel.file_name, rows=rows, lessons=LESSON_FOLDER)


def _changes() -> list[str]:
    """Say what an edition makes other than the course as it comes."""
    lessons = [name for name in COMPLETE if name not in LESSONS]
    now = {exercise.id: exercise.points for lesson in LESSONS.values() for exercise in lesson.exercises}
    own = [lesson.id for lesson in LESSONS.values() if isinstance(lesson, OwnLesson)]
    was = {e.id: e.points for name in LESSONS if name in COMPLETE for e in COMPLETE[name].exercises}
    dropped = [name for name in was if name not in now]
    other = [
        f"{name} {was[name]:g} -> {now[name]:g}" for name in was if now.get(name, was[name]) != was[name]
    ]
    said = {"left out": lessons, "dropped": dropped, "points": other, "your own": own}
    return [f"{what}: {', '.join(names)}" for what, names in said.items() if names]
