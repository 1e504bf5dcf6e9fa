"""The hints of lesson 05: where to look, which term, a similar case worked out."""

HINTS = {
    "saturated_beyond": (
        "S′ falls on both sides of 0, from 1/4. So there is one positive z with S′(z) = t.",
        "Write s for S(z). Then s (1 − s) = t is a quadratic equation for s. Its larger root belongs to the "
        "positive z, and z = ln(s / (1 − s)) undoes S.",
        "A similar case: where does S itself reach 0.9? From S(z) = s follows e^−z = (1 − s)/s, so z = ln(s/(1 − s)) = "
        "ln 9, about 2.2.",
    ),
    "slopes": (
        "Look at the picture of the three functions. How steep is each far to the left, at 1, far to the right?",
        "relu and leaky relu are two straight lines each: their slopes are two constants, chosen by the sign of z "
        "(`np.where`). The slope of tanh can be written with tanh alone.",
        "A similar case: |z| has the slope −1 on the left and 1 on the right, `np.where(z > 0, 1.0, -1.0)`. And by the "
        "quotient rule, (sinh/cosh)′ = (cosh² − sinh²)/cosh²; divide out.",
    ),
    "layer_norms": (
        "`gradients` gives a list with one array for each layer. One number for each of them is wanted.",
        "Square every entry of the layer, add all of them, take the root; `np.linalg.norm` of a matrix does just that. "
        "Pass the activation on to `gradients`.",
        "A similar case: the largest entry of each layer would be `np.array([np.abs(g).max() for g in ...])`.",
    ),
    "rescue": (
        "Use the cell above the exercise: it plots the norm of every layer for any activation and any scale.",
        "Each layer on the way back multiplies by its weights and by a slope. What is the largest slope of each of the "
        "three activations? What must the weights then do?",
        "A similar case: with five layers, a slope of 1/2 and weights that double what passes, 5 times 1/2 · 2 leaves "
        "everything as it was.",
    ),
    "shrink_bound": (
        "From the last delta back to the first: which matrices lie on the way?",
        "Each of them lengthens a vector by at most its largest stretch, `np.linalg.norm(W, 2)`, and the slope that "
        "follows multiplies every entry by at most 1/4. The first matrix, W^(0,1), lies before the first delta.",
        "A similar case: two matrices that stretch by at most 2 and 3, with tanh, whose slope is at most 1, give the "
        "bound 2 · 1 · 3 · 1 = 6.",
    ),
    "clip_by_global_norm": (
        "One norm, one factor, for all layers together. And when is there nothing to do?",
        "The norm is the root of the sum of the squares of all entries of all layers. If it is above max_norm, every "
        "array is multiplied by max_norm / norm; if not, all are returned unchanged.",
        "A similar case: the arrays [3, 0] and [4] have the common norm √(9 + 16) = 5. With max_norm 1 they become "
        "[0.6, 0] and [0.8], whose norm is 1.",
    ),
    "clip_what": (
        "One of the two leaves the direction alone. The cosine asked for belongs to the other one.",
        "Compute both gradients, put each into one long vector (`np.concatenate` of the `ravel()` of its layers), and "
        "divide their dot product by both norms.",
        "A similar case: (1, 0) and (1, 1) have the dot product 1 and the norms 1 and √2, so the cosine is 0.7071.",
    ),
    "decayed_gradients": (
        "The derivative of a sum is the sum of the derivatives. `gradients` gives you the first part.",
        "The second part is weight_decay times the sum of all w². Differentiated with respect to one w, only one term "
        "of that sum remains. No sample appears in it.",
        "A similar case: of E + c Σ w⁴ the second part gives 4 c w³ for each weight, and so `g + 4 * c * W**3`.",
    ),
}
