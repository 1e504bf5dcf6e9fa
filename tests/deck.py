"""Every statement, formula and exercise of the slides, in their order: where it is taught, and what asks for it."""

from __future__ import annotations

from typing import NamedTuple

ONE, TWO, THREE = "01_gradient_descent", "02_forward_pass", "03_identify_gradients"
FOUR, FIVE = "04_backpropagation", "05_vanishing_and_exploding_gradients"


class Taught(NamedTuple):
    """The cell of a lesson that teaches it, words that stand there, and the exercise that asks for it, if one can."""

    lesson: str
    cell: str
    words: str
    exercise: str | None = None


DECK = {
    # Gradient descent
    "the negative gradient leads to a local optimum": Taught(
        ONE, "optimum", "leads to a local optimum", "two_basins"
    ),
    "under conditions that the slide leaves out: small steps": Taught(
        ONE, "optimum", "**Steps small enough.**", "largest_stable_rate"
    ),
    "under conditions that the slide leaves out: saddles": Taught(ONE, "optimum", "**saddle**", "classify"),
    "of an unconstrained objective function": Taught(ONE, "optimum", "**Unconstrained:**"),
    "loss is minimised over many training samples": Taught(
        ONE, "training", "over a large number of training samples"
    ),
    "the weights are optimised for the minimum loss": Taught(ONE, "training", "give the minimum loss"),
    "the gradient of n variables": Taught(ONE, "gradient", r"\nabla f = \begin{pmatrix}", "gradient_by_hand"),
    "the Hessian of n variables": Taught(ONE, "hessian", r"\nabla^2 f = \begin{pmatrix}", "hessian_by_hand"),
    "the derivative is a vector that represents a direction": Taught(
        ONE, "gradient", "a vector represents a direction", "downhill"
    ),
    "moving in that direction": Taught(
        ONE, "descent", r"x^{(t+1)} = x^{(t)} - \eta\, \nabla f(x^{(t)})", "descend"
    ),
    # Network function
    "f from R^3 to R^2": Taught(TWO, "network", r"f: \mathbb{R}^3 \rightarrow \mathbb{R}^2"),
    "layer numbers 0, 1, 2": Taught(TWO, "network", "**layer numbers** 0, 1 and 2"),
    "input, hidden and output layer": Taught(
        TWO, "network", "the **input layer**, the **hidden layer** and the **output layer**"
    ),
    "input neurons i": Taught(TWO, "letters", r"$i = 1, \dots, I$ | input neurons", "count_weights"),
    "hidden neurons j": Taught(TWO, "letters", r"$j = 1, \dots, J$ | hidden neurons", "count_weights"),
    "output neurons k": Taught(TWO, "letters", r"$k = 1, \dots, K$ | output neurons", "count_weights"),
    "training data n": Taught(TWO, "letters", r"$n = 1, \dots, N$ | training data"),
    "input-output pairs are the training set": Taught(
        TWO,
        "letters",
        r"$\{(\mathbf{x}_n, \mathbf{d}_n) \mid n = 1, \dots, N\}$ constitute the **training set**",
    ),
    "W^(0,1) from input to hidden layer": Taught(
        TWO, "letters", "$W^{(0,1)}$ is the weight matrix from the input to the hidden layer", "forward_pass"
    ),
    "W^(1,2) from hidden to output layer": Taught(
        TWO, "letters", "$W^{(1,2)}$ the one from the hidden to the output layer", "forward_pass"
    ),
    "net input to the j-th hidden node": Taught(
        TWO, "net", r"net_{nj}^{(0,1)} = \sum_{i=1}^I w_{ij}^{(0,1)} x_{ni}", "net_hidden"
    ),
    "output of the j-th hidden node": Taught(
        TWO, "hidden-output", r"S\left(\sum_{i=1}^I w_{ij}^{(0,1)} x_{ni}\right)", "forward_pass"
    ),
    "printed y^(1,2) here and y^(1) there": Taught(
        TWO, "hidden-output", "the slides print this number both as $y_{nj}^{(1,2)}$", "fill_symbols"
    ),
    "net input to the k-th output node": Taught(
        TWO, "hidden-output", r"net_{nk}^{(1,2)} = \sum_{j=1}^J w_{jk}^{(1,2)} y_{nj}^{(1)}", "forward_pass"
    ),
    "output of the k-th output node": Taught(
        TWO, "hidden-output", r"o_{nk} = S\left(\sum_{j=1}^J w_{jk}^{(1,2)} y_{nj}^{(1)}\right)", "output_k"
    ),
    # Network error
    "the error of the k-th output": Taught(
        TWO, "error", "**network error** for the $k$-th output", "mse_single"
    ),
    "a single output for simplicity": Taught(
        TWO, "error", "For simplicity consider a **single output**", "mse_single"
    ),
    "E_n of one output": Taught(TWO, "error", r"E_n = (l_{nk})^2 = (o_{nk} - d_{nk})^2", "mse_single"),
    "MSE of one output": Taught(
        TWO, "error", r"\text{MSE} = \frac{1}{N} \sum_{n=1}^N (l_{nk})^2", "mse_single"
    ),
    "S is a sigmoid": Taught(TWO, "squeeze", r"S(z) = \frac{1}{1 + e^{-z}}", "sigmoid"),
    "the slope of S": Taught(TWO, "squeeze", r"S'(z) = S(z)\,(1 - S(z))", "sigmoid_slope"),
    # Exercises
    "exercise: fill up the network with symbols": Taught(
        TWO, "symbols-ask", "Fill up the network with symbols", "fill_symbols"
    ),
    "E of the exercise": Taught(
        THREE, "sign", r"E = \frac{1}{N} \sum_{n=1}^N (o_{n1} - d_{n1})^2", "dE_dw11_12"
    ),
    "-dE/dw in the exercise, +dE/dw in the solution": Taught(
        THREE, "sign", r"Their solution then prints $+\frac{\partial E}{\partial w}$", "dE_dw11_12"
    ),
    "identify the derivative for w11^(1,2)": Taught(
        THREE, "o-side", "First choose the factors", "factors_w11_12"
    ),
    "identify the derivative for w21^(1,2)": Taught(THREE, "o-side-2", "$w_{21}^{(1,2)}$", "factors_w21_12"),
    "identify the derivative for w11^(0,1)": Taught(THREE, "h-side", "Choose the factors", "factors_w11_01"),
    "identify the derivative for w12^(0,1)": Taught(THREE, "h-side-2", "The other three", "factors_w12_01"),
    "identify the derivative for w21^(0,1)": Taught(THREE, "h-side-2", "The other three", "factors_w21_01"),
    "identify the derivative for w22^(0,1)": Taught(THREE, "h-side-2", "The other three", "factors_w22_01"),
    "solution: dE/dw11^(1,2)": Taught(
        THREE,
        "o-side",
        r"\frac{\partial E}{\partial w_{11}^{(1,2)}} = \frac{1}{N} \sum_{n=1}^N 2\,(o_{n1} - d_{n1})\, "
        r"\frac{\partial o_{n1}}{\partial w_{11}^{(1,2)}}",
        "dE_dw11_12",
    ),
    "solution: do/dw11^(1,2) is a slope times a hidden output": Taught(
        THREE, "o-side", r"= S'(net_{n1}^{(1,2)})\; y_{n1}^{(1)}", "dE_dw11_12"
    ),
    "solution: dE/dw11^(0,1), as printed": Taught(
        THREE,
        "printed",
        r"\frac{\partial o_{n1}}{\partial w_{11}^{(1,2)}}\, \frac{\partial y_{n1}^{(1,2)}}{\partial w_{11}^{(0,1)}}",
        "dE_dw11_01",
    ),
    "solution: dy/dw11^(0,1) is a slope times an input": Taught(
        THREE, "printed", r"$S'(net_{n1}^{(0,1)})\, x_{n1}$", "dE_dw11_01"
    ),
    "the factor that cannot stand there": Taught(
        THREE, "printed", "One tile does not belong there", "printed_formula"
    ),
    # K outputs
    "E_n of K outputs": Taught(
        TWO, "several", r"E_n = \sum_{k=1}^K (l_{nk})^2 = \sum_{k=1}^K (d_{nk} - o_{nk})^2", "mse"
    ),
    "o - d on one slide, d - o on another": Taught(
        TWO, "several", "On one slide the difference is $o - d$, on another $d - o$", "mse"
    ),
    "MSE of K outputs": Taught(
        TWO, "several", r"\text{MSE} = \frac{1}{N} \sum_{n=1}^N \sum_{k=1}^K (l_{nk})^2", "mse"
    ),
    "E of K outputs, differentiated": Taught(
        FOUR, "letters", r"E = \text{MSE} = \frac{1}{N} \sum_{n=1}^N \sum_{k=1}^K (l_{nk})^2", "backprop"
    ),
    "one output before, K outputs now: the sum over k": Taught(
        FOUR, "back", "the sum runs over $k$", "hidden_delta"
    ),
    "f from R^3 to R^2, trained": Taught(
        FOUR, "penguins", r"$f: \mathbb{R}^3 \rightarrow \mathbb{R}^2$", "training"
    ),
    "the update of w_jk": Taught(
        FOUR, "moving", r"\Delta w_{jk}^{(1,2)} \propto -\frac{\partial E}{\partial w_{jk}^{(1,2)}}", "update"
    ),
    "the update of w_ij": Taught(
        FOUR, "moving", r"\Delta w_{ij}^{(0,1)} \propto -\frac{\partial E}{\partial w_{ij}^{(0,1)}}", "update"
    ),
    "the constant that the update leaves open": Taught(
        FOUR, "moving", "is the **learning rate**", "training"
    ),
    # Vanishing and exploding gradients
    "the derivative of sigmoid is zero far out": Taught(
        FIVE, "flat", "the derivative of sigmoid is zero", "saturated_beyond"
    ),
    "but nearly zero is what it is": Taught(FIVE, "flat-2", "**nearly zero**", "saturated_beyond"),
    "nothing is passed back": Taught(FIVE, "flat", "no propagation of gradients backward", "layer_norms"),
    "learning stops": Taught(FIVE, "flat", "Hence learning stops", "rescue"),
    "another activation function may help": Taught(
        FIVE, "others", "choosing some other activation function", "slopes"
    ),
    "exploding is the opposite of vanishing": Taught(
        FIVE, "exploding", "is the opposite of vanishing gradient", "clip_by_global_norm"
    ),
    "large gradients accumulate into large weights": Taught(
        FIVE, "exploding", "unstable network with large weights", "clip_by_global_norm"
    ),
    "gradient clipping": Taught(
        FIVE, "exploding-2", "Gradient clipping and weight regularization", "clip_by_global_norm"
    ),
    "what is clipped": Taught(FIVE, "what-ask", "not the gradient but the **errors**", "clip_what"),
    "weight regularization": Taught(FIVE, "decay", "**Weight regularization**", "decayed_gradients"),
    "S and its slope, once more": Taught(FIVE, "flat", r"S'(z) = S(z)\,(1 - S(z))", "saturated_beyond"),
}
