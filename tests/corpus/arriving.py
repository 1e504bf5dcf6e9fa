"""Stories of solved lessons in the shapes in which they really arrive: zips, copies, missing files, other cells.

Each begins with every answer right, those in diagrams in answers.json, as a student gives them. `arrives` says what a
fair person would give, and which exercises wait for a person.
"""

from __future__ import annotations

import base64
import copy
import io
import json
import zipfile
from collections.abc import Callable

from course_lib.exercises import LESSONS, DiagramExercise
from tests.corpus.making import FULL, LESSON, ROOT, STORIES, Draft, Story, make_cell
from tests.diagram_answers import FACTORS, chosen

BOOK = {"schema": "backprop-course/answers", "version": 1, "lesson": LESSON}
BOOK |= {"answers": {f"factors_{weight}": chosen(*names) for weight, names in FACTORS.items()}}
EXERCISES = [exercise for exercise in LESSONS[LESSON].exercises if exercise.points]
EVERY = frozenset(exercise.id for exercise in EXERCISES)
IN_DIAGRAMS = frozenset(exercise.id for exercise in EXERCISES if isinstance(exercise, DiagramExercise))
WORTH = {exercise.id: exercise.points for exercise in EXERCISES}
ESSAY = "explain_w11_01"
NAME, COPY = f"{LESSON}.ipynb", f"{LESSON}-Copy1.ipynb"
# The smallest picture: one pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def arrives(loses: float = 0.0, says: str = "", waits: frozenset[str] | set[str] = frozenset()) -> Callable:
    """Enter a story that loses so many points, of which the report says `says`, and whose `waits` wait."""

    def enter(tell: Callable[[Arrival], None]) -> Callable:
        assert tell.__name__ not in STORIES["arriving"], f"two stories are called {tell.__name__}"

        def begin(draft: Draft) -> None:
            tell(Arrival(draft))

        name = tell.__name__
        STORIES["arriving"][name] = Story(name, begin, FULL - loses, says, frozenset(waits))
        return tell

    return enter


class Arrival:
    """A solved lesson on its way: nothing lies in its folder but what a story puts there."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.folder = draft, draft.folder
        draft.answer_all()
        self.released = json.loads((ROOT / "notebooks" / LESSON / NAME).read_text())
        for cell in self.released["cells"]:
            cell["source"] = "".join(cell["source"])
        for name in IN_DIAGRAMS:
            draft.cell(name)["source"] = self.as_released(name)
        draft.filename = None
        draft.folder.mkdir(parents=True, exist_ok=True)

    def as_released(self, name: str) -> str:
        """Return the source of a cell before anybody worked on it."""
        marks = (cell for cell in self.released["cells"] if "nbgrader" in cell["metadata"])
        return next(cell["source"] for cell in marks if cell["metadata"]["nbgrader"]["grade_id"] == name)

    def shows(self, name: str, text: str) -> None:
        """Put HTML into the outputs of a cell, as a notebook saves it."""
        data = {"text/html": [text], "text/plain": ["[diagram]"]}
        self.draft.cell(name)["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]

    @property
    def solved(self) -> bytes:
        """The notebook as it is now."""
        return json.dumps(self.draft.notebook).encode()

    @property
    def untouched(self) -> bytes:
        """The notebook as it was released."""
        return json.dumps(self.released).encode()

    def put(self, files: dict[str, bytes]) -> None:
        """Write files into the folder of the submission."""
        for name, content in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_bytes(content)


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a zip as bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return made.getvalue()


def book(*without: str) -> bytes:
    """Return answers.json, the exercises named left out."""
    answers = {name: placed for name, placed in BOOK["answers"].items() if name not in without}
    return json.dumps(BOOK | {"answers": answers}).encode()


def svg() -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@arrives()
def just_as_asked(it: Arrival) -> None:
    it.put({NAME: it.solved, "answers.json": book()})


@arrives(says="was found at")
def zip_of_pack(it: Arrival) -> None:
    it.put({f"{LESSON}.zip": zipped({NAME: it.solved, "answers.json": book(), "receipt.json": b"{}"})})


@arrives(says="was found at")
def zip_in_a_zip_with_folders(it: Arrival) -> None:
    inner = zipped({f"home/{LESSON}/{NAME}": it.solved, f"home/{LESSON}/answers.json": book()})
    it.put({"homework.zip": zipped({"__MACOSX/._homework": b"x", "my homework/packed.zip": inner})})


@arrives(says="was found at")
def folder_deeper(it: Arrival) -> None:
    it.put({f"{LESSON}/{NAME}": it.solved, f"{LESSON}/answers.json": book(), "receipt.txt": b"ok"})


@arrives()
def zip_of_pack_beside_what_was_packed(it: Arrival) -> None:
    files = {NAME: it.solved, "answers.json": book()}
    it.put(files | {f"{LESSON}.zip": zipped(files)})


@arrives(says="was graded")
def answer_mended_after_pack(it: Arrival) -> None:
    before = copy.deepcopy(it.draft)
    before.cell("dE_dw11_12")["source"] = "def dE_dw11_12(W01, W12, X, D):\n    return 0.0"
    packed = zipped({NAME: json.dumps(before.notebook).encode(), "answers.json": book()})
    it.put({NAME: it.solved, "answers.json": book(), f"{LESSON}.zip": packed})


@arrives(says=f"'{COPY}' was, and is graded")
def copy_was_worked_on(it: Arrival) -> None:
    it.put({NAME: it.untouched, COPY: it.solved, "answers.json": book()})


@arrives(says="was, and is graded")
def download_was_worked_on(it: Arrival) -> None:
    it.put({NAME: it.untouched, f"{LESSON} (1).ipynb": it.solved, "answers.json": book()})


@arrives(says="was, and is graded")
def windows_copy_in_a_zip_was_worked_on(it: Arrival) -> None:
    files = {NAME: it.untouched, f"{LESSON} - Copy.ipynb": it.solved, "answers (1).json": book()}
    it.put({"hand-in.zip": zipped(files)})


@arrives(says="There is no notebook of the name asked for")
def notebook_was_saved_as_text(it: Arrival) -> None:
    it.put({f"{NAME}.txt": it.solved, "answers.json": book()})


DIFFER = {"dE_dw11_01", "dE_dw12_01", "dE_dw21_01"}


@arrives(loses=WORTH["dE_dw21_01"], says="Two different notebooks were worked on", waits=DIFFER)
def both_of_a_pair_were_worked_on(it: Arrival) -> None:
    other = copy.deepcopy(it.draft)
    for name in ("dE_dw11_01", "dE_dw12_01"):
        other.cell(name)["source"] = it.as_released(name)
    it.draft.cell("dE_dw21_01")["source"] = it.as_released("dE_dw21_01")
    it.put({NAME: json.dumps(other.notebook).encode(), COPY: it.solved, "answers.json": book()})


@arrives(says="was taken as answers.json")
def answers_file_was_downloaded_twice(it: Arrival) -> None:
    it.put({NAME: it.solved, "answers (1).json": book()})


@arrives(says="hold different answers", waits={"factors_w11_12"})
def two_answers_files_differ(it: Arrival) -> None:
    other = book(*IN_DIAGRAMS - {"factors_w11_12"}).replace(b"y_n1", b"y_n2")
    it.put({NAME: it.solved, "answers.json": other, "answers (1).json": book()})


@arrives(
    loses=sum(WORTH[name] for name in IN_DIAGRAMS),
    says="answers.json was not handed in",
    waits={"factors_w11_12", "factors_w11_01", "factors_w12_01"},
)
def platform_dropped_the_answers_file(it: Arrival) -> None:
    for cell in it.draft.cells:
        if cell["cell_type"] == "code" and not cell["source"].startswith(
            ('check("factors_', "# Answer by hand")
        ):
            cell["execution_count"] = 1
    it.shows("factors_w11_12", '<div class="bp-saved-picture" data-answered="yes">')
    it.shows("factors_w11_01", "")  # where no picture is saved
    it.shows("factors_w12_01_check", '<section data-state="partly">')
    it.shows("factors_w21_12", '<div class="bp-saved-picture" data-answered="no">')
    it.shows("factors_w21_01_check", '<section data-state="unanswered">')
    it.put({NAME: it.solved})


@arrives(
    loses=sum(WORTH[name] for name in IN_DIAGRAMS), says="answers.json was not handed in", waits=IN_DIAGRAMS
)
def platform_dropped_the_answers_file_and_the_outputs_were_cleared(it: Arrival) -> None:
    it.put({NAME: it.solved})


@arrives(says=f"The cell of {ESSAY} is empty", waits={ESSAY})
def essay_in_a_cell_of_its_own(it: Arrival) -> None:
    it.draft.last("Because every path from the weight to the error counts.", "markdown")
    it.put({NAME: it.solved, "answers.json": book()})


@arrives(says=f"The cell of {ESSAY} is empty", waits={ESSAY})
def essay_in_the_cell_below(it: Arrival) -> None:
    below = make_cell("Because every path from the weight to the error counts.")
    it.draft.cells.insert(it.draft.position(ESSAY) + 1, below)
    it.put({NAME: it.solved, "answers.json": book()})


@arrives(says="was missing", waits={ESSAY})
def essay_was_retyped_without_its_marks(it: Arrival) -> None:
    it.draft.cells[it.draft.position(ESSAY)] = make_cell("Because every path counts.", "markdown")
    it.put({NAME: it.solved, "answers.json": book()})


@arrives(says="The module seaborn_of_mine is not installed")
def missing_package_above_the_imports(it: Arrival) -> None:
    setup = next(cell for cell in it.draft.cells if cell["cell_type"] == "code")
    setup["source"] = "import seaborn_of_mine as sns\nsns.set_theme()\n" + setup["source"]
    it.put({NAME: it.solved, "answers.json": book()})


@arrives(loses=WORTH["dE_dw11_12"], says="The module seaborn_of_mine is not installed")
def answer_uses_a_missing_package(it: Arrival) -> None:
    it.draft.answer(
        "dE_dw11_12", "import seaborn_of_mine as sns\ndef dE_dw11_12(*a):\n    return sns.slope(*a)"
    )
    it.put({NAME: it.solved, "answers.json": book()})


@arrives(says="as things stood right behind its own cell")
def name_is_used_again_in_a_scratch_cell(it: Arrival) -> None:
    it.draft.cells.insert(it.draft.position("dE_dw11_01") + 1, make_cell("forward = 0.25\nprint(forward)"))
    it.draft.cells.insert(it.draft.position("dE_dw12_01"), make_cell("from course_lib import forward"))
    it.draft.last("forward = 0.25")
    it.put({NAME: it.solved, "answers.json": book()})


@arrives(loses=WORTH["dE_dw22_01"], says="as things stood right behind its own cell")
def name_is_used_again_and_another_answer_is_wrong(it: Arrival) -> None:
    it.draft.answer("dE_dw22_01", "def dE_dw22_01(W01, W12, X, D):\n    return 0.25")
    it.draft.last("dE_dw11_12 = dE_dw11_12(W01, W12, X, D)\nprinted_formula['factor'] = 'mine'")
    it.put({NAME: it.solved, "answers.json": book()})


@arrives(says="There is no notebook of the name asked for")
def only_a_download_with_a_number(it: Arrival) -> None:
    it.put({f"{LESSON} (1).ipynb": it.solved, "answers.json": book()})
    it.put({"timestamp.txt": b"2026-11-20 10:00:00.000000 UTC\n", "submission_secret.txt": b"s" * 64})


@arrives(says="The picture 'drawing.svg' is neither PNG nor JPEG", waits={ESSAY})
def pictures_beside_the_notebook(it: Arrival) -> None:
    text = "See ![my](my%20sketch.png), <img src='img/photo.jpg' width='300'> and ![this](drawing.svg)."
    it.draft.answer(ESSAY, text)
    files = {"my sketch.png": PNG, "img/photo.jpg": b"\xff\xd8\xff\xe0" + bytes(50), "drawing.svg": svg()}
    it.put({"all.zip": zipped({NAME: it.solved, "answers.json": book(), **files})})


@arrives(says="notes.html is neither Python nor plain data")
def page_with_a_script_beside_the_notebook(it: Arrival) -> None:
    it.put(
        {NAME: it.solved, "answers.json": book(), "data.csv": b"1,2\n", "notes.html": b"<script>1</script>"}
    )


NOT_DRAWN = EVERY - IN_DIAGRAMS


@arrives(loses=FULL - sum(WORTH[name] for name in IN_DIAGRAMS), says="was cut short", waits=NOT_DRAWN)
def notebook_was_cut_short_on_the_way(it: Arrival) -> None:
    it.put({NAME: it.solved[:9000], "answers.json": book()})


@arrives(says="was cut short")
def notebook_was_cut_short_and_a_copy_is_whole(it: Arrival) -> None:
    it.put({NAME: it.solved[:9000], COPY: it.solved, "answers.json": book()})


@arrives(loses=FULL, says="is missing", waits=EVERY)
def page_printed_as_pdf(it: Arrival) -> None:
    it.put({f"{LESSON}.pdf": b"%PDF-1.7"})


@arrives(loses=FULL, says="is packed too tightly", waits=EVERY)
def zip_that_grows_without_end(it: Arrival) -> None:
    it.put({"hand-in.zip": zipped({NAME: bytes(40 * 2**20)})})


@arrives(loses=FULL, says="has more than 500 entries", waits=EVERY)
def zip_of_a_thousand_files(it: Arrival) -> None:
    it.put({"hand-in.zip": zipped({NAME: it.solved, **{f"{n}.txt": b"" for n in range(1000)}})})


@arrives(says="was found at")
def zip_with_names_that_lead_elsewhere(it: Arrival) -> None:
    odd = {f"../../../../{NAME}": it.solved, "/etc/answers.json": book(), "..\\..\\evil.py": b"1/0"}
    it.put({"hand-in.zip": zipped(odd)})


@arrives(loses=FULL)
def nothing_was_worked_on(it: Arrival) -> None:
    it.put({NAME: it.untouched})
