"""``python -m grading ...``: what the Makefile's words call, for machines without make too."""

import argparse
import atexit
import os
import sys
from pathlib import Path

from course_lib.__main__ import add_options, run
from course_lib.edition import EditionError

INTERRUPTED = 130  # the status of what Ctrl-C ended


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    try:
        return _command(arguments)
    except EditionError as error:  # raised by the first that asks for the exercises
        print(error, file=sys.stderr)
        return 1


def _command(arguments: list[str] | None) -> int:
    parser = argparse.ArgumentParser(prog="python -m grading", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    lab = commands.add_parser(
        "lab", help="work on the lessons in JupyterLab; further options go to it", allow_abbrev=False
    )
    add_options(lab, Path("work"))
    notebooks = commands.add_parser(
        "notebooks", help="generate notebooks/ from solutions/", allow_abbrev=False
    )
    notebooks.add_argument("--check", action="store_true", help="only compare, and fail where they differ")
    _add_classroom(commands)
    _add_import(commands)
    _add_report(commands)
    site = commands.add_parser("site", help="build the course as a static site", allow_abbrev=False)
    site.add_argument("out", type=Path, metavar="OUT", help="a folder that is new, empty or an earlier site")
    site.add_argument(
        "--pyodide",
        default="",
        metavar="WHERE",
        help="a folder with Pyodide, or its address (default: JupyterLite's)",
    )
    site.add_argument(
        "--repository",
        default="",
        metavar="ADDRESS",
        help="where the course's repository is, for a link to it",
    )
    deadline = commands.add_parser(
        "deadline", help="say or set when a lesson is due, or until when for one student", allow_abbrev=False
    )
    deadline.add_argument("lesson", help="the lesson's id: 03_identify_gradients")
    deadline.add_argument(
        "when", nargs="?", default="", help="2026-12-04, '2026-12-04 18:00', or none (default: only say it)"
    )
    deadline.add_argument("--student", default="", metavar="NAME", help="only for this one: an extension")
    edition = commands.add_parser(
        "edition", help="write what students are handed: lessons and a wheel", allow_abbrev=False
    )
    edition.add_argument(
        "out", type=Path, metavar="OUT", help="a folder that is new, empty or an earlier one"
    )
    commands.add_parser(
        "doctor", help="look whether everything is there that grading needs", allow_abbrev=False
    )
    known, further = parser.parse_known_args(arguments)
    if known.command == "lab":
        return run(known, further)
    if known.command in ("autograde", "feedback"):
        return _classroom(known, further)
    if further:
        parser.error(f"unknown: {' '.join(further)}")
    if known.command == "import":
        return _import(known)
    if known.command == "site":
        return _site(known)
    if known.command == "deadline":
        return _deadline(known)
    if known.command == "edition":
        return _edition(known.out)
    if known.command == "doctor":
        return _doctor()
    if known.command == "report":
        return _report(known)
    if known.command == "demo-class":
        return _demo_class(known)
    return _notebooks(check=known.check)


def _add_classroom(commands: argparse._SubParsersAction) -> None:
    autograde = commands.add_parser(
        "autograde",
        help="grade a whole class side by side; further options go to nbgrader autograde",
        allow_abbrev=False,
    )
    feedback = commands.add_parser(
        "feedback",
        help="make the feedback of a whole class side by side; further options go to nbgrader generate_feedback",
        allow_abbrev=False,
    )
    for command in (autograde, feedback):
        command.add_argument("lesson", help="the lesson's id: 03_identify_gradients")
        command.add_argument(
            "--students", nargs="+", default=[], metavar="NAME", help="only these (default: everyone)"
        )
    where = autograde.add_mutually_exclusive_group()
    for group in (where, feedback):
        group.add_argument(
            "--workers",
            type=_at_least_one,
            metavar="N",
            help="so many at a time on this machine (default: one for each processor)",
        )
    where.add_argument(
        "--scheduler",
        type=_closed,
        metavar="ADDRESS",
        help="on the Dask cluster there, over TLS or loopback",
    )
    autograde.set_defaults(nbgraders="autograde")
    feedback.set_defaults(nbgraders="generate_feedback", scheduler=None)


def _add_import(commands: argparse._SubParsersAction) -> None:
    imported = commands.add_parser(
        "import", help="take in what a class handed in on Moodle or Canvas", allow_abbrev=False
    )
    imported.add_argument("zip", type=Path, metavar="ZIP", help="the download, as the platform made it")
    imported.add_argument("lesson", help="the lesson's id: 03_identify_gradients")
    imported.add_argument("--roster", type=Path, required=True, metavar="CSV", help="the list of the class")
    imported.add_argument(
        "--replace", action="store_true", help="move submissions that are there already aside"
    )
    imported.add_argument(
        "--timezone", default="", metavar="ZONE", help="of the times on the roster: Europe/Vienna"
    )


def _import(known: argparse.Namespace) -> int:
    from grading.platforms import command

    return command.run(known.zip, known.lesson, known.roster, known.timezone, replace=known.replace)


def _add_report(commands: argparse._SubParsersAction) -> None:
    report = commands.add_parser(
        "report", help="what the class knows: a page, and tables as CSV", allow_abbrev=False
    )
    report.add_argument("lessons", nargs="*", metavar="LESSON", help="default: all that were handed in")
    report.add_argument("--out", type=Path, default=Path("report"), metavar="DIR", help="default: report")
    report.add_argument("--names", action="store_true", help="say who is who, instead of numbers")
    demo = commands.add_parser(
        "demo-class", help="make up a class that has handed in, for trying everything", allow_abbrev=False
    )
    demo.add_argument("--size", type=_at_least_one, default=30, metavar="N", help="students (default: 30)")
    demo.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed makes the same class")
    demo.add_argument("--lesson", default="03_identify_gradients", help="default: 03_identify_gradients")


def _report(known: argparse.Namespace) -> int:
    from grading.report import command

    return command.run(known.lessons, known.out, names=known.names)


def _demo_class(known: argparse.Namespace) -> int:
    from grading.demo import command

    return command.run(known.size, known.seed, known.lesson)


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no such number; it is 1 or more")
    return int(text)


def _closed(address: str) -> str:
    from grading.addresses import RefusedError, refuse_unless_closed

    try:
        refuse_unless_closed(address)
    except RefusedError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return address


def _classroom(known: argparse.Namespace, further: list[str]) -> int:
    from grading import quick_start

    with quick_start.loading():
        quick_start.load()
        from grading.classroom import command
        from grading.terminal import STOPPED

    workers = known.workers or command.processors()
    try:
        return command.run(
            known.nbgraders, known.lesson, known.students, workers, known.scheduler or "", further
        )
    except KeyboardInterrupt:
        print(f"\n{STOPPED}", file=sys.stderr)
        return INTERRUPTED


def _site(known: argparse.Namespace) -> int:
    from grading import release, site

    try:
        if release.EDITION:
            release.regenerate()
        missing = site.build(known.out, known.pyodide, known.repository, release.NOTEBOOKS)
    except (site.SiteError, release.ReleaseError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    for part, size in site.weights(known.out).items():
        print(f"{size / 1e6:6.1f} MB  {part}")
    if missing:
        print(
            f"No Python {missing} was found to compile the packages, so a lesson takes twice as long to start. "
            f"Where there is one: make site PYTHON=/path/to/python{missing}",
            file=sys.stderr,
        )
    print(
        f"The site is in {known.out}. Any web server can host it: python -m http.server --directory {known.out}"
    )
    return 0


def _deadline(known: argparse.Namespace) -> int:
    from grading import deadlines
    from grading.here import NoCourseError

    try:
        if known.when:
            deadlines.set_due(known.lesson, known.when, known.student)
        print(*deadlines.lines(known.lesson), sep="\n")
    except (deadlines.DeadlineError, NoCourseError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _edition(out: Path) -> int:
    from grading.handout import HandoutError, hand_out
    from grading.release import ReleaseError

    try:
        print(*hand_out(out), f"{out} is what students are handed.", sep="\n")
    except (HandoutError, ReleaseError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _doctor() -> int:
    from grading.doctor import examine
    from grading.doctor.showing import show

    return 0 if show(examine()) else 1


def _notebooks(*, check: bool) -> int:
    from grading import release

    try:
        found = release.differences() if check else release.regenerate()
    except release.ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    if check and found:
        print(
            *found,
            "notebooks/ is not what solutions/ generates: run make notebooks",
            sep="\n",
            file=sys.stderr,
        )
        return 1
    print(*found, "notebooks/ is what solutions/ generates", sep="\n")
    return 0


def _end(status: int) -> None:
    """End this process; without taking everything down that nbgrader has loaded, where someone waits for it to stop."""
    if status == INTERRUPTED:
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    _end(main())
