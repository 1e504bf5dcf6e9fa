"""Stories of honest submissions in which files met with an accident."""

from __future__ import annotations

import json
import os
import socket

import nbformat

from tests.corpus.making import ALL, LESSON, ROOT, Draft, story


def _json(draft: Draft) -> str:
    return json.dumps(draft.notebook, ensure_ascii=False, indent=1)


@story("broken", loses=ALL, says="cut short")
def notebook_was_cut_short(draft: Draft) -> None:
    draft.raw = _json(draft).encode()[:9000]


@story("broken", loses=ALL, says="is empty")
def notebook_is_empty(draft: Draft) -> None:
    draft.raw = b""


@story("broken", loses=ALL, says="is empty")
def notebook_is_full_of_zeros(draft: Draft) -> None:
    draft.raw = b"\0" * 5000


@story("broken", loses=ALL, says="not a notebook")
def notebook_is_other_json(draft: Draft) -> None:
    draft.raw = b"[1, 2, 3]"


@story("broken", loses=ALL, says="not JSON")
def notebook_has_marks_of_a_merge(draft: Draft) -> None:
    draft.raw = _json(draft).replace('"cells"', '<<<<<<< HEAD\n"cells"').encode()


@story("broken", says="format 3")
def notebook_is_of_format_3(draft: Draft) -> None:
    nb = nbformat.from_dict(draft.notebook)
    draft.raw = json.dumps(nbformat.convert(nb, 3)).encode()


@story("broken", says="format 5")
def notebook_is_of_format_5(draft: Draft) -> None:
    draft.notebook["nbformat"] = 5


@story("broken", says="format None")
def notebook_has_no_format(draft: Draft) -> None:
    del draft.notebook["nbformat"], draft.notebook["metadata"]


@story("broken")
def notebook_is_for_another_kernel(draft: Draft) -> None:
    draft.notebook["metadata"]["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}
    draft.notebook["metadata"]["language_info"] = {"name": "R"}


@story("broken", says="utf-8-sig")
def notebook_has_a_byte_order_mark(draft: Draft) -> None:
    draft.raw = b"\xef\xbb\xbf" + _json(draft).encode()


@story("broken", says="utf-16")
def notebook_is_in_utf_16(draft: Draft) -> None:
    draft.raw = _json(draft).encode("utf-16")


@story("broken", says="not in UTF-8")
def notebook_is_in_latin_1(draft: Draft) -> None:
    draft.last("# Grüße")
    draft.raw = _json(draft).encode("latin-1", "replace")


@story("broken")
def notebook_has_lines_of_windows(draft: Draft) -> None:
    for cell in draft.cells:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")
    draft.raw = _json(draft).replace("\n", "\r\n").encode()


@story("broken")
def notebook_has_fifty_megabytes(draft: Draft) -> None:
    draft.first("1")
    draft.cells[2]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 50_000_000}]


@story("broken", loses=ALL, says="MB; at most")
def notebook_has_two_hundred_megabytes(draft: Draft) -> None:
    draft.folder.mkdir(parents=True, exist_ok=True)
    with (draft.folder / draft.filename).open("wb") as file:
        file.truncate(200 * 2**20)
    draft.filename = None


@story("broken", loses=ALL, says="is missing")
def notebook_is_missing(draft: Draft) -> None:
    draft.filename = None


@story("broken", says="was graded in its place")
def notebook_was_renamed(draft: Draft) -> None:
    draft.filename = f"{LESSON} (1).ipynb"


@story("broken")
def other_notebooks_lie_beside_it(draft: Draft) -> None:
    draft.folder.mkdir(parents=True, exist_ok=True)
    (draft.folder / "Untitled.ipynb").write_text("{}")
    (draft.folder / f"{LESSON}-Copy1.ipynb").write_bytes(b"broken")


@story("broken", says="was graded in its place")
def several_copies_and_not_the_notebook(draft: Draft) -> None:
    draft.folder.mkdir(parents=True, exist_ok=True)
    for name in ("a.ipynb", "b.ipynb"):
        (draft.folder / name).write_text(_json(draft))
    draft.filename = None


@story("broken", loses=ALL, says="cells were missing")
def notebook_is_of_another_lesson(draft: Draft) -> None:
    draft.raw = (ROOT / "solutions" / "00_start_here" / "00_start_here.ipynb").read_bytes()


@story("broken", loses=ALL, says="is a link")
def notebook_is_a_link(draft: Draft) -> None:
    draft.folder.mkdir(parents=True, exist_ok=True)
    (draft.folder / draft.filename).symlink_to("/dev/zero")
    draft.filename = None


@story("broken", loses=ALL, says="is missing")
def notebook_is_a_folder(draft: Draft) -> None:
    (draft.folder / draft.filename).mkdir(parents=True)
    draft.filename = None


@story("broken", loses=ALL, says="is not a regular file")
def notebook_is_a_pipe(draft: Draft) -> None:
    draft.folder.mkdir(parents=True, exist_ok=True)
    os.mkfifo(draft.folder / draft.filename)
    draft.filename = None


@story("broken", says="is a link")
def folder_holds_links(draft: Draft) -> None:
    draft.folder.mkdir(parents=True, exist_ok=True)
    (draft.folder / "passwd.txt").symlink_to("/etc/passwd")
    (draft.folder / "book.db").symlink_to("../../../gradebook.db")
    (draft.folder / "nowhere").symlink_to("not-there")
    (draft.folder / "round").symlink_to(".")


@story("broken", says="is not a regular file")
def folder_holds_a_pipe_and_a_socket(draft: Draft) -> None:
    draft.folder.mkdir(parents=True, exist_ok=True)
    os.mkfifo(draft.folder / "pipe")
    here = os.getcwd()
    os.chdir(draft.folder)  # a socket's name may not be longer than 107 bytes
    try:
        with socket.socket(socket.AF_UNIX) as s:
            s.bind("socket")
    finally:
        os.chdir(here)


@story("broken", says="is not a regular file")
def folder_holds_a_device(draft: Draft) -> None:
    draft.folder.mkdir(parents=True, exist_ok=True)
    draft.make_device(draft.folder / "zero", 5)


@story("broken", loses=ALL, says="is not a regular file")
def notebook_is_a_device(draft: Draft) -> None:
    draft.folder.mkdir(parents=True, exist_ok=True)
    if draft.make_device(draft.folder / draft.filename, 5):
        draft.filename = None


@story("broken")
def folder_holds_a_file_that_nobody_may_read(draft: Draft) -> None:
    draft.folder.mkdir(parents=True, exist_ok=True)
    (draft.folder / "locked.txt").write_text("x")
    (draft.folder / "locked.txt").chmod(0)


@story("broken", says="a name that cannot be used")
def folder_holds_odd_names(draft: Draft) -> None:
    draft.folder.mkdir(parents=True, exist_ok=True)
    for name in ("with space.txt", "ünï-😀.txt", "x" * 255, "-rf", "[a-z]*?.py"):
        (draft.folder / name).write_text("x")
    (draft.folder / "two\nlines.txt").write_text("x")
    with open(os.fsencode(draft.folder) + b"/\xff\xfe.txt", "wb") as file:
        file.write(b"x")


@story("broken", says="beyond the first 500 files")
def folder_holds_a_thousand_files(draft: Draft) -> None:
    draft.folder.mkdir(parents=True, exist_ok=True)
    for number in range(1000):
        (draft.folder / f"{number:04}.txt").write_text("x")


@story("broken", says="folders deep")
def folder_is_very_deep(draft: Draft) -> None:
    deep = draft.folder.joinpath(*"abcdefghijklmnop")
    deep.mkdir(parents=True)
    (deep / "bottom.txt").write_text("x")


@story("broken")
def clock_was_in_the_future(draft: Draft) -> None:
    draft.folder.mkdir(parents=True, exist_ok=True)
    (draft.folder / "timestamp.txt").write_text("2199-01-01 00:00:00.000000 UTC")


@story("broken", says="does not hold a time")
def timestamp_is_nonsense(draft: Draft) -> None:
    draft.folder.mkdir(parents=True, exist_ok=True)
    (draft.folder / "timestamp.txt").write_text("half past nine")


@story("broken")
def answers_file_is_damaged(draft: Draft) -> None:
    draft.folder.mkdir(parents=True, exist_ok=True)
    (draft.folder / "answers.json").write_bytes(b'{"factors_w11_12": ["x\xff')


@story("broken")
def files_have_the_names_of_modules(draft: Draft) -> None:
    draft.folder.mkdir(parents=True, exist_ok=True)
    for name in ("numpy.py", "random.py", "course_lib.py", "IPython.py", "collector.py", "encoding.py"):
        (draft.folder / name).write_text("raise ImportError('mine')")
