"""The hints of an exercise, as a card shows them: folded, each inside the one before."""

from course_lib.checking.cards.content import Fold
from course_lib.exercises import Exercise

STEPS = ("where to look", "which term", "a similar case")


def hint_folds(exercise: Exercise) -> tuple[Fold, ...]:
    """Return the fold of the first hint, with the others inside of it."""
    folds: tuple[Fold, ...] = ()
    elsewhere = f"the hints (`hint({exercise.id!r})`)"
    for number in range(len(exercise.hints), 0, -1):
        said = (("", exercise.hints[number - 1]),)
        folds = (Fold(f"hint {number}: {STEPS[number - 1]}", said, folds, elsewhere),)
    return folds
