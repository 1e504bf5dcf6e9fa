"""Accessible, in its place, and the focus seen: in both themes and at both widths."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from course_lib import check
from course_lib.checking.cards.card_html import inline
from tests.browser.interaction import FACTORS, slot, tile
from tests.browser.jupyter import change_theme

pytestmark = pytest.mark.browser


SPILLED = """() => [...document.querySelectorAll('.bp')].flatMap(root => {
    const box = root.parentElement.getBoundingClientRect();
    const hidden = node => !node.getClientRects().length || node.closest('svg, math')
        || getComputedStyle(node).clipPath !== 'none';
    const spills = b => b.right > box.right + 1 || b.left < box.left - 1;
    return [...root.querySelectorAll('*')]
        .filter(node => !hidden(node) && spills(node.getBoundingClientRect()))
        .map(node => node.className);
})"""


# Code that goes on to the right of its cell.
SCROLLED = """() => [...document.querySelectorAll('.jp-CodeCell .cm-scroller')]
    .filter(node => node.scrollWidth > node.clientWidth + 1).map(node => node.innerText)"""


# Places whose words meet those of another, or reach out of their own place.
CROWDED = """() => [...document.querySelectorAll('.bp-board')].flatMap(board => {
    const places = [...board.querySelectorAll('.bp-place:not(.bp-empty)')].map(node => {
        const range = new Range();
        range.selectNodeContents(node);
        return [node, range.getBoundingClientRect(), node.getBoundingClientRect()];
    });
    const inner = box => ({left: box.left + 1, right: box.right - 1, top: box.top + 3, bottom: box.bottom - 3});
    const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    return places.flatMap(([node, words, own], n) => [
        ...places.slice(n + 1).filter(([, other]) => meet(inner(words), inner(other))).map(([other]) => other),
        ...(words.left < own.left - 1 || words.right > own.right + 1 ? [node] : []),
    ].map(other => [node.dataset.place, other.dataset.place]));
})"""


# Symbols that touch a line that ends at the same node, whatever its width, or another symbol, or leave their node.
TOUCHING = """() => [...document.querySelectorAll('.bp-board')].flatMap(board => {
    const whole = board.getBoundingClientRect();
    const drawn = [...board.querySelectorAll('.bp-place:not(.bp-slot, .bp-empty) math')]
        .filter(math => math.getClientRects().length)
        .map(math => [math.closest('.bp-place'), math.getBoundingClientRect()]);
    const lines = drawn.filter(([place]) => place.matches('.bp-edge'))
        .map(([{style}]) => [style.left, whole.top + parseFloat(style.top) / 100 * whole.height]);
    const nodes = [...board.querySelectorAll('rect.bp-node')].map(node => node.getBoundingClientRect());
    const close = ({top, bottom}, y) => Math.max(top - y, y - bottom) < 3;
    const across = (a, b) => a.left < b.right && b.left < a.right;
    const cut = (a, node) => across(a, node) && a.top < node.bottom && node.top < a.bottom
        && (a.top < node.top + 2 || a.bottom > node.bottom - 2);
    return drawn.filter(([place, box], n) =>
        place.matches('.bp-edge') && lines.some(([left, y]) => left === place.style.left && close(box, y))
        || place.matches('.bp-row') && nodes.some(node => cut(box, node))
        || drawn.some(([, b], m) => m !== n && across(box, b) && box.top < b.bottom && b.top < box.bottom)
    ).map(([place]) => place.dataset.place);
})"""


# Symbols whose upper indices reach the frame around them.
FRAMED = """() => [...document.querySelectorAll(
        '.bp-slot:not([data-shown=""]), .bp-tile, [data-mode="choose"] .bp-edge[data-lit]')]
    .flatMap(place => [...place.querySelectorAll('math')].filter(math => math.getClientRects().length)
        .map(math => [place, math.querySelector('msubsup, msup, mi, mn').getBoundingClientRect()]))
    .filter(([place, box]) => box.top < place.getBoundingClientRect().top + 2.5)
    .map(([place, box]) => [place.innerText, box.top - place.getBoundingClientRect().top])"""


def use(page, diagram, kind):
    """Do what fills every part of the diagram."""
    if kind == "fill":
        tile(diagram, "x_1").click()
        slot(diagram, "input_1").click()
    if kind == "choose":
        for name in (*FACTORS, "-1"):
            tile(diagram, name).click()
    if kind in ("fill", "choose"):
        diagram.locator(".bp-saved", has_text="Saved in answers.json").wait_for(state="attached")
        diagram.get_by_role("button", name="Check").click()
    if kind == "backward":
        diagram.get_by_role("button", name="Step 9 of 10").click()
        diagram.locator(".bp-changed").first.wait_for()
    if kind in ("trace", "backward"):
        diagram.locator("[data-place='input_2_to_hidden_3']").click()
    if kind == "forward":
        diagram.locator("[data-place='hidden_2_net']").click()
    diagram.locator(".bp-panel", has_text=re.compile(r"\S")).wait_for()


def unfold_by_keyboard(page):
    """Open what is folded into the card by Tab and Enter alone: the line, the formulas, each hint in the one before."""
    page.locator("section[data-state] summary").first.focus()
    opened = []
    while page.evaluate("document.activeElement.closest('section[data-state] details')"):
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            opened.append(page.evaluate("document.activeElement.textContent").partition(":")[0])
            page.keyboard.press("Enter")
            page.wait_for_function("document.activeElement.parentElement.open")
        page.keyboard.press("Tab")
    assert opened == ["what stands there", "hint 1", "hint 2", "hint 3", "in formulas"]


# How far below its last words a diagram ends; and where in it the network stands and what can be pressed.
BELOW = """kind => {
    const root = document.querySelector(`.bp[data-mode="${kind}"]`), panel = root.querySelector('.bp-panel');
    const last = panel.innerText.trim() ? panel.lastElementChild : panel.parentElement.querySelector('.bp-tools');
    return root.getBoundingClientRect().bottom - last.getBoundingClientRect().bottom;
}"""
PARTS = """() => [...document.querySelectorAll('.bp')].flatMap(root => {
    const {top, left} = root.getBoundingClientRect();
    return [...root.querySelectorAll('.bp-board, .bp-bank button, .bp-tool, .bp-slider')].flatMap(node => {
        const box = node.getBoundingClientRect();
        return [box.top - top, box.left - left];
    });
})"""
KINDS = ("fill", "choose", "trace", "forward", "backward")


def test_accessible_and_in_its_place_at_every_width_and_theme(opened):
    page, _ = opened("all")
    page.set_viewport_size({"width": 1600, "height": 4000})  # all of them in sight
    diagrams = [page.locator(".bp").nth(n) for n in range(len(KINDS))]
    below = [page.evaluate(BELOW, kind) for kind in KINDS]
    assert max(below) < 12  # no stretch is kept free for what is not there yet
    parts = page.evaluate(PARTS)
    for kind, diagram in zip(KINDS, diagrams, strict=True):
        use(page, diagram, kind)
    page.wait_for_timeout(300)
    assert page.evaluate(PARTS) == pytest.approx(parts, abs=1)  # nothing moved
    unfold_by_keyboard(page)
    page.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    for width, theme in ((1600, "Light"), (900, "Dark")):
        change_theme(page, f"JupyterLab {theme}")
        page.set_viewport_size({"width": width, "height": 4000})
        page.wait_for_timeout(500)
        assert page.evaluate(SPILLED) == []
        assert page.evaluate(SCROLLED) == []
        assert page.evaluate(CROWDED) == []
        assert page.evaluate(TOUCHING) == []
        assert page.evaluate(FRAMED) == []
        found = page.evaluate(
            "axe.run({include: [['.bp'], ['section[data-state]']]}, {resultTypes: ['violations']})"
        )["violations"]
        assert [
            (v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] in ("serious", "critical")
        ] == []
    change_theme(page, "JupyterLab Light")


def test_the_focus_can_be_seen(opened):
    page, _ = opened("fill")
    slot(page, "input_1").focus()
    page.keyboard.press("ArrowRight")
    outline = page.locator(":focus").evaluate("node => getComputedStyle(node).outline")
    assert "solid 3px" in outline


# What JupyterLab sets code in a card with.
CODE = "code {white-space: pre-wrap} :not(pre) > code {background: #eee; padding: 1px 5px}"
HANGING = """() => {
    document.querySelectorAll('details').forEach(details => details.open = true);
    const all = [...document.querySelectorAll(':not(pre) > code')];
    const beyond = code => Math.max(...[...code.getClientRects()].map(box => box.right))
        - code.parentElement.getBoundingClientRect().right;
    return [all.length, all.filter(code => beyond(code) > 0.5).map(code => code.innerText)];
}"""


def test_code_in_a_card_ends_where_the_card_does(browser):
    long = "W01" + "[0]" * 30
    cards = [check("dE_dw", lambda *case: 1.0)._repr_html_(), f"<p>{inline(f'as in `{long}`')}</p>"]
    page = browser.new_page()
    page.set_content(f"<style>{CODE}</style>{''.join(cards)}")
    for width in range(400, 900, 20):
        page.set_viewport_size({"width": width, "height": 900})
        count, hanging = page.evaluate(HANGING)
        assert count >= 3
        assert hanging == [], width
    page.close()
