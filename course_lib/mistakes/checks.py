"""Mistakes in a gradient check: how the derivative is measured, which entries are compared, and with which bound."""

from course_lib.mistakes.base import Mistake

MEASURED = "(E(w + h) − E(w − h)) / 2h"
MISTAKES = (
    Mistake(
        "nothing_passes",
        "no gradient passes, not even the right one",
        "one single weight. Print what is measured for it, and compare it with a difference of `loss` that you take "
        "by hand: is the step small, and does only this weight move?",
        MEASURED,
    ),
    Mistake(
        "nothing_is_refused",
        "every gradient passes, whatever is in it",
        "the line that decides. Hand in gradients of zeros: on which line should False come out?",
    ),
    Mistake(
        "compared_with_backprop",
        "the gradients are compared with those of a formula, not with measured ones",
        "where the numbers to compare with come from. A mistake in the formula would be in both of them.",
        MEASURED,
    ),
    Mistake(
        "one_sided_difference",
        "the derivative is measured to one side of the weight only, which is too coarse",
        "the two values of E in the difference. How far from the weight does each of them lie?",
        MEASURED,
    ),
    Mistake(
        "sampled_entries",
        "only some of the entries are compared, so a wrong one is found by luck",
        "which entries are compared. One wrong entry in a large matrix is enough to make a gradient wrong.",
    ),
    Mistake(
        "returned_too_early",
        "only the first entry is compared",
        "how far the `return` is indented. True may be said only once all entries have been compared.",
    ),
    Mistake(
        "one_matrix_only",
        "only one of the two matrices is compared",
        "the loop over the layers. Does it reach both of them before the function returns?",
    ),
    Mistake(
        "one_is_enough",
        "it is enough that some of the entries agree",
        "what has to agree before True is said: any entry, or all of them, in both matrices?",
    ),
    Mistake(
        "entries_left_out",
        "some entries are never compared",
        "where the loops begin and end, and what happens in them before the function returns.",
    ),
    Mistake(
        "sums_compared",
        "only sums are compared, so that errors of opposite sign cancel",
        "the order: first the size of each difference, then the sum or the largest of them.",
    ),
    Mistake(
        "signs_ignored",
        "only sizes are compared, so that a reversed sign passes",
        "where the absolute value is taken: of each number, or of their difference?",
    ),
    Mistake(
        "absolute_bound",
        "the bound is a fixed number, so that errors in small entries pass",
        "what the difference is compared with. An error of 0.1 % of a small entry is smaller than your bound.",
        "|a − b| ≤ tolerance · |b|",
    ),
    Mistake(
        "bound_too_wide",
        "the bound is wider than the errors that are to be found",
        "the tolerance. How far off is a good measurement, and how small may an error be that it has to find?",
        "|a − b| ≤ tolerance · |b|",
    ),
)
