"""``python -m grading ...``: what the Makefile's words call, for machines without make too."""

import argparse
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m grading", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    lab = commands.add_parser(
        "lab", help="work on the lessons in JupyterLab; further options go to it", allow_abbrev=False
    )
    lab.add_argument(
        "--work", type=Path, default=Path("work"), help="the folder you work in (default: %(default)s)"
    )
    lab.add_argument(
        "--reset", nargs="+", default=[], metavar="03", help="begin these lessons afresh; the old copies stay"
    )
    notebooks = commands.add_parser(
        "notebooks", help="generate notebooks/ from solutions/", allow_abbrev=False
    )
    notebooks.add_argument("--check", action="store_true", help="only compare, and fail where they differ")
    known, further = parser.parse_known_args(arguments)
    if known.command == "lab":
        return _lab(known, further)
    if further:
        parser.error(f"unknown: {' '.join(further)}")
    return _notebooks(check=known.check)


def _lab(known: argparse.Namespace, further: list[str]) -> int:
    from grading import lab

    try:
        lab.prepare(known.work, known.reset)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return lab.serve(known.work, further)


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
