"""The card of an essay: what to do before it is written, and what a good answer has in it once it is."""

from course_lib.checking.cards.content import Card
from course_lib.exercises import Exercise

WRITE = "Write your own sentences into the cell above, save the notebook (Ctrl + S, or Cmd + S), and run this again."
MARKED = "In a class a person marks this."
TICK = f"{MARKED} On your own: read what you wrote, then tick what it has in it."


def card_of_essay(exercise: Exercise, is_written: bool) -> Card:
    """Return the card of an essay that is in the saved notebook, or is not there yet; a class has no rubric."""
    if not is_written:
        return Card("unanswered", "nothing is written yet, or not saved.", (WRITE,), title=exercise.heading)
    ticks = (f"☐ {point}" for point in exercise.rubric)
    return Card(
        "manual",
        "your answer is saved.",
        (TICK if exercise.rubric else MARKED, *ticks),
        title=exercise.heading,
    )
