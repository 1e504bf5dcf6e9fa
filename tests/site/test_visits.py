"""A visit: what is loaded and from where, without a network the second time, and the page that is seen first."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.site.test_lessons import complaints
from tests.site.visiting import WHERE, open_lesson, run_all, said_by, serving, wait_for_kernel, wait_until


def test_a_visit_asks_nobody_but_its_own_host(address, visitor) -> None:
    asked = []
    visitor.context.on("request", lambda request: asked.append(request.url))
    visitor.goto(f"{address}/index.html")
    visitor.get_by_role("link", name="Open lesson 00, Start here").click()
    wait_for_kernel(visitor)
    run_all(visitor)
    hosts = {urlsplit(url).netloc for url in asked if urlsplit(url).scheme in ("http", "https", "ws", "wss")}
    assert hosts == {urlsplit(address).netloc}


def test_a_lesson_that_was_visited_runs_without_a_network(site, visitor) -> None:
    with serving(site) as address:
        visitor.goto(f"{address}/index.html")
        wait_until(visitor, "navigator.serviceWorker.controller !== null")
        open_lesson(visitor, address, "00_start_here")
        run_all(visitor)
    visitor.goto(f"{address}/index.html")
    visitor.get_by_role("link", name="Open lesson 00, Start here").click()
    wait_for_kernel(visitor)
    cells = run_all(visitor)
    assert complaints(cells) == []
    assert all(cell["count"] for cell in cells if cell["source"])


def test_a_lesson_opened_directly_is_kept_too(site, visitor) -> None:
    with serving(site) as address:
        open_lesson(visitor, address, "00_start_here")
        wait_until(visitor, "navigator.serviceWorker.controller !== null")
        wait_for_kernel(visitor)
        run_all(visitor)
    open_lesson(visitor, address, "00_start_here")
    assert complaints(run_all(visitor)) == []


def test_what_is_answered_is_kept_also_where_the_first_visit_is_slow(site, visitor) -> None:
    with serving(site, late={"/service-worker.js": 12}) as address:
        open_lesson(visitor, address, "00_start_here")
        assert said_by(visitor, WHERE).startswith("/drive/00_start_here ")


def test_the_first_check_is_answered_soon_from_a_cold_cache(address, visitor, figure) -> None:
    begun = time.monotonic()
    open_lesson(visitor, address, "00_start_here")
    there = time.monotonic() - begun
    said = said_by(
        visitor, "from course_lib import check\nprint(check('warm_up', lambda x: 2 * x).card.headline)"
    )
    took = time.monotonic() - begun
    figure(
        f"in a browser, from a cold cache: kernel after {there:.0f} s, first check answered after {took:.0f} s"
    )
    assert said
    assert took < 120  # 15 s on two idle cores


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280, 1600])
def test_the_first_page_on_every_screen(width, scheme, address, browser) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page, wrong = context.new_page(), []
    page.on(
        "console",
        lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{address}/index.html")
    page.get_by_text("Nothing is kept here yet").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert [(v["id"], v["nodes"][0]["html"]) for v in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.querySelector('.hero img').naturalWidth") > 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Go to the lessons"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert "Open lesson 00" in page.evaluate("document.activeElement.ariaLabel")
    context.close()
    assert wrong == []
