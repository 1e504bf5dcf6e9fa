"""The mistakes of the catalogue made in answers of five styles: what is changed, and the text that is guilty then."""

from __future__ import annotations

from typing import NamedTuple

from tests.styles import source_of


class Made(NamedTuple):
    """A mistake made in one style: `old` becomes `new`, and one of `guilty` is to be pointed at."""

    mistake: str
    style: str
    old: str
    new: str
    guilty: tuple[str, ...]


_SLOPES = {
    "matrices": ("dS(net12)", "dS(net01)"),
    "samples": ("o * (1 - o)", "y * (1 - y)"),
    "columns": ("A2 * (1 - A2)", "A1 * (1 - A1)"),
}

MADE = (
    # matrices
    Made("no_output_slope", "matrices", " * dS(net12)", "", ("y.T @ delta_o", "delta_o @ W12.T")),
    Made("no_hidden_slope", "matrices", " * dS(net01)", "", ("X.T @ delta_h",)),
    Made("slope_of_output_o", "matrices", "dS(net12)", "dS(o)", ("dS(o)",)),
    Made("slope_of_output_h", "matrices", "dS(net01)", "dS(y)", ("dS(y)",)),
    Made("slope_is_sigmoid", "matrices", "dS(net12)", "S(net12)", ("2 / len(X) * (o - D) * S(net12)",)),
    Made("slope_on_net", "matrices", "dS(net01)", "(net01 * (1 - net01))", ("net01 * (1 - net01)",)),
    Made("absolute_error", "matrices", "(o - D)", "np.abs(o - D)", ("np.abs(o - D)",)),
    Made("input_for_hidden", "matrices", "y.T @ delta_o", "X.T @ delta_o", ("X.T @ delta_o",)),
    Made("hidden_for_input", "matrices", "X.T @ delta_h", "y.T @ delta_h", ("y.T @ delta_h",)),
    Made("gradient_for_weight", "matrices", "delta_o @ W12.T", "delta_o @ dW12.T", ("delta_o @ dW12.T",)),
    Made("squared_error", "matrices", "(o - D)", "(o - D) ** 2", ("(o - D) ** 2",)),
    Made(
        "updated_weight",
        "matrices",
        "delta_o @ W12.T",
        "delta_o @ (W12 - 0.1 * dW12).T",
        ("delta_o @ (W12 - 0.1 * dW12).T",),
    ),
    # sample by sample
    Made(
        "no_output_slope",
        "samples",
        "error * o * (1 - o)",
        "error",
        ("W12 @ delta_o", "np.outer(y, delta_o)"),
    ),
    Made("no_hidden_slope", "samples", " * y * (1 - y)", "", ("np.outer(x, delta_h)",)),
    Made("slope_of_output_h", "samples", "y * (1 - y)", "dS(y)", ("dS(y)",)),
    Made(
        "slope_is_one_minus",
        "samples",
        "error * o * (1 - o)",
        "error * (1 - o)",
        ("W12 @ delta_o", "error * (1 - o)"),
    ),
    Made(
        "slope_is_sigmoid",
        "samples",
        "W12 @ delta_o * y * (1 - y)",
        "W12 @ delta_o * y",
        ("W12 @ delta_o * y", "np.outer(x, delta_h)"),
    ),
    Made("absolute_error", "samples", "o - d", "abs(o - d)", ("abs(o - d)",)),
    Made(
        "last_sample_only",
        "samples",
        "dW12 += np.outer(y, delta_o)",
        "dW12 = np.outer(y, delta_o)",
        ("np.outer(y, delta_o)",),
    ),
    Made(
        "no_input",
        "samples",
        "np.outer(y, delta_o)",
        "np.outer(np.ones_like(y), delta_o)",
        ("np.outer(np.ones_like(y), delta_o)", "dW12 +="),
    ),
    Made(
        "weight_for_input", "samples", "np.outer(y, delta_o)", "W12 * delta_o", ("W12 * delta_o", "dW12 +=")
    ),
    Made(
        "gradient_for_weight",
        "samples",
        "W12 @ delta_o",
        "np.outer(y, delta_o) @ delta_o",
        ("np.outer(y, delta_o) @ delta_o",),
    ),
    # columns
    Made(
        "no_output_slope",
        "columns",
        "dA2 * A2 * (1 - A2)",
        "dA2",
        ("np.dot(second.T, dZ2)", "np.dot(dZ2, A1.T)"),
    ),
    Made("no_hidden_slope", "columns", "np.multiply(dA1, A1 * (1 - A1))", "dA1", ("np.dot(dZ1, A0.T)",)),
    Made("slope_of_output_o", "columns", "dA2 * A2 * (1 - A2)", "dA2 * dS(A2)", ("dS(A2)",)),
    Made(
        "no_output_slope_in_hidden",
        "columns",
        "np.dot(second.T, dZ2)",
        "np.dot(second.T, dA2)",
        ("np.dot(second.T, dA2)",),
    ),
    Made("slope_is_sigmoid", "columns", "A1 * (1 - A1)", "A1", ("np.multiply(dA1, A1)",)),
    Made("hidden_for_input", "columns", "np.dot(dZ1, A0.T)", "np.dot(dZ1, A1.T)", ("np.dot(dZ1, A1.T)",)),
    Made("absolute_error", "columns", "(A2 - T)", "np.abs(A2 - T)", ("np.abs(A2 - T)",)),
    Made("slope_of_back", "columns", "A1 * (1 - A1)", "dA1 * (1 - dA1)", ("dA1 * (1 - dA1)", "1 - dA1")),
    # indices
    Made(
        "no_output_slope",
        "indices",
        " * o[k] * (1 - o[k])",
        "",
        ("delta_o[k] * W12[j, k]", "y[j] * delta_o[k]"),
    ),
    Made("no_hidden_slope", "indices", " * y[j] * (1 - y[j])", "", ("X[n, i] * delta_h",)),
    Made(
        "no_output_slope_in_hidden",
        "indices",
        "back += delta_o[k] * W12[j, k]",
        "back += 2 / N * (o[k] - D[n, k]) * W12[j, k]",
        ("2 / N * (o[k] - D[n, k]) * W12[j, k]",),
    ),
    Made(
        "slope_is_sigmoid",
        "indices",
        "back * y[j] * (1 - y[j])",
        "back * y[j]",
        ("back * y[j]", "X[n, i] * delta_h"),
    ),
    Made(
        "activation_for_weight",
        "indices",
        "delta_o[k] * W12[j, k]",
        "delta_o[k] * y[j]",
        ("back +=", "delta_o[k] * y[j]"),
    ),
    Made("no_weight", "indices", "delta_o[k] * W12[j, k]", "delta_o[k]", ("back += delta_o[k]",)),
    Made(
        "input_for_hidden",
        "indices",
        "y[j] * delta_o[k]",
        "X[n, 0] * delta_o[k]",
        ("X[n, 0] * delta_o[k]", "dW12[j, k] +="),
    ),
    Made(
        "one_output_only",
        "indices",
        "back += delta_o[k] * W12[j, k]",
        "back = delta_o[k] * W12[j, k]",
        ("back = ", "back * y[j]", "X[n, i] * delta_h"),
    ),
    Made("absolute_error", "indices", "(o[k] - D[n, k])", "abs(o[k] - D[n, k])", ("abs(o[k] - D[n, k])",)),
    # helpers and classes
    Made(
        "no_output_slope",
        "classes",
        "upstream * self.out * (1.0 - self.out)",
        "upstream",
        ("self.values.T @ self.delta", "self.delta @ self.W.T"),
    ),
    Made(
        "slope_is_one_minus",
        "classes",
        "upstream * self.out * (1.0 - self.out)",
        "upstream * (1.0 - self.out)",
        ("upstream * (1.0 - self.out)",),
    ),
    Made(
        "slope_on_net",
        "classes",
        "self.out * (1.0 - self.out)",
        "self.net * (1.0 - self.net)",
        ("upstream * self.net", "1.0 - self.net"),
    ),
    Made(
        "gradient_for_weight",
        "classes",
        "self.delta @ self.W.T",
        "self.delta @ self.gradient.T",
        ("self.delta @ self.gradient.T",),
    ),
    Made(
        "weight_for_input",
        "classes",
        "self.values.T @ self.delta",
        "self.W * self.delta.sum(axis=0)",
        ("self.delta.sum(axis=0)",),
    ),
    Made(
        "squared_error",
        "classes",
        "(outputs - targets)",
        "(outputs - targets) ** 2",
        ("(outputs - targets) ** 2",),
    ),
    Made(
        "absolute_error",
        "classes",
        "(outputs - targets)",
        "abs(outputs - targets)",
        ("abs(outputs - targets)",),
    ),
    Made(
        "no_input",
        "classes",
        "self.values.T @ self.delta",
        "np.ones_like(self.values).T @ self.delta",
        ("np.ones_like(self.values).T @ self.delta",),
    ),
)


def source_with(*made: Made) -> str:
    """Return the cell with these mistakes in it."""
    source = source_of("backprop", made[0].style)
    for each in made:
        if each.style == "classes" and "self.net" in each.new:
            source = source.replace(
                "self.out = S(values @ self.W)", "self.net = values @ self.W\n        self.out = S(self.net)"
            )
        if source.count(each.old) != 1:
            raise ValueError(f"{each.mistake}: expected {each.old!r} once in the style {each.style!r}")
        source = source.replace(each.old, each.new)
    return source
