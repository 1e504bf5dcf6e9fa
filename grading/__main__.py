"""``python -m grading ...``: what the Makefile's words call, for machines without make too."""

import argparse
import sys
from pathlib import Path

from course_lib.__main__ import add_options, run


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
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
    known, further = parser.parse_known_args(arguments)
    if known.command == "lab":
        return run(known, further)
    if further:
        parser.error(f"unknown: {' '.join(further)}")
    if known.command == "site":
        return _site(known)
    return _notebooks(check=known.check)


def _site(known: argparse.Namespace) -> int:
    from grading import site

    try:
        site.build(known.out, known.pyodide, known.repository)
    except (site.SiteError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    for part, size in site.weights(known.out).items():
        print(f"{size / 1e6:6.1f} MB  {part}")
    print(
        f"The site is in {known.out}. Any web server can host it: python -m http.server --directory {known.out}"
    )
    return 0


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


if __name__ == "__main__":
    sys.exit(main())
