"""JupyterLab as `make lab` starts it: the first lesson is on the screen, and nothing that is the instructor's."""

from __future__ import annotations

import json
import urllib.error

import pytest

from tests.browser.jupyter import LOG, TOKEN, ask

FIRST = "00_start_here/00_start_here.ipynb"


def test_the_course_is_served(lab):
    assert "<title>JupyterLab</title>" in ask(lab[0], f"/lab/tree/{FIRST}")
    notebook = json.loads(ask(lab[0], f"/api/contents/{FIRST}"))
    assert notebook["content"]["cells"]
    assert notebook["writable"]


def test_the_first_lesson_is_what_opens(lab):
    assert f"/lab/tree/{FIRST}?token=" in (lab[1] / LOG).read_text()


def test_its_kernels_are_those_of_this_environment(lab):
    kernels = json.loads(ask(lab[0], "/api/kernelspecs"))
    assert kernels["default"] == "python3"
    assert kernels["kernelspecs"]["python3"]["resources"]["logo-svg"]


def test_nobody_gets_in_without_the_token(lab):
    with pytest.raises(urllib.error.HTTPError, match="403"):
        ask(lab[0], "/api/contents", "a guess")


@pytest.mark.browser
def test_the_first_lesson_is_on_the_screen(lab, page):
    page.goto(f"{lab[0]}/lab/tree/{FIRST}?token={TOKEN}")
    heading = page.locator(".jp-Notebook .jp-RenderedHTMLCommon h1").first
    heading.wait_for(timeout=60_000)
    assert "Start here" in heading.inner_text()
    tools = ".jp-SideBar [title='Create Assignment'], .jp-SideBar :text('Create Assignment')"
    assert page.locator(tools).count() == 0, "the instructor's tools are offered to a learner"
