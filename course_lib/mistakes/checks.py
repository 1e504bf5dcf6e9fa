"""Mistakes in a gradient check: how the derivative is measured, which entries are compared, and with which bound."""

from functools import partial

from course_lib.mistakes.base import Mistake

# A check gives no numbers, only True or False.
_Seen = partial(Mistake, by_numbers=False)

MEASURED = "(E(w + h) − E(w − h)) / 2h"
MISTAKES = (
    _Seen(
        "nothing_passes",
        "no gradient passes, not even the right one",
        "one single weight. Print what is measured for it beside a difference of `loss` by hand: is the step "
        "small, does only this weight move? During this check S is another: `loss` shows that, an own "
        "`backprop` does not.",
        MEASURED,
    ),
    _Seen(
        "nothing_is_refused",
        "every gradient passes, whatever is in it",
        "the line that decides. Hand in gradients of zeros: on which line should False come out?",
    ),
    _Seen(
        "compared_with_backprop",
        "the numbers to compare with are not those that `loss` measures, but come from a formula or an S of its own",
        "where the numbers to compare with come from. During this check S is another: `loss` shows that, an "
        "own `backprop` does not.",
        MEASURED,
    ),
    _Seen(
        "one_sided_difference",
        "the derivative is measured to one side of the weight only, which is too coarse",
        "the two values of E in the difference. How far from the weight does each of them lie?",
        MEASURED,
    ),
    _Seen(
        "difference_turned",
        "what is measured has the wrong sign",
        "the order in the difference: which of the two values of E belongs to the larger weight?",
        MEASURED,
    ),
    _Seen(
        "difference_scaled",
        "what is measured is a multiple of the derivative, such as twice or half of it",
        "what the difference is divided by, and which E is measured. How far apart are the two weights?",
        MEASURED,
    ),
    _Seen(
        "verdict_turned",
        "right gradients are refused, and wrong ones pass",
        "the comparison that decides. Which of its two outcomes should give True?",
    ),
    _Seen(
        "sampled_entries",
        "only some of the entries are compared, so a wrong one is found by luck",
        "which entries are compared. One wrong entry in a large matrix is enough to make a gradient wrong.",
    ),
    _Seen(
        "returned_too_early",
        "only the first entry is compared",
        "how far the `return` is indented. True may be said only once all entries have been compared.",
    ),
    _Seen(
        "last_comparison_only",
        "only the last comparison counts; each one replaces what the others found",
        "what happens to the result of one comparison when the next one is made. A single False must stay.",
    ),
    _Seen(
        "one_matrix_only",
        "only one of the two matrices is compared",
        "the loop over the layers. Does it reach both of them before the function returns?",
    ),
    _Seen(
        "one_is_enough",
        "it is enough that some of the entries agree",
        "what has to agree before True is said: any entry, or all of them, in both matrices?",
    ),
    _Seen(
        "entries_left_out",
        "some entries are never compared",
        "where the loops begin and end, and what happens in them before the function returns.",
    ),
    _Seen(
        "sums_compared",
        "only sums are compared, so that errors of opposite sign cancel",
        "the order: first the size of each difference, then the sum or the largest of them.",
    ),
    _Seen(
        "norms_compared",
        "only norms are compared, so that entries may be exchanged or turned unseen",
        "the order: the difference of the two gradients comes first, its size afterwards.",
        "‖a − b‖ is not ‖a‖ − ‖b‖",
    ),
    _Seen(
        "direction_compared",
        "only the direction is compared, so that any multiple of the gradients passes",
        "what becomes of a gradient that is twice too long. An angle, or a cosine, does not see it.",
    ),
    _Seen(
        "difference_without_size",
        "the difference is compared with its sign, so that errors in one direction pass",
        "the difference of the two numbers. It may be far below zero; what has to be small is its size.",
        "|a − b| ≤ tolerance · |b|",
    ),
    _Seen(
        "signs_ignored",
        "only sizes are compared, so that a reversed sign passes",
        "where the absolute value is taken: of each number, or of their difference?",
    ),
    _Seen(
        "absolute_bound",
        "the bound is a fixed number, so that errors in small entries pass",
        "what the difference is compared with. An error of 0.1 % of a small entry is smaller "
        "than your bound (which `np.allclose` has, too: `atol`).",
        "|a − b| ≤ tolerance · |b|",
    ),
    _Seen(
        "bound_too_wide",
        "the bound is wider than the errors that are to be found",
        "the tolerance. How far off is a good measurement, and how small may an error be that it has to find?",
        "|a − b| ≤ tolerance · |b|",
    ),
)
