"""Tracer, forward pass and sweep back under a hand: what a click itself changes is there at once."""

from __future__ import annotations

import statistics

import pytest

from tests.browser.interaction import press, reached, walk

pytestmark = pytest.mark.browser


def test_a_click_paints_at_once_and_python_answers(opened, figure):
    page, _ = opened("trace")
    times = page.evaluate(
        """async () => {
            const frame = () => new Promise(done => requestAnimationFrame(done));
            const edges = [...document.querySelectorAll('.bp-button.bp-edge')].slice(0, 12), own = [], all = [];
            for (const edge of edges) {
                await frame();
                const start = performance.now(), before = document.querySelector('.bp-panel').innerHTML;
                edge.click();
                own.push(performance.now() - start);
                if (edge.getAttribute('aria-pressed') !== 'true') throw new Error('not shown at once');
                while (document.querySelector('.bp-panel').innerHTML === before) await frame();
                all.push(performance.now() - start);
            }
            return [own, all];
        }"""
    )
    own, everything = (statistics.median(part) for part in times)
    figure(f"a click on a weight: painted in {own:.1f} ms, answered by Python in {everything:.1f} ms")


def test_numbers_flow_when_an_input_is_moved(opened):
    page, _ = opened("forward")
    page.locator("[data-place='input_1']").click()
    slider = page.locator(".bp-slider")
    before = page.locator("[data-place='output_1_output'] .bp-value").inner_text()
    slider.fill("-2")
    page.wait_for_function(
        "before => document.querySelector(\"[data-place='output_1_output'] .bp-value\").innerText !== before",
        arg=before,
    )
    assert page.locator("[data-place='input_1'] .bp-value").inner_text() == "−2.00"
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "document.querySelector(\"[data-place='input_1'] .bp-value\").innerText === '−1.95'"
    )
    press(page, "Back to the initial numbers")
    page.wait_for_function(
        "before => document.querySelector(\"[data-place='output_1_output'] .bp-value\").innerText === before",
        arg=before,
    )


def test_the_sweep_back_is_stepped_by_keys_alone(opened, figure):
    page, _ = opened("backward")
    delta = page.locator("[data-place='hidden_3_back']")
    page.locator(".bp-main").focus()
    for _ in range(8):
        page.keyboard.press("Enter")
    page.wait_for_selector("[aria-current][aria-label^='Step 8 of 10']")
    page.wait_for_function(
        "document.querySelector(\"[data-place='hidden_3_back'] .bp-value\").innerText === '−0.013'"
    )
    assert delta.get_attribute("aria-label") == "what comes back to hidden node 3: −0.013"
    page.locator("[data-place='input_1']").focus()
    walk(page, reached(page, ".bp-button:not(.bp-empty)"), "input_2_to_hidden_3")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.bp-panel').innerText.includes('finite difference')")
    page.keyboard.press("Escape")
    page.wait_for_function("!document.querySelector('.bp-panel').innerText.includes('finite difference')")
    times = page.evaluate(
        """async () => {
            const frame = () => new Promise(done => requestAnimationFrame(done)), own = [];
            for (const stop of document.querySelectorAll('.bp-stop')) {
                await frame();
                const start = performance.now();
                stop.click();
                own.push(performance.now() - start);
                if (stop.getAttribute('aria-current') !== 'step') throw new Error('not shown at once');
            }
            return own;
        }"""
    )
    figure(f"a step of the sweep back: painted in {statistics.median(times):.1f} ms")
    assert page.locator(".bp-pulse").count() == 0  # who asked for no motion sees none
    page.locator(".bp-stop").nth(5).click()
    page.emulate_media(reduced_motion="no-preference")
    page.locator(".bp-stop").nth(6).click()
    page.wait_for_function("document.querySelectorAll('.bp-pulse.bp-back').length === 8")
    page.emulate_media(reduced_motion="reduce")
