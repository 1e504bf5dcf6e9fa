"""The peers: each maker takes (weights, X, D) and returns a function that computes the gradients once.

A peer that is not installed raises ImportError in its maker, and the report says so.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

from course_lib import gradients

Arrays = list[np.ndarray]
Once = Callable[[], object]


def ours(weights: Arrays, X: np.ndarray, D: np.ndarray) -> Once:
    return lambda: gradients(weights, X, D)


def pytorch(weights: Arrays, X: np.ndarray, D: np.ndarray) -> Once:
    import torch

    leaves = [torch.tensor(W, requires_grad=True) for W in weights]
    inputs, targets = torch.tensor(X), torch.tensor(D)

    def once() -> object:
        y = inputs
        for W in leaves:
            y = torch.sigmoid(y @ W)
        return torch.autograd.grad(((y - targets) ** 2).sum() / len(targets), leaves)

    return once


def jax(weights: Arrays, X: np.ndarray, D: np.ndarray) -> Once:
    import jax

    jax.config.update("jax_enable_x64", True)
    inputs, targets = jax.numpy.array(X), jax.numpy.array(D)
    leaves = [jax.numpy.array(W) for W in weights]

    def E(weights: list, X: object, D: object) -> object:
        y = X
        for W in weights:
            y = jax.nn.sigmoid(y @ W)
        return ((y - D) ** 2).sum() / len(D)

    compiled = jax.jit(jax.grad(E))
    return lambda: jax.block_until_ready(compiled(leaves, inputs, targets))


def hips_autograd(weights: Arrays, X: np.ndarray, D: np.ndarray) -> Once:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the peer's own, on import
        import autograd
        import autograd.numpy as anp

    def E(weights: Arrays) -> object:
        y = X
        for W in weights:
            y = 1.0 / (1.0 + anp.exp(-anp.dot(y, W)))
        return anp.sum((y - D) ** 2) / len(D)

    gradient = autograd.grad(E)
    return lambda: gradient(weights)


def bare_products(weights: Arrays, X: np.ndarray, D: np.ndarray) -> Once:
    """The matrix products of one pass forward and back, and nothing else: nobody in numpy can be faster."""
    W01, W12 = weights
    y = np.ones((len(X), W01.shape[1]))
    delta_1, delta_2 = np.ones_like(y), np.ones_like(D)

    def once() -> None:
        X @ W01
        y @ W12
        y.T @ delta_2
        delta_2 @ W12.T
        X.T @ delta_1

    return once


GRADIENTS = {"ours": ours, "PyTorch": pytorch, "JAX (jit)": jax, "HIPS autograd": hips_autograd}
LIMIT = {"products": bare_products}
