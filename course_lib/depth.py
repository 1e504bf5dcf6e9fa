"""How much of the gradient arrives at each layer of a deep network, as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from course_lib.backprop import gradients
from course_lib.curves import line_plot
from course_lib.plots import Picture


def layer_plot(networks: Mapping[str, tuple[Any, ...]]) -> Picture:
    """Draw the norm of every layer's gradient, for one or more networks of the same depth.

    Parameters
    ----------
    networks : dict
        A name and the arguments of `gradients` each: (weights, X, D) or (weights, X, D, activation).

    Returns
    -------
    Picture
        Its caption compares the first layer with the last, network by network.
    """
    if not networks:
        raise ValueError("networks: expected at least one, got an empty dict")
    lines, words = {}, []
    for name, network in networks.items():
        norms = np.array([np.linalg.norm(g) for g in gradients(*network)])
        lines[name] = norms
        words.append(f"{name}: {norms[0]:.2g} in the first layer, {norms[-1]:.2g} in the last.")
    if len({len(norms) for norms in lines.values()}) > 1:
        raise ValueError("networks: expected networks of the same depth")
    layers = np.arange(1, len(norms) + 1)
    return line_plot(
        layers, lines, "layer, counted from the inputs", "norm of ∂E/∂W", " ".join(words), log=True
    )
