"""What the values of a walk are called: an id, which is part of the contract, and the deck's symbol for it."""

from __future__ import annotations

# What begins like this is a value of the error that somebody wrote, and goes on as it is called there.
OF_E = "of_E:"
# As many layers of weights as an exercise has.
LAYERS = 6


def of_layer(layer: int) -> dict[str, str]:
    """Return the meanings that belong to one layer of weights, counted from 0."""
    name, upper = f"{layer}{layer + 1}", f"({layer},{layer + 1})"
    return {
        f"w_{name}": f"W^{upper}",
        f"updated_w_{name}": f"W^{upper}, already updated",
        f"new_w_{name}": f"W^{upper} after a step",
        f"net_{name}": f"net^{upper}",
        f"part_of_net_{name}": f"a part of the sum in net^{upper}",
        f"y_{layer + 1}": f"y^({layer + 1})",
        f"one_minus_y_{layer + 1}": f"1 − y^({layer + 1})",
        f"slope_{name}": f"S'(net^{upper})",
        f"delta_{name}": f"δ^{upper}",
        f"part_of_delta_{name}": f"what one output adds to δ^{upper}",
        f"back_{layer + 1}": f"what comes back to y^({layer + 1})",
        f"part_of_back_{layer + 1}": f"a part of what comes back to y^({layer + 1})",
        f"through_{name}": f"a product of slopes and W^{upper} on the way to o",
        f"from_w_{name}": f"how S(net^{upper}) depends on w^{upper}",
        f"gradient_{name}": f"∂E/∂W^{upper}",
        f"part_of_gradient_{name}": f"a part of the sum in ∂E/∂W^{upper}",
        f"decayed_{name}": f"∂E/∂W^{upper} with the decay",
    }


MEANINGS: dict[str, str] = {
    # What is no value of the walk.
    "constant": "a constant",
    "on_the_way": "a value on the way",
    # The network
    "x": "x",
    "d": "d",
    "o": "o",
    "one_minus_o": "1 − o",
    "error": "o − d",
    **{id_: symbol for layer in range(LAYERS) for id_, symbol in of_layer(layer).items()},
    "square": "(o − d)²",
    "part_of_E": "a part of the sum in E",
    "E": "E",
    "losses": "E before, between and after the steps",
    "part_of_losses": "some of the values of E",
    # S and its slope
    "z": "z",
    "S": "S(z)",
    "one_minus_S": "1 − S(z)",
    "slope": "S'(z)",
    "exp_minus": "e^(−z)",
    "exp_plus": "e^z",
    "one_plus_exp_minus": "1 + e^(−z)",
    "one_plus_exp_plus": "1 + e^z",
    "tanh_half": "tanh(z/2)",
    # Derivatives by hand
    "point": "x",
    "inner": "x₂ x₃",
    "cosine": "cos(x₂ x₃)",
    "sine": "sin(x₂ x₃)",
    "power_term": "a product of powers of x",
    "inner_times_cosine": "an inner derivative times cos(x₂ x₃)",
    "inner_times_sine": "an inner derivative times sin(x₂ x₃)",
    "derivative_1": "∂f/∂x₁",
    "derivative_2": "∂f/∂x₂",
    "derivative_3": "∂f/∂x₃",
    "derivative": "the gradient of f",
    "mixed_derivative": "∂²f/∂x₂∂x₃",
    "second_derivative": "the Hessian of f",
    # Going downhill
    "start": "x⁽⁰⁾",
    "slope_at_point": "the gradient at a point of the path",
    "next_point": "a point of the path",
    "part_of_path": "the beginning of the path",
    "path": "the path",
    "hessian": "the Hessian",
    "entry_of_hessian": "an entry of the Hessian",
    "eigenvalue": "an eigenvalue",
    "eigenvalues": "the eigenvalues",
    "largest_rate": "2 / the largest eigenvalue",
    # Slopes, norms, bounds
    "limit": "the limit",
    "root": "a square root on the way",
    "discriminant": "1 − 4t",
    "odds": "S / (1 − S)",
    "tanh": "tanh z",
    "tanh_squared": "tanh² z",
    "one_minus_tanh": "1 − tanh z",
    "one_plus_tanh": "1 + tanh z",
    "cosh": "cosh z, or a power of it",
    "exponential": "an exponential of z",
    "relu": "relu z",
    "slope_tanh": "the slope of tanh",
    "slope_relu": "the slope of relu",
    "slope_leaky_relu": "the slope of leaky relu",
    "squares": "squares of entries",
    "squared_norms": "‖∂E/∂W‖² of a layer",
    "norms": "‖∂E/∂W‖ of a layer",
    "part_of_global_norm": "a part of the sum in ‖g‖²",
    "squared_global_norm": "‖g‖²",
    "global_norm": "‖g‖",
    "clip_factor": "max_norm / ‖g‖",
    "spectral_norms": "‖W‖₂",
    "singular_values": "the singular values of W",
    "part_of_bound": "a part of the product",
    "bound": "the bound",
}


def symbol(meaning: str) -> str:
    """Return what a meaning is called."""
    part = f"a part of {symbol(whole)}" if (whole := meaning.removeprefix("part_of_")) != meaning else ""
    return MEANINGS.get(meaning) or part or meaning.removeprefix("through_").removeprefix(OF_E)
