"""Mistakes that multiply a whole gradient by one number."""

from course_lib.mistakes.base import Mistake
from course_lib.mistakes.recipes import Recipe

MISTAKES = (
    Mistake(
        "no_factor_two",
        "the 2 is missing",
        "the derivative of a square. What comes down in front of (o − d) when (o − d)² is differentiated?",
        "∂E/∂o_nk = 2/N (o_nk − d_nk)",
        trace="every number is exactly half of what it should be",
        scale=True,
        gradients=(Recipe(scale=lambda N, K: 0.5),),
    ),
    Mistake(
        "wrong_sign",
        "the sign is reversed",
        "where a minus comes in: as d − o for o − d, or as the minus of the update. "
        "The slides print −∂E/∂w; what is asked for is ∂E/∂w.",
        "∂E/∂o_nk = 2/N (o_nk − d_nk)",
        trace="every number is exactly −1 times what it should be",
        scale=True,
        gradients=(Recipe(error=lambda o, d: d - o),),
    ),
    Mistake(
        "sum_over_samples",
        "the samples are summed instead of averaged",
        "the 1/N in front of E. Where does it go when E is differentiated?",
        "E = 1/N Σ_n Σ_k (o_nk − d_nk)²",
        trace="every number is too large by a factor of exactly N",
        scale=True,
        gradients=(Recipe(scale=lambda N, K: float(N)),),
    ),
    Mistake(
        "averaged_twice",
        "the mean over the samples is taken twice",
        "where you divide by N. It happens once in E, so it must happen once in the gradient.",
        "E = 1/N Σ_n Σ_k (o_nk − d_nk)²",
        trace="every number is too small by a factor of exactly N",
        scale=True,
        gradients=(Recipe(scale=lambda N, K: 1.0 / N),),
    ),
    Mistake(
        "two_n_twice",
        "the factor 2/N is multiplied in twice",
        "where 2/N comes in. It is in ∂E/∂o, and so it is in everything that ∂E/∂o is multiplied into.",
        "∂E/∂o_nk = 2/N (o_nk − d_nk)",
        trace="every number is off by a factor of exactly 2/N",
        scale=True,
        gradients=(Recipe(scale=lambda N, K: 2.0 / N),),
    ),
    Mistake(
        "averaged_over_outputs",
        "a mean is taken over the outputs as well",
        "the sum over k in E. It is a sum, not a mean (`np.mean` without an axis, or `.size`, divides by both).",
        "E = 1/N Σ_n Σ_k (o_nk − d_nk)²",
        trace="every number is too small by a factor of exactly K",
        scale=True,
        gradients=(Recipe(scale=lambda N, K: 1.0 / K),),
    ),
    Mistake(
        "rate_inside",
        "a constant factor, such as a learning rate, is multiplied in",
        "whether a learning rate has slipped in. The gradient does not depend on it; it belongs in the update.",
        "Δw = −learning rate · ∂E/∂w",
        scale=True,
        gradients=(),  # any constant that nothing else explains
    ),
)
