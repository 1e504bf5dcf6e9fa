"""A lesson on a real JupyterHub, by browser: fetched, answered, handed in, graded, given back, in nbgrader's panels."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests import hub as hubs
from tests import panels
from tests.conftest import REMEDY, lacking
from tests.hub import INSTRUCTOR, Hub

LESSON, EXERCISE = "01_gradient_descent", "two_basins"
ANN, BEN = STUDENTS = tuple(student.name for student in hubs.STUDENTS)
# What each student types into the cell; the second is not right.
TYPED = {
    ANN: ("def two_basins():", "    return (-1.0, -1.0), (1.0, 1.0)"),
    BEN: ("def two_basins():", "    return (1.0, 1.0), (1.0, 1.0)"),
}
Said = dict[str, dict[str, str]]
FORMGRADER = "/services/backprop/formgrader"
IN_A_KERNEL = """async code => {
    const kernel = await window.jupyterapp.serviceManager.kernels.startNew({name: 'python3'});
    let said = '';
    const asked = kernel.requestExecute({code});
    asked.onIOPub = message => { said += message.content.text ?? message.content.evalue ?? ''; };
    await asked.done;
    await kernel.shutdown();
    return said;
}"""
# What a student's code can do in a server of their own: files, modules, and requests with the token that it has.
TRY = """
import importlib.util, json, os, urllib.error, urllib.request
import course_lib

def able(path):
    try:
        os.listdir(path) if os.path.isdir(path) else open(path, "rb").close()
        return True
    except FileNotFoundError:
        return "not there"
    except OSError:
        return False

def answer(address):
    token = os.environ["JUPYTERHUB_API_TOKEN"]
    asked = urllib.request.Request(address, headers={"Authorization": f"token {token}"})
    try:
        return urllib.request.urlopen(asked, timeout=60).status
    except urllib.error.HTTPError as error:
        return error.code

print(json.dumps({
    "read": {path: able(path) for path in PATHS},
    "answers": [answer(address) for address in ADDRESSES],
    "course": course_lib.__file__,
    "grader": importlib.util.find_spec("grading") is not None,
    "account": os.getuid(),
}))
"""


def on_a_hub(test: object) -> object:
    """Mark a test that needs the hub, and people in front of it."""
    return pytest.mark.soak(pytest.mark.browser(pytest.mark.sandbox(test)))


@pytest.fixture(scope="module")
def hub(released: Path) -> Iterator[Hub]:
    """A hub that runs."""
    if not hubs.there():
        lacking("hub")
    if os.geteuid() != 0:
        pytest.skip(REMEDY["accounts"])
    with tempfile.TemporaryDirectory(prefix="hub-", dir="/tmp") as base:
        Path(base).chmod(0o755)
        hub = Hub(Path(base), released)
        with hub.running():
            yield hub


def _lab(hub: Hub, page: Page, student: str, notebook: str = "") -> None:
    """Open JupyterLab in a student's own server, which is started if need be, on a notebook or on nothing."""
    path = f"/tree/{notebook}" if notebook else ""
    page.goto(f"{hub.address}/hub/user-redirect/lab")
    page.wait_for_url(f"**/user/{student}/lab*")
    panels.open_lab(page, f"{hub.address}/user/{student}/lab{path}?reset")


def _hand_in(hub: Hub, browser: Browser, student: str) -> dict[str, str]:
    """Fetch, answer, validate and submit as one student; return what was said."""
    with hub.signed_in(browser, student) as page:
        _lab(hub, page, student)
        panels.open_assignments(page)
        panels.press(page, "released", LESSON, "Fetch")
        panels.row(page, "fetched", LESSON).wait_for()
        panels.shoot(page, f"{student}-fetched")
        assert page.locator(panels.CREATE).count() == 0
        assert page.get_by_text("Jupyter news").count() == 0
        _lab(hub, page, student, f"{LESSON}/{LESSON}.ipynb")
        card = panels.answer(page, EXERCISE, TYPED[student]).get_attribute("aria-label")
        panels.shoot(page, f"{student}-card")
        validated = panels.validate(page)
        panels.open_assignments(page)
        panels.press(page, "fetched", LESSON, "Submit")
        panels.row(page, "submitted", LESSON).wait_for()
        panels.shoot(page, f"{student}-submitted")
        return {"card": card, "validated": validated}


def _press(page: Page, hub: Hub, column: str) -> None:
    """Press what stands in a column of the Formgrader for the lesson, and wait until it is said to have been done."""
    page.goto(f"{hub.address}{FORMGRADER}/manage_assignments")
    row = page.locator("table tbody tr").filter(has_text=LESSON).first
    row.locator(f"td.{column} a").first.click()
    _done(page)


def _done(page: Page) -> None:
    shown = page.locator(".modal.in, .modal.show").first
    shown.wait_for()
    assert shown.get_attribute("id") == "success-modal", shown.inner_text()


def _graded(hub: Hub, page: Page) -> None:
    """Collect by the Formgrader, grade one student by its button and all by the command, and give it back."""
    _press(page, hub, "collect")
    page.goto(f"{hub.address}{FORMGRADER}/manage_submissions/{LESSON}")
    row = page.locator("table tbody tr").filter(has_text=ANN).first
    row.locator("td.autograde a").click()
    _done(page)
    panels.shoot(page, "autograded")
    hub.grade("-m", "grading", "autograde", LESSON)
    _press(page, hub, "generate-feedback")
    _press(page, hub, "release-feedback")
    page.goto(f"{hub.address}{FORMGRADER}/gradebook/{LESSON}")
    page.locator("table tbody a").filter(has_text=LESSON).first.wait_for()
    panels.shoot(page, "gradebook")


def _feedback(hub: Hub, browser: Browser, student: str) -> str:
    """Fetch the feedback and read it in JupyterLab, as a student."""
    with hub.signed_in(browser, student) as page:
        _lab(hub, page, student)
        panels.open_assignments(page)
        panels.press(page, "submitted", LESSON, "Fetch Feedback")
        return panels.read_feedback(page, LESSON, EXERCISE)


@pytest.fixture(scope="module")
def term(hub: Hub, browser: Browser) -> Said:
    """What was said to each student in the course of a lesson."""
    with hub.signed_in(browser, INSTRUCTOR.name) as page:
        _press(page, hub, "release")
        panels.shoot(page, "released")
        said = {student: _hand_in(hub, browser, student) for student in STUDENTS}
        _graded(hub, page)
    for student in STUDENTS:
        said[student]["feedback"] = _feedback(hub, browser, student)
    return said


@on_a_hub
def test_the_card_in_the_notebook_and_in_the_feedback_say_the_same(term: Said) -> None:
    assert term[ANN]["card"] == term[ANN]["feedback"] == f"{EXERCISE}: Right"
    assert term[BEN]["card"] == term[BEN]["feedback"] == f"{EXERCISE}: Not yet right"


@on_a_hub
def test_validate_names_what_is_not_answered_and_what_is_wrong(term: Said) -> None:
    for student in STUDENTS:
        assert "not answered yet" in term[student]["validated"]
    assert f'check("{EXERCISE}"' not in term[ANN]["validated"]
    assert f'check("{EXERCISE}"' in term[BEN]["validated"]


@on_a_hub
def test_the_gradebook_has_the_points_of_what_was_typed(hub: Hub, term: Said) -> None:
    with hub.course.gradebook() as book:
        scores = {
            student: {
                grade.name: grade.auto_score
                for grade in book.find_submission_notebook(LESSON, LESSON, student).grades
            }
            for student in STUDENTS
        }
    points = scores[ANN].pop(f"{EXERCISE}_check")
    assert points > 0
    assert scores[BEN].pop(f"{EXERCISE}_check") == 0
    assert {*scores[ANN].values(), *scores[BEN].values()} <= {0.0, None}


@on_a_hub
def test_a_hand_in_belongs_to_its_student(hub: Hub, term: Said) -> None:
    numbers = {student.name: student.number for student in hubs.STUDENTS}
    inbound = hub.course.folder / "grading" / "exchange" / "backprop" / "inbound"
    assert {path.name.partition("+")[0]: path.stat().st_uid for path in inbound.iterdir()} == numbers


@on_a_hub
def test_no_student_opens_the_graders_server(hub: Hub, browser: Browser, term: Said) -> None:
    for student in STUDENTS:
        with hub.signed_in(browser, student) as page:
            for path in (f"{FORMGRADER}/manage_assignments", "/services/backprop/lab"):
                assert page.goto(f"{hub.address}{path}").status == 403
                assert LESSON not in page.content()
            assert page.goto(f"{hub.address}/user/{student}/formgrader").status == 404


@on_a_hub
def test_a_students_own_code_reaches_what_is_the_students_alone(
    hub: Hub, browser: Browser, term: Said
) -> None:
    grading = hub.course.folder / "grading"
    exchange = grading / "exchange" / "backprop"
    closed = [
        *(grading / name for name in ("gradebook.db", "secret", "submitted", "autograded", "feedback")),
        *(exchange / "inbound", exchange / "feedback", hub.course.folder / "solutions"),
        *(hub.home(BEN), hub.home(hubs.GRADER.name), hub.state, hub.state / "jupyterhub.sqlite"),
    ]
    opened = [exchange / "outbound" / LESSON / f"{LESSON}.ipynb", hub.home(ANN) / LESSON]
    graders = [f"{base}/services/backprop/api/contents" for base in (hub.service, hub.address)]
    addresses = [*graders, f"{hub.address}/user/{BEN}/api/contents", f"{hub.address}/hub/api/users"]
    own = f"{hub.address}/user/{ANN}/api/contents"
    code = f"PATHS = {[str(path) for path in (*closed, *opened)]!r}\nADDRESSES = {[*addresses, own]!r}\n{TRY}"
    with hub.signed_in(browser, ANN) as page:
        _lab(hub, page, ANN)
        found = json.loads(page.evaluate(IN_A_KERNEL, code))
    assert found["account"] == hubs.STUDENTS[0].number
    assert found["read"] == {str(path): path in opened for path in (*closed, *opened)}
    assert found["answers"] == [403] * len(addresses) + [200]
    # Not the checkout, and no grader.
    assert Path(found["course"]).is_relative_to(hub.users)
    assert not found["grader"]


@on_a_hub
def test_the_users_environment_has_no_solution(hub: Hub) -> None:
    lessons = [p for p in hub.users.rglob("*.ipynb") if p.stem == LESSON]
    assert lessons
    assert [p for p in lessons if "BEGIN SOLUTION" in p.read_text(encoding="utf-8")] == []


def test_students_have_the_same_tools_on_a_hub_as_at_home(root: Path) -> None:
    at_home = json.loads((root / "course_lib" / "lab_settings" / "page_config.json").read_text())
    on_the_hub = json.loads((hubs.EXAMPLE / "users" / "labconfig" / "page_config.json").read_text())
    assert on_the_hub["disabledExtensions"] == dict.fromkeys(at_home["disabledExtensions"], True)


def test_the_places_of_the_example_are_those_of_its_page() -> None:
    said = hubs.PAGE.read_text(encoding="utf-8")
    config = (hubs.EXAMPLE / "jupyterhub_config.py").read_text(encoding="utf-8")
    of_users = (hubs.EXAMPLE / "users" / "nbgrader_config.py").read_text(encoding="utf-8")
    for place in ("/srv/backprop", "/opt/users", "grader-backprop", "formgrade-"):
        assert place in said
        assert place in config
    assert 'root = "/srv/backprop/grading/exchange"' in of_users
