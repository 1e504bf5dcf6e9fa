"""``python -m course_lib``, and ``backprop-course``: the lessons copied into a folder, JupyterLab opened there."""

import argparse
import sys
from pathlib import Path

from course_lib import lab


def main(arguments: list[str] | None = None) -> int:
    """Copy the lessons that are not there yet, open JupyterLab on them, and return its exit status."""
    parser = argparse.ArgumentParser(
        prog="backprop-course",
        description="Copy the lessons and open them in JupyterLab. Further options go to JupyterLab.",
        allow_abbrev=False,
    )
    add_options(parser, Path("backprop-course"))
    known, further = parser.parse_known_args(arguments)
    return run(known, further)


def add_options(parser: argparse.ArgumentParser, work: Path) -> None:
    """Give `parser` the options of this command; `work` is the folder that is worked in by default."""
    parser.add_argument(
        "--work", type=Path, default=work, help="the folder you work in (default: %(default)s)"
    )
    parser.add_argument(
        "--reset", nargs="+", default=[], metavar="03", help="begin these lessons afresh; the old copies stay"
    )


def run(known: argparse.Namespace, further: list[str]) -> int:
    """Do what the options `known` say; `further` are JupyterLab's own."""
    try:
        lab.prepare(known.work, known.reset)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return lab.serve(known.work, further)


if __name__ == "__main__":
    sys.exit(main())
