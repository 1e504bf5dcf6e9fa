"""The inputs of lesson 05: numbers below and above 1/4, net inputs, deep networks, the gradients of their layers."""

import numpy as np

from course_lib.activations import leaky_relu, sigmoid, tanh
from course_lib.exercises.gradient_cases import made_of, networks
from course_lib.exercises.kinds import Case, Draw
from course_lib.mistakes import vanishing
from course_lib.network import Activation, random_network


def _below_a_quarter(rng: np.random.Generator) -> Case:
    return (float(np.exp(rng.uniform(np.log(1e-6), np.log(0.24)))),)


def _above_a_quarter(rng: np.random.Generator) -> Case:
    return (float(rng.uniform(0.25, 0.9)),)


def _below_zero(rng: np.random.Generator) -> Case:
    return (-float(rng.uniform(0.0, 0.3)),)


def _net_inputs(*shape: int) -> Draw:
    def draw(rng: np.random.Generator) -> Case:
        # Both signs, flat and steep, and never the kink itself, where there is no slope.
        count = int(np.prod(shape))
        size = np.concatenate([rng.uniform(0.05, 2.0, size=count - 2), rng.uniform(2.0, 6.0, size=2)])
        sign = rng.permutation(np.resize([1.0, -1.0], count))
        return (rng.permutation(size * sign).reshape(shape),)

    return draw


def _network(activation: Activation, samples: int, *sizes: int) -> Draw:
    return lambda rng: (*random_network(rng, sizes, samples), activation)


def _weights(*sizes: int) -> Draw:
    return lambda rng: (random_network(rng, sizes, 1)[0],)


def _layers(share: float, *sizes: int) -> Draw:
    """Draw gradients of layers of very different size, and a max_norm that is `share` of their norm."""

    def draw(rng: np.random.Generator) -> Case:
        matrices, _, _ = random_network(rng, sizes, 1)
        arrays = [s * W for s, W in zip((0.1, 1.0, 20.0, 3.0), matrices, strict=False)]
        return arrays, share * float(np.linalg.norm(vanishing.norms(arrays)))

    return draw


def _all_zero(rng: np.random.Generator) -> Case:
    return [np.zeros((3, 2)), np.zeros((2, 2))], 0.5


# 0 has a draw of its own: it is what an answer that asks for t < 0 lets pass.
SLOPE_LIMITS = (_below_a_quarter, _below_a_quarter, _above_a_quarter, _below_zero, lambda rng: (0.0,))
NET_INPUTS = (_net_inputs(2, 4), _net_inputs(9), _net_inputs(5, 2))
DEEP_NETWORKS = (
    _network(tanh, 5, 3, 4, 2, 3),
    _network(leaky_relu, 7, 4, 2, 3),
    _network(sigmoid, 4, 2, 3, 4, 3, 2),
)
WEIGHTS = (_weights(3, 4, 2), _weights(2, 3, 5, 4, 2), _weights(3, 3, 3, 3))
TO_CLIP = (_layers(0.3, 3, 4, 2, 3), _layers(0.05, 4, 3, 2, 3, 2), _layers(1.7, 2, 5, 3), _all_zero)
# Every layer there is, not the first two.
WITH_DECAY = made_of(
    networks((2, 4, 3), (3, 2, 4, 2), (4, 2, 5)),
    lambda rng, *network: (*network, float(rng.uniform(0.02, 0.2))),
)
