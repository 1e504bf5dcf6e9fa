"""``python -m tests.stock``: every story on stock nbgrader and on this course; prints the README's table."""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import nbformat

from course_lib.exercises import EXERCISES
from grading import sources
from grading.intake import versions
from tests.corpus.classroom import LIMITS, stories
from tests.corpus.making import FULL, LESSON, ROOT
from tests.life import Course
from tests.stock import box
from tests.stock.layout import LAYOUTS, NEIGHBOURS, Layout

STOCK = 'c = get_config()\nc.CourseDirectory.course_id = "stock"\n'


def template(folder: Path, layout: Layout) -> Path:
    """Make a course with one released lesson; for the stock one nothing of grading/ is in its configuration."""
    course = folder / layout.name
    course.mkdir()
    if layout.name == "stock":
        shutil.copytree(ROOT / "solutions" / LESSON, course / "source" / LESSON)
        path = course / "source" / LESSON / f"{LESSON}.ipynb"
        notebook = nbformat.read(path, 4)
        sources.write_points(notebook, EXERCISES)
        versions.stamp(notebook, LESSON, EXERCISES)  # nbgrader's own way would leave it as it is
        nbformat.write(notebook, path)
        (course / "nbgrader_config.py").write_text(STOCK)
    else:
        Course(course)
        config = course / "nbgrader_config.py"
        config.write_text(f"{config.read_text()}c.Grading.limits = {LIMITS!r}\n")
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", LESSON]
    environment = Course._environment(argparse.Namespace(folder=course))
    subprocess.run(command, cwd=course, env=environment, check=True, capture_output=True)
    # The gradebook's address is where the course lies in the box.
    shutil.rmtree(course / ".jupyter", ignore_errors=True)
    return course


def _measure(template: Path, layout: Layout, chosen: list[tuple[str, str]], kept: Path) -> dict[str, dict]:
    """Run the stories, two at a time; what was measured before is not measured again."""
    found = json.loads(kept.read_text()) if kept.exists() else {}

    def one(key: tuple[str, str]) -> None:
        name = f"{layout.name}/{'/'.join(key)}"
        if name not in found:
            try:
                found[name] = box.story(template, layout, *key)
            except Exception as error:  # listed as not run, never left out
                found[name] = {"not_run": f"{type(error).__name__}: {error}"}
            print(name, found[name].get("totals"), found[name].get("ended", ""), flush=True)
            kept.write_text(json.dumps(found, indent=1))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, chosen))
    return found


def _table(found: dict[str, dict]) -> str:
    """Return the README's table: how many submissions did each kind of harm."""
    harms = {
        (side, kind): [
            box.judge(facts)
            for key, facts in found.items()
            if key.startswith(f"{side}/{kind}/") and "not_run" not in facts
        ]
        for kind in ("hostile", "broken")
        for side in LAYOUTS
    }
    sizes = [f"{len(harms['stock', kind])} {kind}, stock | {kind}, here" for kind in ("hostile", "broken")]
    lines = [f"| | {' | '.join(sizes)} |", "|---|---|---|---|---|"]
    for harm in next((some[0] for some in harms.values() if some), ()):
        counts = [str(sum(one[harm] for one in some)) for some in harms.values()]
        lines.append(f"| {harm} | {' | '.join(counts)} |")
    lines += [f"not run: {key}: {facts['not_run']}" for key, facts in found.items() if "not_run" in facts]
    tools = f"nbgrader {version('nbgrader')}, Python {platform.python_version()}, numpy {version('numpy')}"
    return "\n".join([*lines, tools])


def main() -> int:
    """Measure, print each story that did harm, then the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.stock")
    parser.add_argument("--kept", type=Path, default=Path("stock.json"), help="where measurements are kept")
    parser.add_argument("--only", nargs="*", help="names of stories")
    known = parser.parse_args()
    chosen = [
        (kind, name)
        for kind in ("hostile", "broken")
        for name in stories(kind)
        if not known.only or name in known.only
    ]
    found: dict[str, dict] = {}
    with tempfile.TemporaryDirectory() as folder:
        for layout in LAYOUTS.values():
            made = template(Path(folder), layout)
            honest = box.story(made, layout, "hostile", "")
            assert honest["totals"] == dict.fromkeys(NEIGHBOURS, FULL), honest
            found = _measure(made, layout, chosen, known.kept)
    for key, facts in found.items():
        if "not_run" not in facts and any(box.judge(facts).values()):
            print(key, [harm for harm, did in box.judge(facts).items() if did], facts["totals"])
    print(_table(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
