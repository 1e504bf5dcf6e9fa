"""The cards of a browser are those of JupyterLab, word for word; how long they take; what never ends is stopped."""

from __future__ import annotations

import contextlib
import io
import json

import pytest

from course_lib.exercises import LESSONS
from tests.mistakes_in_styles import MADE, source_with
from tests.notebook_cells import run_cell
from tests.site.visiting import open_lesson, said_by
from tests.styles import HEAD

# The same text runs here and in the browser: an answer with each mistake of the catalogue, and its card in words.
UNHURRIED = """
from course_lib.checking.calling import event_log
from course_lib.checking.judging import places
places.SECONDS = event_log.SECONDS = 20.0
"""
CARDS = """
import json
from course_lib import EXERCISES, check, closing
from course_lib.mistakes import Line

def moved(value):
    if not isinstance(value, Line):
        return value
    if isinstance(value.base, list):
        return [b - 0.37 * d for b, d in zip(value.base, value.direction)]
    return value.base - 0.37 * value.direction

def cards(lesson):
    found = {}
    for exercise in EXERCISES.values():
        if exercise.lesson != lesson or type(exercise).__name__ != "FunctionExercise":
            continue
        for name, recipes in exercise.mistakes.items():
            def wrong(*case, recipes=recipes):
                before, closing._closed = closing._closed, frozenset()  # a recipe may use what the exercise closes
                try:
                    return moved(next(iter(recipes(*case))))
                finally:
                    closing._closed = before
            found[f"{exercise.id} {name}"] = str(check(exercise.id, wrong))
    return found
"""
LOOPS = """
from course_lib import check
from course_lib.checking.calling import call
call.SECONDS = call.WALL_SECONDS = 1.0
import itertools
import numpy as np
def turning(*case):
    while True: pass
def computing(*case):
    while True: np.ones((3, 3)) @ np.ones((3, 3))
def catching(*case):
    while True:
        try: np.exp(np.ones(9))
        except BaseException: pass
def generating(*case): return any(n < 0 for n in itertools.count())
print(*(check("dE_dw11_12", answer).card.headline for answer in (turning, computing, catching, generating)), sep="\\n")
"""
TIMES = """
import json, statistics, time
from course_lib import check, forward
def right(W01, W12, X, D):
    net, y = forward([W01, W12], X)
    o = y[-1]
    return float((2 / len(X) * (o - D) * o * (1 - o) * y[1][:, :1]).sum())
def wrong(W01, W12, X, D):
    net, y = forward([W01, W12], X)
    return float((2 / len(X) * (y[-1] - D) * y[1][:, :1]).sum())
def took(answer):
    begun = time.perf_counter()
    check("dE_dw11_12", answer)._repr_html_()
    return time.perf_counter() - begun
print(json.dumps([statistics.median(took(answer) for _ in range(9)) for answer in (right, wrong)]))
"""


WRITTEN = """
import json
from course_lib import check
def cards_of(sources, run):
    found = []
    for source in sources:
        run(source)
        found.append(str(check("backprop", space["backprop"])))
    return found
"""


def said_here(code: str) -> str:
    """Run code in this process, and return what it prints."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        run_cell(code, {"__name__": "__main__"})
    return said.getvalue()


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_mistake_has_the_card_that_it_has_in_jupyterlab(lesson, address, visitor, no_hurry) -> None:
    asked = f"{CARDS}\nprint(json.dumps(cards({lesson!r})))".lstrip()
    here = json.loads(said_here(asked))
    open_lesson(visitor, address, "00_start_here")
    said_by(visitor, UNHURRIED)
    there = json.loads(said_by(visitor, asked))
    # Only the limits differ: everything takes longer there.
    there = {
        name: card.replace("32 seconds, and take 80", "8 seconds, and take 20")
        for name, card in there.items()
    }
    assert {name: card for name, card in there.items() if card != here[name]} == {}
    assert there.keys() == here.keys()


def test_what_is_wrong_in_a_text_is_pointed_at_as_in_jupyterlab(address, visitor, no_hurry) -> None:
    sources = [source_with(made) for made in MADE]
    space = {"__name__": "__main__"}
    run_cell(f"{HEAD}\n{WRITTEN}", space)
    space["space"] = space
    here = space["cards_of"](sources, lambda source: run_cell(source, space))
    open_lesson(visitor, address, "00_start_here")
    said_by(visitor, f"{HEAD}\n{WRITTEN}\nspace = globals()\n{UNHURRIED}")
    shown = said_by(visitor, f"print(json.dumps(cards_of({sources!r}, get_ipython().run_cell)))")
    there = json.loads(shown)
    assert [card for card in here if "Look at" in card]
    assert [pair for pair in zip(there, here, strict=True) if pair[0] != pair[1]] == []


def test_a_loop_that_never_ends_is_stopped(address, visitor) -> None:
    open_lesson(visitor, address, "03_identify_gradients")
    headlines = said_by(visitor, LOOPS).splitlines()
    assert len(headlines) == 4
    assert all(headline.endswith("it was stopped.") for headline in headlines), headlines


def test_a_check_and_a_diagnosis_are_soon_there(address, visitor, figure) -> None:
    open_lesson(visitor, address, "03_identify_gradients")
    right, wrong = json.loads(said_by(visitor, TIMES))
    figure(
        f"in a browser: a right answer takes {right * 1000:.0f} ms, a wrong one {wrong * 1000:.0f} ms (median)"
    )
    assert right <= 0.3
    assert wrong <= 1.0
