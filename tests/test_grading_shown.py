"""What a submission put into its notebook runs in nobody's browser: neither in the formgrader nor in the feedback."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter

from course_lib.exercises import LESSONS
from tests.corpus import sampling
from tests.corpus.classroom import Classroom
from tests.corpus.making import Draft, Story
from tests.life import LESSON

pytestmark = [pytest.mark.sandbox, pytest.mark.browser, pytest.mark.sampled]
SEATS = [seat for seat in sampling.seats("hostile") if seat.startswith("scripts")]
RAN = "7777"
TITLE = re.compile("Identify gradients(, submission [0-9]+ of [0-9]+)?$")
PERSON, SIGNED = "zquill", "Zoe Quill"
POINTS = LESSONS[LESSON].points
# A figure is the grader's own drawing of a diagram; students' Markdown cannot make one.
# What would run, be fetched, or frame something, inside of the part that shows the submission.
ACTIVE = """() => [...document.querySelectorAll('#notebook-container *')].filter(e =>
    'SCRIPT IFRAME OBJECT EMBED FORM STYLE BASE META LINK'.split(' ').includes(e.tagName.toUpperCase())
    || (e.tagName.toUpperCase() == 'SVG' && !e.closest('figure, section[data-state]'))
    || [...e.attributes].some(a => a.name.startsWith('on'))
    || /^[\\s\\x00-\\x20]*j[\\s]*avascript/i.test(e.getAttribute('href') || '')
    || (e.tagName == 'IMG' && e.hasAttribute('src') && !e.closest('figure')
        && !/^data:image\\/(png|jpeg|gif);/.test(e.getAttribute('src')))
    ).map(e => e.outerHTML.slice(0, 200))"""
# What lies over something else.
COVERED = """() => [...document.querySelectorAll('#notebook-container *')].filter(e =>
    'fixed sticky'.includes(getComputedStyle(e).position)).map(e => e.outerHTML.slice(0, 200))"""
RAW_FORMULAS = """() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    while (texts.nextNode()) {
        const node = texts.currentNode;
        if (/\\$[^$]+\\$|\\\\(frac|partial|sum|begin|\\()/.test(node.data)
            && !node.parentElement.closest('code, pre, script, textarea')) found.push(node.data);
    }
    return found;
}"""


def _person(draft: Draft) -> None:
    """Answer everything, the essay too, and sign it."""
    draft.answer_all()
    draft.answer(
        "explain_w11_01",
        f"{SIGNED} thinks $\\partial E/\\partial w_{{11}}^{{(0,1)}}$ passes, and $$\\frac{{a}}{{b}}$$ but $\\frac{{a$.",
    )
    cell = next(cell for cell in draft.cells if cell["source"].startswith('NAME = "'))
    cell["source"] = cell["source"].replace('"self-study"', f'"{SIGNED}"')


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, released: Path) -> Classroom:
    room = Classroom(tmp_path_factory.mktemp("shown"), released)
    if sampling.WHOLE:  # by a command, by the formgrader's button, and for the feedback
        with (room.folder / "nbgrader_config.py").open("a") as config:
            config.write("c.Grading.workers = 2\n")
    for seat in SEATS:
        room.seat(seat, sampling.told("hostile", seat))
    room.seat(PERSON, Story(PERSON, _person, 0.0, ""))
    room.said = room.commands(["autograde", LESSON], ["generate_feedback", LESSON])
    return room


def _seat(name: str) -> str:
    return sampling.seat_of("hostile", name)


@pytest.fixture(scope="module")
def server(room: Classroom) -> Iterator[str]:
    """The formgrader, served in the course as an instructor would have it."""
    command = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root", "--port=0"]
    command += ["--IdentityProvider.token=", "--ServerApp.password=", "--ServerApp.disable_check_xsrf=True"]
    log = room.folder / "server.log"
    with log.open("w") as file:
        running = subprocess.Popen(
            command, cwd=room.folder, env=room._environment(), stdout=file, stderr=file
        )
    try:
        deadline = time.monotonic() + 60
        while not (found := re.search(r"http://(?:localhost|127\.0\.0\.1):(\d+)/", log.read_text())):
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        yield f"http://127.0.0.1:{found[1]}"
    finally:
        running.terminate()
        running.wait(20)


@pytest.fixture(scope="module")
def page(browser) -> Iterator:
    """A page that reaches nothing but what the tests serve."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.route(re.compile(r"^(?!http://127\.0\.0\.1:|file:|data:)"), lambda route: route.abort())
    # The first page of a server that a busy machine has just started.
    context.set_default_navigation_timeout(90_000)
    yield context.new_page()
    context.close()


def _nothing_ran(page: object, address: str) -> None:
    page.goto(address, wait_until="domcontentloaded")
    page.wait_for_timeout(300)
    for bait in page.query_selector_all("a.bait"):
        bait.evaluate("e => e.click()")
    assert TITLE.search(page.title())
    assert page.evaluate(ACTIVE) == []
    assert page.evaluate(COVERED) == []
    # Our cards are there, as cards.
    assert page.locator("#notebook-container section[data-state]").count() >= 9
    assert "border-left" in page.locator("section[data-state]").first.get_attribute("style")


@pytest.mark.promise(7)
@pytest.mark.parametrize("name", SEATS)
def test_nothing_runs_in_the_feedback(room: Classroom, page: object, name: str) -> None:
    _nothing_ran(page, _feedback(room, name))


def test_text_that_is_nested_too_deeply_is_shown_as_it_was_typed(room: Classroom, page: object) -> None:
    page.goto(_feedback(room, _seat("scripts_in_text_nested_a_thousand_times")))
    assert "<div>" * 1000 in page.locator("#notebook-container").text_content()


@pytest.mark.promise(7)
@pytest.mark.parametrize("name", SEATS)
def test_nothing_runs_in_the_formgrader(room: Classroom, server: str, page: object, name: str) -> None:
    _nothing_ran(page, _marking(room, server, name))


@pytest.mark.soak
def test_shown_by_nbconvert_as_it_is_it_would_run(room: Classroom, page: object, tmp_path: Path) -> None:
    told = nbformat.read(room.submitted / _seat("scripts_in_markdown") / LESSON / f"{LESSON}.ipynb", 4)
    told.cells = [cell for cell in told.cells if cell.cell_type == "markdown" and RAN in cell.source]
    (tmp_path / "plain.html").write_text(HTMLExporter().from_notebook_node(told)[0])
    page.goto((tmp_path / "plain.html").as_uri(), wait_until="domcontentloaded")
    page.wait_for_timeout(300)
    assert page.title() == RAN


def test_no_file_of_a_submission_is_served(room: Classroom, server: str) -> None:
    graded = room.folder / "grading" / "autograded" / PERSON / LESSON
    (graded / "notes.html").write_text("<script>document.title = 7777</script>")
    address = _marking(room, server, PERSON)
    for name in ("notes.html", f"{LESSON}.ipynb", "answers.json"):
        with contextlib.closing(_status(f"{address}{name}")) as answer:
            assert answer.code == 404


def _status(address: str) -> urllib.error.HTTPError:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(address, timeout=20)
    return refused.value


@pytest.fixture(scope="module", params=["feedback", "formgrader"])
def shown(request: pytest.FixtureRequest, room: Classroom, server: str, page: object) -> str:
    """Where a submission is shown in the page: the tests of one place follow each other, and go there once."""
    page.goto(_feedback(room, PERSON) if request.param == "feedback" else _marking(room, server, PERSON))
    return request.param


def test_no_script_is_there_but_the_formgraders_own(page: object, shown: str) -> None:
    sources = page.evaluate("[...document.scripts].map(e => e.getAttribute('src') || '')")
    assert [s for s in sources if s and not s.startswith("/formgrader/static/")] == []
    assert sources.count("") == (1 if shown == "formgrader" else 0)
    assert sources == [] or shown == "formgrader"


def test_formulas_are_set_without_the_internet(page: object, shown: str) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    assert page.evaluate(RAW_FORMULAS) == []
    formulas = page.locator("math")
    assert formulas.count() > 60
    assert all(
        box["width"] > 3 and box["height"] > 6 for box in (f.bounding_box() for f in formulas.all()[:20])
    )
    # What the student typed wrongly is there to be read.
    assert page.get_by_text("$\\frac{a$", exact=True).count() == 1


def test_no_script_that_gets_in_would_run(page: object, shown: str) -> None:
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "document.title = 7777";
        document.body.append(script);
        document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='document.title = 7777'>");
    }""")
    page.wait_for_timeout(100)
    assert TITLE.search(page.title())


def _is_accessible_and_in_its_place(page: object) -> None:
    page.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    for width in (900, 1600, 1200):
        page.set_viewport_size({"width": width, "height": 1000})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.documentElement.scrollHeight") < 9000
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] != "minor"] == []


def test_the_feedback_is_accessible_and_in_its_place(room: Classroom, page: object) -> None:
    page.goto(_feedback(room, PERSON))
    _is_accessible_and_in_its_place(page)


@pytest.mark.soak
def test_the_formgrader_is_accessible_and_in_its_place(room: Classroom, server: str, page: object) -> None:
    page.goto(_marking(room, server, PERSON))
    _is_accessible_and_in_its_place(page)


def test_exercises_have_names_and_what_is_not_marked_says_so(room: Classroom, page: object) -> None:
    page.goto(_feedback(room, PERSON))
    names = page.locator(".contents a").all_inner_texts()
    assert len(names) == len(set(names)) == len(LESSONS[LESSON].exercises)
    assert any("of the 2-2-1 network" in name and name.endswith("dE_dw11_12") for name in names)
    shown = page.locator("header#top").inner_text()
    assert f"{POINTS - 3:g} of {POINTS:g} points so far" in shown
    assert "Not final: 1 answer is still to be marked" in shown
    assert "not marked yet (3 points)" in shown
    assert "Rubric" not in page.content()
    assert SIGNED in page.content()


@pytest.mark.soak
def test_the_essay_stands_first_for_the_marker_with_its_rubric_and_without_a_name(
    room: Classroom, server: str, page: object
) -> None:
    page.goto(_marking(room, server, PERSON))
    first = page.locator(".nbgrader_cell").first
    assert first.get_attribute("id") == "at-explain_w11_01"
    assert "Rubric." in first.locator(".rubric").inner_text()
    assert not re.search(r"zoe|quill", page.locator("#notebook-container").inner_text(), re.IGNORECASE)
    assert "[name hidden]" in first.inner_text()
    assert page.locator(".bar").inner_text().count(PERSON) == 0
    page.click("#toggle-name")
    assert PERSON in page.locator(".bar").inner_text()


@pytest.mark.soak
def test_a_mark_and_a_comment_reach_the_gradebook_and_the_feedback(
    room: Classroom, server: str, page: object
) -> None:
    page.goto(_marking(room, server, PERSON))
    page.wait_for_function(
        "document.activeElement.id === 'explain_w11_01'"
    )  # nbgrader's script went to the essay
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    page.locator("#explain_w11_01-comment").fill("Nearly: $\\sum_k$ is missing.")
    with page.expect_response(lambda r: "/api/comment/" in r.url and r.request.method == "PUT"):
        page.locator("#explain_w11_01-comment").blur()
    room.commands(["generate_feedback", LESSON, f"--student={PERSON}", "--force"])
    page.goto(_feedback(room, PERSON))
    shown = page.locator("main").inner_text()
    assert f"{POINTS - 1:g} of {POINTS:g} points" in shown
    assert "so far" not in shown
    assert "Nearly:" in shown
    assert page.locator(".comment-shown math").count() == 1


@pytest.mark.promise(1)
@pytest.mark.parametrize("name", SEATS)
def test_what_is_shown_earns_what_it_answers(room: Classroom, name: str) -> None:
    assert room.totals()[name] == sampling.told("hostile", name).points


def test_the_terminal_sums_up_and_warns_of_nothing_that_is_not_ours(room: Classroom) -> None:
    assert f"Graded: {len(SEATS) + 1}. Graded before and not changed: 0. Failed: 0." in room.said
    assert "To be marked by a person: explain_w11_01" in room.said
    assert "SAWarning" not in room.said


@pytest.mark.soak
def test_the_button_of_the_formgrader_grades_in_the_sandbox(room: Classroom, server: str) -> None:
    before, name = room.grades(), _seat("scripts_on_its_card")
    with contextlib.closing(sqlite3.connect(room.folder / "grading" / "gradebook.db")) as book:
        book.execute("update grade set auto_score = 0.125")
    address = f"{server}/formgrader/api/submission/{LESSON}/{name}/autograde"
    with urllib.request.urlopen(urllib.request.Request(address, method="POST"), timeout=120) as answer:
        assert b'"success": true' in answer.read()
    own = [grade for grade in before if grade[0] == name]
    assert [grade for grade in room.grades() if grade[0] == name] == own
    assert room.graded(name)["metadata"]["grading"]["sandbox"] is True


def _feedback(room: Classroom, student: str) -> str:
    return (room.folder / "grading" / "feedback" / student / LESSON / f"{LESSON}.html").as_uri()


def _marking(room: Classroom, server: str, student: str) -> str:
    return f"{server}/formgrader/submissions/{_submission(room, student)}/"


def _submission(room: Classroom, student: str) -> str:
    query = """select submitted_notebook.id from submitted_notebook
               join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
               where submitted_assignment.student_id = ?"""
    with contextlib.closing(sqlite3.connect(room.folder / "grading" / "gradebook.db")) as book:
        return book.execute(query, (student,)).fetchone()[0]
