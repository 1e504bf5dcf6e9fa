"""How much of the gradient reaches each layer of a deep network, from the outputs back: numbers only."""

import numpy as np

from course_lib import activations, slopes
from course_lib.backprop import gradients
from course_lib.inputs import Array, as_count, as_number
from course_lib.network import forward
from course_lib.widgets.formatting import format_number

# Not the network of the lesson's exercise: another width and other draws.
WIDTH, SAMPLES, SEED = 16, 30, 3
ACTIVATIONS = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "relu", "leaky_relu": "leaky relu"}
DEPTHS, SCALES = (2, 20), (0.1, 10.0)
# Between a tenth and ten times counts as staying.
FACTOR = 10.0


class BackwardPass:
    """The norm of the gradient in every layer; each step reveals one layer more, the last one first.

    There are 2 to 20 layers; weights are drawn with standard deviation scale / sqrt(width).
    """

    def __init__(self, depth: int, activation: str, scale: float) -> None:
        self.depth = as_count("depth", depth, least=DEPTHS[0])
        if self.depth > DEPTHS[1]:
            raise ValueError(f"depth: expected at most {DEPTHS[1]}, got {depth}")
        if activation not in ACTIVATIONS:
            raise ValueError(
                f"activation: expected one of {', '.join(map(repr, ACTIVATIONS))}; got {activation!r}"
            )
        self.activation, self.scale = activation, as_number("scale", scale, positive=True)
        self.step = 0
        self.norms, self.slopes = self._norms_and_slopes()

    def _norms_and_slopes(self) -> tuple[Array, Array]:
        """Return the norm of every layer's gradient, and the mean slope S' in it."""
        rng = np.random.default_rng(SEED)
        X, D = rng.normal(size=(SAMPLES, WIDTH)), rng.uniform(size=(SAMPLES, WIDTH))
        weights = [self.scale * rng.normal(size=(WIDTH, WIDTH)) / np.sqrt(WIDTH) for _ in range(self.depth)]
        S, slope = getattr(activations, self.activation), getattr(slopes, self.activation)
        norms = [float(np.linalg.norm(dW)) for dW in gradients(weights, X, D, S)]
        return np.array(norms), np.array([slope(net).mean() for net in forward(weights, X, S).net])

    @property
    def over(self) -> bool:
        """Whether the first layer has been reached."""
        return self.step >= self.depth

    @property
    def seen(self) -> slice:
        """The layers that have been reached."""
        return slice(self.depth - self.step, self.depth)

    def advance(self, steps: int = 1) -> None:
        """Go back by up to `steps` layers."""
        self.step = min(self.depth, self.step + steps)

    @property
    def ratio(self) -> float:
        """The norm in the first layer divided by that in the last."""
        return float(self.norms[0] / self.norms[-1])

    def outcome(self) -> str:
        """Return "vanishes", "stays" or "explodes"."""
        if self.ratio < 1 / FACTOR:
            return "vanishes"
        return "explodes" if self.ratio > FACTOR else "stays"

    def sentence(self) -> str:
        """Compare the first layer with the last."""
        first, last, ratio = (format_number(x, 2) for x in (self.norms[0], self.norms[-1], self.ratio))
        least, most = (format_number(x, 2) for x in (self.slopes.min(), self.slopes.max()))
        words = {"vanishes": "vanishes", "stays": "stays within a factor of 10", "explodes": "explodes"}
        return (
            f"{self.settings}: the gradient {words[self.outcome()]}. Its norm is {last} in the last layer and "
            f"{first} in the first, {ratio} times as much; the mean slopes S′ range from {least} to {most}."
        )

    @property
    def settings(self) -> str:
        """What was chosen, in words."""
        return f"{ACTIVATIONS[self.activation]}, {self.depth} layers, scale {self.scale:g}"

    def progress(self) -> str:
        """Say which layer has been reached."""
        if not self.step:
            return f"{self.settings}: the backward pass starts at the last layer."
        layer = self.depth - self.step
        norm, slope = format_number(self.norms[layer], 2), format_number(self.slopes[layer], 2)
        return f"Layer {layer + 1} of {self.depth}: norm of ∂E/∂W {norm}, mean slope S′ {slope}."
