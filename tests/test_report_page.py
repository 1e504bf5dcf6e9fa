"""The page of a report in Chromium: small class and large, light and dark, on screen and on paper."""

from __future__ import annotations

import random
import re
from importlib import resources
from pathlib import Path

import pytest

from grading.report.command import PAGE, write
from grading.report.facts import facts_of
from tests.classes import made_up

pytestmark = [pytest.mark.soak, pytest.mark.browser]
TITLE = "Class report: Identify gradients"


@pytest.fixture(scope="module", params=[20, 1000])
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str]:
    """A report of a class of that size, whose students have names that would run."""
    out: Path = tmp_path_factory.mktemp("report")
    told = made_up(request.param, handed_in=request.param + 3)
    write([facts_of(told, {})], out, names=True, rng=random.Random(1))
    return request.param, (out / PAGE).as_uri()


@pytest.fixture(scope="module", params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser, address: tuple[int, str]):
    """The page, opened once: the tests follow each other, and the last one leaves it changed."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, color_scheme=request.param)
    context.route(re.compile("^(?!file:|data:)"), lambda route: route.abort())
    context.set_default_timeout(90_000)
    page = context.new_page()
    page.goto(address[1], wait_until="domcontentloaded")
    yield page
    context.close()


def test_what_to_do_on_monday_is_on_the_first_screen(page, address: tuple[int, str]) -> None:
    tiles = page.locator(".tile")
    assert tiles.count() == 5
    assert all(box["y"] + box["height"] <= 900 for box in (tile.bounding_box() for tile in tiles.all()))
    said = " ".join(tiles.first.inner_text().split())  # the big number stands on a line of its own
    assert f"{address[0]} of {address[0] + 3} hand-ins graded so far" in said
    assert page.locator(".talk li").count() == 3


def test_everyone_can_read_it(page, address: tuple[int, str]) -> None:
    if address[0] < 100:
        page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    page.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == []
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    pictures = page.locator("figure svg[role=img]")
    assert pictures.count() == 3
    assert all(len(picture.get_attribute("aria-label")) > 40 for picture in pictures.all())


def test_it_prints_dark_on_white(page) -> None:
    page.emulate_media(media="print")
    ink, paper = page.evaluate(
        "(s => [s.color, s.backgroundColor])(getComputedStyle(document.querySelector('.tile')))"
    )
    assert (ink, paper) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)")
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.emulate_media(media="screen")


def test_nothing_runs_and_nothing_is_wider_than_the_page(page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    for width in (420, 600, 900):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "document.title = 7777";
        document.body.append(script);
        document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='document.title = 7777'>");
    }""")
    page.wait_for_timeout(100)
    assert page.title() == TITLE
