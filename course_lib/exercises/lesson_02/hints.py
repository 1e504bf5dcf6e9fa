"""The hints of lesson 02: where to look, which term, a similar case worked out."""

HINTS = {
    "count_weights": (
        "Count the lines of the diagram: first those on the left, then those on the right.",
        "Every input is joined to every hidden node. How many pairs is that? And from the hidden nodes to the outputs?",
        "A similar case: a network without a hidden layer, 3 inputs and 2 outputs, has 3 · 2 = 6 weights.",
    ),
    "net_hidden": (
        "One sample, one node: the sum runs over the inputs i, and the node j stays the same.",
        "The weights into node j are one column of W01, because w_ij goes from i to j. Nodes are counted from 1, "
        "columns from 0.",
        "A similar case: what leaves input 2 is the row W01[1], and what input 2 sends to node 3 is W01[1, 2] · x[1].",
    ),
    "sigmoid": (
        "e^−z becomes too large for a computer when z is far below zero. Where z is far above, it is harmless.",
        "Below zero, multiply top and bottom of 1 / (1 + e^−z) by e^z. Then only e^z is needed, which is small there. "
        "`np.where` computes both its branches, so make each of them safe: e^−|z| never grows.",
        "A similar case: tanh(z) = (e^z − e^−z) / (e^z + e^−z) overflows on both sides. With e = e^−2|z| it is "
        "(1 − e) / (1 + e) for z ≥ 0, and the negative of that for z < 0.",
    ),
    "sigmoid_slope": (
        "The formula in the text uses S itself. Which number goes into S?",
        "S(z) and 1 − S(z), multiplied entry by entry: `*`, not `@`. Compute S(z) once and use it twice.",
        "A similar case: for tanh the slope is 1 − tanh(z)². At z = 0 it is 1, where the curve is steepest.",
    ),
    "output_k": (
        "Two things happen in a node: the weighted sum, and then S.",
        "The sum runs over the hidden nodes j; the weights into output k are column k − 1 of W12.",
        "A similar case: with y = (0.5, 0.5) and the weights 2 and −2 into an output node, its net input is 0 and its "
        "output S(0) = 0.5.",
    ),
    "fill_symbols": (
        "Start at the left and walk along the edges. For each thing you meet ask: which layer is it in, and which "
        "node of that layer? An edge has two ends, so it needs two numbers.",
        "In w_ij the first index says where the edge starts and the second where it ends; the layers in the "
        "superscript say the same. A node behind the first layer has two things: its net input, and the output that S "
        "makes of it.",
        "A similar case, in a 3-4-2 network: the edge from input 3 into hidden node 4 is w34^(0,1), what hidden node 4 "
        "collects for training pair n is net_n4^(0,1), and what it sends on is y_n4^(1).",
    ),
    "forward_pass": (
        "Four lines, one for each value you return. Check the shape after each of them.",
        "The sum over i is `X @ W01`: row n of X with column j of W01. S is applied to every entry. The second layer "
        "does the same with y in place of X.",
        "A similar case: three samples of two inputs, (3, 2), times a matrix (2, 5) gives (3, 5): five net inputs for "
        "each sample.",
    ),
    "mse_single": (
        "One error for each sample; square each, then take the mean.",
        "Square first, then average: the other order lets errors of different signs cancel. There is no ½.",
        "A similar case: the errors 1 and −3 give (1 + 9) / 2 = 5.",
    ),
    "mse": (
        "Two steps: E_n for each sample, then the mean of the E_n.",
        "E_n adds over the outputs k, which are the columns: `axis=1`. Only the samples are averaged.",
        "A similar case: two samples with the errors (1, 2) and (0, −1) have E_1 = 5 and E_2 = 1, so the MSE is 3.",
    ),
}
