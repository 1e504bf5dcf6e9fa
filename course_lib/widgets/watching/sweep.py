"""One sweep in numbers: forward, backward, and the update that follows from it."""

from dataclasses import dataclass

from course_lib import slopes
from course_lib.backprop import deltas, gradients
from course_lib.inputs import Array
from course_lib.network import loss
from course_lib.numdiff import numerical_gradients
from course_lib.widgets.layout import Edge
from course_lib.widgets.watching.live_network import Network, Numbers


@dataclass(frozen=True)
class Sweep:
    """Everything that a sweep computes; layer 1 is the hidden one, layer 2 the outputs."""

    deltas: dict[int, Array]
    came_back: dict[int, Array]  # dE/dy of a layer, before the slope
    slopes: dict[int, Array]
    gradients: list[Array]
    differences: list[Array]
    updated: list[Array]
    E_after: float

    @classmethod
    def of(cls, network: Network, learning_rate: float) -> "Sweep":
        """Go through the network, forward and back."""
        weights, X, D = network
        now = Numbers.of(network, 0)
        hidden, output = deltas(weights, X, D)
        gradient = gradients(weights, X, D)
        updated = [W - learning_rate * dW for W, dW in zip(weights, gradient, strict=True)]
        return cls(
            {1: hidden, 2: output},
            {1: output @ weights[1].T, 2: 2.0 / len(X) * (now.y[-1] - D)},
            {1: slopes.sigmoid(now.net[0]), 2: slopes.sigmoid(now.net[1])},
            gradient,
            numerical_gradients(lambda w: loss(w, X, D), weights),
            updated,
            float(loss(updated, X, D)),
        )

    def product(self, now: Numbers, edge: Edge) -> Array:
        """Return what entered a line times the delta at its end, for every training pair."""
        return now.y[edge.layer][:, edge.start - 1] * self.deltas[edge.layer + 1][:, edge.end - 1]

    def carried_back(self, now: Numbers, edge: Edge) -> Array:
        """Return the delta at the end of a line times its weight, for every training pair."""
        return (
            now.weights[edge.layer][edge.start - 1, edge.end - 1]
            * self.deltas[edge.layer + 1][:, edge.end - 1]
        )
