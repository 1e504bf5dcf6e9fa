"""The hints of lesson 04: where to look, which term, a similar case worked out."""

HINTS = {
    "output_delta": (
        "From E back to net_nk^(1,2) there are two arrows: E to o_nk, and o_nk to its net input.",
        "Three factors: 2/N from the mean of squares, o_nk − d_nk, and the slope of S, which you can get from o_nk "
        "itself: S′(net) = o (1 − o). Entry by entry, no sum.",
        "A similar case: were S the identity, the slope would be 1, and the delta 2/N (o_nk − d_nk).",
    ),
    "gradient_W12": (
        "w_jk^(1,2) sits between y_nj^(1) and net_nk^(1,2). Each sample adds one product.",
        "Sum over n of y_nj^(1) times the delta of output k. In matrices: rows must become j, columns k, and n must "
        "disappear. Which of the two factors has to be transposed?",
        "A similar case: for three numbers a_n and three numbers b_n, Σ_n a_n b_n is `a @ b`. With a column of a for "
        "every j and a column of b for every k it is `A.T @ B`.",
    ),
    "hidden_delta": (
        "Hidden node j feeds every output k. What comes back to it along each line?",
        "Along the line to k comes the delta of k times w_jk^(1,2). Sum over k, then multiply by the slope of the "
        "hidden node, y (1 − y). The 2/N is already in delta_o.",
        "A similar case: one hidden node with two lines of weights 3 and −1, to outputs with the deltas 0.2 and 0.5, "
        "gets back 3 · 0.2 − 1 · 0.5 = 0.1, before its own slope.",
    ),
    "gradient_W01": (
        "w_ij^(0,1) sits between x_ni and net_nj^(0,1). It is `gradient_W12` again, one layer to the left.",
        "What entered the layer, times the delta of the layer, summed over n. What enters layer 1 is X.",
        "A similar case: dE/dW^(1,2) is what entered its layer, y, and the delta of that layer. Every layer of every "
        "network is the same product with other names.",
    ),
    "backprop": (
        "Nothing new: forward, the delta at the end, back through W12, and two products.",
        "Return the two gradients in the order of the weights, [dW01, dW12]. W12 is used as it is: nothing is updated "
        "in between.",
        "A similar case: with three matrices there would be one more delta, made from the one after it in the same "
        "way, and one more product.",
    ),
    "update": (
        "Which sign? A derivative above zero means: more of this weight, more error.",
        "New W = W − learning_rate · gradient, for both matrices, into a new list. `W -= ...` would change the "
        "caller's weights.",
        "A similar case: the weight 0.8 with the derivative −0.5 and the rate 0.1 becomes 0.85: E falls when it grows.",
    ),
    "gradient_check": (
        "Measure dE/dw for every entry of both matrices, and compare entry by entry.",
        "A difference quotient is right to about nine digits, and the mistakes are 0.1 % or more of their entry. A "
        "tolerance relative to the entry, somewhere in between, tells them apart. One tolerance for all entries, "
        "taken from the largest, may miss a small one.",
        "A similar case: for one number, measured 0.0400001 and claimed 0.04004: they differ by 0.1 % of 0.04, which "
        "is 0.00004, far above the error of the measurement.",
    ),
    "training": (
        "The loss is recorded before the first step and after each one: steps + 1 numbers.",
        "In each step: gradients from your `backprop`, all of them at the same weights, then `update`. Start from "
        "copies, or let `update` make new arrays.",
        "A similar case: descend in lesson 01 does the same with a point x and returns the whole path; here only the "
        "losses and the last weights are kept.",
    ),
}
