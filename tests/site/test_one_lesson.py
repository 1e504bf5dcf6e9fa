"""The one visit of `make test`: the site is built, and a lesson of it is opened, run, solved, and answered wrongly."""

from __future__ import annotations

from grading.site.landing import EXAMPLES
from tests.site.test_cards import UNHURRIED, said_here
from tests.site.test_lessons import run_unanswered_and_solved
from tests.site.visiting import WHERE, said_by

LESSON = "03_identify_gradients"
(WRONG,) = (example for example in EXAMPLES if example.exercise == "dE_dw11_12")
CARD = f"""from course_lib import check, forward
{WRONG.answer}
verdict = check("dE_dw11_12", dE_dw11_12)
print(*verdict.diagnosis, verdict, verdict._repr_html_(), sep="\\n")"""


def test_a_lesson_of_the_site_runs_is_solved_and_names_a_mistake(address, visitor, no_hurry) -> None:
    run_unanswered_and_solved(visitor, address, LESSON)
    kept = [f"{LESSON}.ipynb", f"{LESSON}.zip", "answers.json"]
    assert said_by(visitor, WHERE) == f"/drive/{LESSON} {kept}"
    said_by(visitor, UNHURRIED)
    card = said_by(visitor, CARD)
    assert card.startswith("no_output_slope\n")
    assert "e = 2 / len(X) * (y[-1] - D)" in card
    assert card == said_here(CARD).strip()
