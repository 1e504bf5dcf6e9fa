"""Every public function of floors 0 to 3, with arguments that are right, and with what can be wrong about each."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np

import course_lib
from course_lib import slopes

OF_Z = ("identity", "leaky_relu", "relu", "sigmoid", "tanh")
FLOORS = {"activations", "numdiff", "network", "backprop", "descent"}
PUBLIC = {name: getattr(course_lib, name) for name, home in course_lib._HOME.items() if home in FLOORS}
PUBLIC.pop("Pass")  # the only one that is not called with what a student types
PUBLIC |= {f"slopes.{name}": getattr(slopes, name) for name in OF_Z}

Z = [[-2, 0, 3]]
WEIGHTS = [[[1, -1, 2, 1], [0, 2, -1, 1], [3, 1, 1, -2]], [[1, 2], [-1, 1], [2, 0], [1, -3]]]
X = [[1, 2, -1], [0, 1, 1], [2, -1, 3], [1, 1, 1], [-2, 0, 1]]
D = [[0, 1], [1, 0], [1, 1], [0, 0], [1, 0]]
NETWORK = {"weights": WEIGHTS, "X": X, "D": D}


def square_sum(x):
    return (x * x).sum()


def square_sums(weights):
    return sum((W * W).sum(axis=(-2, -1)) for W in weights)


# Whole numbers in nested lists, so that the same table shows their conversion.
GOOD = {
    **{name: {"z": Z} for name in PUBLIC if name.split(".")[-1] in OF_Z},
    "clip_by_global_norm": {"gradients": [[3, 4], [[12]]], "max_norm": 1},
    "complex_step_gradients": {"f": square_sums, "weights": WEIGHTS},
    "forward": {"weights": WEIGHTS, "X": X, "activation": course_lib.tanh},
    "gradient_descent": {
        "gradient": lambda x: 2 * x, "x0": [3, -4], "learning_rate": 1, "steps": 2, "callback": lambda *_: None,
    },
    "gradients": {**NETWORK, "activation": course_lib.tanh, "weight_decay": 1},
    "loss": {**NETWORK, "activation": course_lib.tanh, "weight_decay": 1},
    "mse": {"O": X, "D": X},
    "numerical_gradient": {"f": square_sum, "x": [1, 2]},
    "numerical_gradients": {"f": square_sums, "weights": WEIGHTS},
    "numerical_hessian": {"f": square_sum, "x": [1, 2]},
    "personal_network": {"name": "Ada Lovelace"},
    "random_network": {"rng": np.random.default_rng(0), "sizes": [3, 4, 2], "samples": 5},
    "train": {**NETWORK, "learning_rate": 1, "steps": 2, "callback": lambda *_: None},
}  # fmt: skip

NO_NUMBERS = {
    "text": "0.5",
    "None": None,
    "a dict": {},
    "a set": {1.0},
    "objects": np.array([[1.0, None]], dtype=object),
    "numbers as objects": np.array([[1.0, 2.0]], dtype=object),
    "texts": [["1.0", "2.0"]],
    "ragged rows": [[1.0], [1.0, 2.0]],
    "a date": np.datetime64("2024-01-01"),
    "a function": len,
}
NO_MATRIX = NO_NUMBERS | {"a number": 1.0, "a vector": [1.0, 2.0, 3.0]}
NO_VECTOR = NO_NUMBERS | {"a number": 1.0, "a matrix": [[1.0, 2.0]]}
NO_WEIGHTS = {
    "None": None,
    "text": "weights",
    "a dict": {"W01": np.eye(3)},
    "a single matrix": np.ones((3, 2)),
    "a single matrix as a list": [[1.0, 2.0], [3.0, 4.0]],
    "a stack": np.ones((2, 3, 3)),
    "a generator": (W for W in [np.eye(3)]),
    "an empty list": [],
    "matrices that do not fit": [np.ones((3, 4)), np.ones((5, 2))],
    **{f"a layer that is {what}": [np.ones((3, 3)), value] for what, value in NO_MATRIX.items()},
}
NO_COUNT = {
    "True": True,
    "numpy's True": np.True_,
    "a half": 2.5,
    "text": "3",
    "None": None,
    "negative": -1,
    "a list": [3],
    "an array": np.array([3, 3]),
    "nan": float("nan"),
    "infinity": float("inf"),
    "a dict": {},
}
NO_NUMBER = NO_NUMBERS | {"a list": [0.1], "a matrix": np.eye(2)}
NO_FUNCTION = {"text": "sigmoid", "a number": 3, "a list": [len]}
NO_SIZES = {
    "None": None,
    "a number": 3,
    "an array of no axes": np.array(3),
    "a set": {3, 4},
    "one layer": [3],
    "rows": [[3, 4]],
    "text": "34",
    "no neuron": [3, 0],
    "half a neuron": [3, 2.5],
    "True": [3, True],
    "a text inside": [3, "4"],
}
BAD = {
    "z": NO_NUMBERS,
    "x": NO_NUMBERS,
    "x0": NO_VECTOR,
    "X": NO_MATRIX | {"another width": np.ones((5, 4)), "its transpose": np.ones((3, 5))},
    "O": NO_MATRIX | {"no sample": np.ones((0, 3))},
    "D": NO_MATRIX | {"(N,)": np.ones(5), "(N, 1)": np.ones((5, 1)), "fewer samples": np.ones((4, 2))},
    "weights": NO_WEIGHTS,
    "gradients": {"None": None, "an array": np.eye(2), "a dict": {}, "text": "g"}
    | {f"a layer that is {what}": [np.ones(2), value] for what, value in NO_NUMBERS.items()},
    "learning_rate": NO_NUMBER,
    "weight_decay": NO_NUMBER,
    "max_norm": NO_NUMBER | {"zero": 0, "negative": -1.0, "nan": float("nan"), "complex": 1j},
    "steps": NO_COUNT,
    "samples": NO_COUNT | {"zero": 0},
    "f": NO_FUNCTION | {"None": None},
    "gradient": NO_FUNCTION | {"None": None},
    "activation": NO_FUNCTION | {"None": None},
    "callback": NO_FUNCTION,
    "rng": {
        "a seed": 0,
        "None": None,
        "numpy's old one": np.random.RandomState(0),
        "Python's": random.Random(0),
    },
    "sizes": NO_SIZES,
    "name": {"None": None, "empty": "", "blank": " \t", "a number": 3, "bytes": b"Ada"},
}
BAD_FOR = {
    ("numerical_hessian", "x"): NO_VECTOR,
    ("numerical_gradients", "weights"): NO_WEIGHTS | {"a stack in a list": [np.ones((2, 3, 3))]},
    ("complex_step_gradients", "weights"): NO_WEIGHTS
    | {"a stack in a list": [np.ones((2, 3, 3))], "complex": [np.ones((3, 3)) * 1j]},
    ("gradients", "activation"): BAD["activation"] | {"of one's own": lambda z: z, "numpy's": np.tanh},
}


def bad_calls(function):
    """Return (argument, what is wrong, arguments) for every argument of a public function."""
    return [
        (argument, what, {**GOOD[function], argument: wrong})
        for argument in GOOD[function]
        for what, wrong in BAD_FOR.get((function, argument), BAD[argument]).items()
    ]


def converted(argument: str, value: object, convert: Callable) -> object:
    """Return `value` with the array in it passed to `convert`, or every one of a list of layers."""
    if argument in ("weights", "gradients"):
        return [convert(layer) for layer in value]
    return convert(value) if isinstance(value, list) else value


def arrays_in(result: object) -> list[np.ndarray]:
    """Return every array or number inside a result, flattened."""
    if isinstance(result, list | tuple):
        return [array for part in result for array in arrays_in(part)]
    return [np.asarray(result)]
