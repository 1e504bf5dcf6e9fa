"""What a submission put into its notebook runs in nobody's browser: neither in the formgrader nor in the feedback."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbconvert import HTMLExporter

from tests.corpus import sampling
from tests.corpus.classroom import Classroom
from tests.life import LESSON

pytestmark = [pytest.mark.sandbox, pytest.mark.browser, pytest.mark.sampled]
SEATS = [seat for seat in sampling.seats("hostile") if seat.startswith("scripts")]
RAN = "7777"
# A figure is the grader's own drawing of a diagram; students' Markdown cannot make one.
# What would run, or be fetched, or lie over the page, inside of the part that shows the submission.
ACTIVE = """() => [...document.querySelectorAll('#notebook-container *')].filter(e =>
    'SCRIPT IFRAME OBJECT EMBED SVG FORM STYLE BASE META LINK'.split(' ').includes(e.tagName.toUpperCase())
    || [...e.attributes].some(a => a.name.startsWith('on') && !e.closest('.nbgrader_cell .panel-heading'))
    || /^[\\s\\x00-\\x20]*j[\\s]*avascript/i.test(e.getAttribute('href') || '')
    || (e.tagName == 'IMG' && !e.closest('figure')
        && e.hasAttribute('src') && !/^data:image\\/(png|jpeg|gif);/.test(e.getAttribute('src')))
    ).map(e => e.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, released: Path) -> Classroom:
    room = Classroom(tmp_path_factory.mktemp("shown"), released)
    for seat in SEATS:
        room.seat(seat, sampling.told("hostile", seat))
    room.commands(["autograde", LESSON], ["generate_feedback", LESSON])
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
    page = browser.new_page()
    yield page
    page.close()


def _nothing_ran(page: object, address: str) -> None:
    page.goto(address, wait_until="domcontentloaded")
    page.wait_for_timeout(300)
    for bait in page.query_selector_all("a.bait"):
        bait.evaluate("e => e.click()")
    assert page.title() != RAN
    assert page.evaluate(ACTIVE) == []
    assert (
        page.locator("#notebook-container section[aria-label]").count() >= 9
    )  # our cards are there, as cards
    assert "border-left" in page.locator("section[aria-label]").first.get_attribute("style")


@pytest.mark.promise(7)
@pytest.mark.parametrize("name", SEATS)
def test_nothing_runs_in_the_feedback(room: Classroom, page: object, name: str) -> None:
    path = room.folder / "grading" / "feedback" / name / LESSON / f"{LESSON}.html"
    _nothing_ran(page, path.as_uri())


@pytest.mark.promise(7)
@pytest.mark.parametrize("name", SEATS)
def test_nothing_runs_in_the_formgrader(room: Classroom, server: str, page: object, name: str) -> None:
    _nothing_ran(page, f"{server}/formgrader/submissions/{_submission(room, name)}/")


def test_shown_by_nbconvert_as_it_is_it_would_run(room: Classroom, page: object, tmp_path: Path) -> None:
    submitted = room.submitted / _seat("scripts_in_markdown") / LESSON / f"{LESSON}.ipynb"
    (tmp_path / "plain.html").write_text(HTMLExporter().from_filename(str(submitted))[0])
    page.goto((tmp_path / "plain.html").as_uri(), wait_until="domcontentloaded")
    page.wait_for_timeout(300)
    assert page.title() == RAN


def test_no_formula_carries_a_link(room: Classroom) -> None:
    for name in ("scripts_in_formulas", "scripts_on_its_card"):
        path = room.folder / "grading" / "feedback" / _seat(name) / LESSON / f"{LESSON}.html"
        outside_code = re.sub(r"<pre.*?</pre>", "", path.read_text(), flags=re.DOTALL)
        assert "\\href" not in outside_code


def test_the_button_of_the_formgrader_grades_in_the_sandbox(room: Classroom, server: str) -> None:
    before, name = room.grades(), _seat("scripts_on_its_card")
    with sqlite3.connect(room.folder / "grading" / "gradebook.db") as book:
        book.execute("update grade set auto_score = 0.125")
    address = f"{server}/formgrader/api/submission/{LESSON}/{name}/autograde"
    with urllib.request.urlopen(urllib.request.Request(address, method="POST"), timeout=120) as answer:
        assert b'"success": true' in answer.read()
    own = [grade for grade in before if grade[0] == name]
    assert [grade for grade in room.grades() if grade[0] == name] == own
    assert room.graded(name)["metadata"]["grading"]["sandbox"] is True


def _submission(room: Classroom, student: str) -> str:
    query = """select submitted_notebook.id from submitted_notebook
               join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
               where submitted_assignment.student_id = ?"""
    with sqlite3.connect(room.folder / "grading" / "gradebook.db") as book:
        return book.execute(query, (student,)).fetchone()[0]
