"""The hints of lesson 06: where to look, which term, a similar case."""

HINTS = {
    "clinic_1": (
        "Compare both layers with the measured gradient. Are both off, or only one? Is the ratio the same everywhere?",
        "Both layers are off and no ratio is constant, so the mistake is in something that both use and that differs "
        "from sample to sample. Read the line of the first delta, factor by factor.",
        "A similar case: with S'(net^(0,1)) missing, the output layer would be exact, and every entry of dW01 off by "
        "a different ratio. Here something is missing one arrow further to the right.",
    ),
    "clinic_2": (
        "Try one sample, then two, then three. When does it start to go wrong?",
        "With one sample it is exact, so every factor is right. What happens to the first sample when the second one "
        "comes?",
        "A similar case: `total = 0` and then, in a loop, `total = total * n` forgets in another way. A loop that "
        "collects has a line with `+=`, or appends to a list.",
    ),
    "clinic_3": (
        "Which layer is off? Is its ratio constant, and what does the ratio become with another number of outputs?",
        "The output layer is exact, so tanh and its slope are not the matter, and the hidden layer is off by 1/K. So K "
        "paths come back to a hidden node, and something is done with them that is not what the derivation says.",
        "A similar case: a mean over the samples where E has one is right. E has a mean over n and none over k.",
    ),
    "clinic_4": (
        "It stops with an error for most shapes. For which shapes does it run, and is it right there?",
        "It runs for J = K only, and then the output layer is exact. Write the sum in `einsum` out with indices: which "
        "letter of w_jk is summed over?",
        "A similar case: forward, net_nk^(1,2) = Σ_j y_nj w_jk sums over the first index of w_jk. On the way back the "
        "node j stays, and k is what disappears.",
    ),
    "clinic_5": (
        "There are two. Look at the output layer alone first: is its ratio constant? What does it become with other N?",
        "The output layer is too large by N. Divide that out: the hidden layer is still off, and only for K > 1. What "
        "is left of `back` when the loop over k has ended?",
        "A similar case: a function that returns K times the right gradient everywhere, and with the first sample "
        "only, also has one mistake of scale and one in a loop.",
    ),
    "clinic_6": (
        "There are two. One multiplies everything by a number that depends on a shape. Vary N and K, one at a time.",
        "The output layer is too small by K: look at what it is divided by. Then the hidden layers: what goes into "
        "their slopes, a net input or an output?",
        "A similar case: S'(o) for S'(net^(1,2)) applies S twice at the output. Both forms are right when used right: "
        "`slope(net)`, or `y * (1 - y)`.",
    ),
    "clinic_7": (
        "There are two. The output layer's ratio to the measured gradient is a constant: which?",
        "After the sign is turned, the output layer is exact, so the deltas of the output are. What are they "
        "multiplied by on the way back, and what should it be?",
        "A similar case: carried back through W12 after its update, the hidden layer would be off by a little; here it "
        "is off by far more, because it is not W12 at all.",
    ),
    "clinic_8": (
        "There are two. Choose D so that all outputs are too large, o > d. Which layer is exact then?",
        "One mistake is gone when every o − d is positive: what does a root of a square make of a sign? With that "
        "mended, see which factor of the output's delta does not travel back.",
        "A similar case: a delta with everything in it, carried back as a whole, cannot lose a factor. `upstream` here "
        "is not a delta yet.",
    ),
    "famous_bug": (
        "Take the published weights, do the step yourself and compare. Start with the numbers before the step.",
        "Every number that needs only one gradient is right; the ones that are off were computed from all the updated "
        "weights, as the author's program left them. Which mistake changes the hidden layer's step by very little?",
        "A similar case: without the biases, or with b1 and b2 updated as well, E after the step would differ in the "
        "third digit. The published one differs in the seventh.",
    ),
    "lower_loss": (
        "Train with the functions of this lesson that fit such a network, from the three starts, and look at where E "
        "ends.",
        "A missing factor that is always below 1 makes steps longer where the outputs are flat. Which factors of the "
        "gradient are never above 1/4?",
        "A similar case: with the samples summed, E ends lower too, since the step is N times as long; but that is the "
        "right direction at another rate, and does not count.",
    ),
    "blind_spot": (
        "Write the right line and the printed line below each other. In what do they differ?",
        "They differ in one factor: w_jk^(1,2) in one, y_nj^(1) in the other. The weights are yours to choose, after "
        "the forward pass of the hidden layer.",
        "A similar case: S'(net) = 1 − S(net) would go unseen where S(net) = 1. Make the two factors equal for every "
        "sample: when do all samples have the same y_nj^(1)?",
    ),
}
