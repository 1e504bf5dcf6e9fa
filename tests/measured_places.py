"""Wrong answers with the expressions to point at, and for each what its operands mean."""

from __future__ import annotations

TABLE = {
    "forgotten in one matrix": (
        """
        def backprop(weights, X, D):
            W, V = weights
            y = S(X @ W)
            o = S(y @ V)
            e = 2 / len(X) * (o - D)
            d = e * o * (1 - o)
            return [X.T @ (d @ V.T * y * (1 - y)), y.T @ e]
        """,
        {"y.T @ e": ("y_1", "error")},
    ),
    "S' at the output twice": (
        """
        def backprop(weights, X, D):
            W, V = weights
            y = S(X @ W)
            o = S(y @ V)
            d = 2 / len(X) * (o - D) * dS(o)
            return [X.T @ (d @ V.T * dS(y)), y.T @ d]
        """,
        {"dS(o)": ("o",), "dS(y)": ("y_1",)},
    ),
    "no slope anywhere": (
        """
        def backprop(weights, X, D):
            W, V = weights
            y = S(X @ W)
            d = 2 / len(X) * (S(y @ V) - D)
            return [X.T @ (d @ V.T), y.T @ d]
        """,
        {"d @ V.T": ("error", "w_12"), "y.T @ d": ("y_1", "error")},
    ),
    "squared error": (
        """
        def output_delta(o, D):
            return (D - o) ** 2 * o * (1 - o) / len(D)
        """,
        {"(D - o) ** 2": ("error",)},
    ),
    "inputs left out": (
        """
        def gradient_W12(weights, X, D):
            y = S(X @ weights[0])
            o = S(y @ weights[1])
            d = 2 / len(X) * (o - D) * o * (1 - o)
            return np.ones_like(y).T @ d
        """,
        {"np.ones_like(y).T @ d": ("constant", "delta_12")},
    ),
    "as pasted": (
        """
        def backprop(weights, X, D):
            w1, w2 = weights
            a2 = S(np.dot(X, w1))
            del3 = D - S(np.dot(a2, w2))
            del2 = np.dot(w2, del3.T) * (a2 * (1 - a2)).T
            return [np.dot(X.T, del2.T), np.dot(a2.T, del3)]
        """,
        {"np.dot(w2, del3.T)": ("w_12", "error"), "np.dot(a2.T, del3)": ("y_1", "error")},
    ),
    "slope of what came back": (
        """
        def backprop(weights, X, D):
            y = S(X @ weights[0])
            o = S(y @ weights[1])
            d = 2 / len(X) * (o - D) * o * (1 - o)
            back = d @ weights[1].T
            return [X.T @ (back * back * (1 - back)), y.T @ d]
        """,
        {"back * back": ("back_1", "back_1")},
    ),
    "shapes": (
        """
        def output_delta(o, D):
            out = []
            for n in range(len(o)):
                error = o[n].reshape(-1, 1) - D[n]
                out.append(error * o[n] * (1 - o[n]))
            return np.array(out).reshape(o.shape)
        """,
        {"o[n].reshape(-1, 1) - D[n]": ("o", "d")},
    ),
    "already updated": (
        """
        def backprop(weights, X, D):
            V = weights[1].copy()
            y = S(X @ weights[0])
            o = S(y @ V)
            d = 2 / len(X) * (o - D) * o * (1 - o)
            dV = y.T @ d
            V -= 0.1 * dV
            return [X.T @ (d @ V.T * y * (1 - y)), dV]
        """,
        {"d @ V.T": ("delta_12", "updated_w_12")},
    ),
    "a delta handed in": (
        """
        def gradient_W12(weights, X, D):
            o = S(S(X @ weights[0]) @ weights[1])
            dC_dw2 = (o - D) * o * (1 - o)
            return dC_dw2
        """,
        {"dC_dw2": ("delta_12",)},
    ),
    "inner derivative": (
        """
        def gradient_by_hand(x):
            a, b, c = x
            return np.array([2 * a * b, a**2 + np.cos(b * c), b * np.cos(b * c)])
        """,
        {"a**2 + np.cos(b * c)": ("power_term", "cosine")},
    ),
    "decay by its square": (
        """
        def decayed_gradients(weights, X, D, weight_decay):
            outputs = [X]
            for W in weights:
                outputs.append(S(outputs[-1] @ W))
            delta, found = 2 / len(X) * (outputs[-1] - D) * outputs[-1] * (1 - outputs[-1]), []
            for W, y in zip(weights[::-1], outputs[-2::-1]):
                found.insert(0, y.T @ delta + weight_decay * W**2)
                delta = delta @ W.T * y * (1 - y)
            return found
        """,
        {"W**2": ("w_12",)},
    ),
    "one step for every sample": (
        """
        def training(weights, X, D, learning_rate, steps):
            W, V = (each.copy() for each in weights)
            losses = [np.sum((S(S(X @ W) @ V) - D) ** 2) / len(X)]
            for _ in range(steps):
                for x, d in zip(X, D):
                    y = S(x @ W)
                    o = S(y @ V)
                    do = 2 * (o - d) * o * (1 - o)
                    dy = V @ do * y * (1 - y)
                    V = V - learning_rate * np.outer(y, do)
                    W = W - learning_rate * np.outer(x, dy)
                losses.append(np.sum((S(S(X @ W) @ V) - D) ** 2) / len(X))
            return [W, V], np.array(losses)
        """,
        {"V - learning_rate * np.outer(y, do)": ("w_12", "part_of_gradient_12")},
    ),
}


# Behind them, where nothing right is made of a value: the line that defines it.
DEFINED = {
    "no slope anywhere": ["2 / len(X) * (S(y @ V) - D)"],
    "as pasted": ["D - S(np.dot(a2, w2))"],
    "a delta handed in": ["(o - D) * o * (1 - o)"],
}
