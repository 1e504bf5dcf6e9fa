"""Right gradients in other conventions of code: how each value of the deck may come to be in a notebook."""

from __future__ import annotations

import textwrap

_WAYS = {
    "einsum": """
        def backprop(weights, X, D):
            A, B = weights
            y = S(np.einsum("ni,ij->nj", X, A))
            o = S(np.einsum("nj,jk->nk", y, B))
            e = np.einsum("nk,nk,nk->nk", o - D, o, 1 - o)
            back = np.einsum("nk,jk,nj,nj->nj", e, B, y, 1 - y)
            return [2 / len(X) * np.einsum("ni,nj->ij", X, back), 2 / len(X) * np.einsum("nj,nk->jk", y, e)]
    """,
    "outer_in_a_list": """
        def backprop(weights, X, D):
            A, B = weights
            outs = [(x, S(x @ A), d) for x, d in zip(X, D)]
            outs = [(x, y, S(y @ B), d) for x, y, d in outs]
            deltas = [(o - d) * (o - o * o) for x, y, o, d in outs]
            dB = sum(np.outer(y, delta) for (x, y, o, d), delta in zip(outs, deltas))
            dA = sum(np.outer(x, (B @ delta) * y * (1 - y)) for (x, y, o, d), delta in zip(outs, deltas))
            return [2 * dA / len(outs), 2 * dB / len(outs)]
    """,
    "out_arguments": """
        def backprop(weights, X, D):
            A, B = weights
            y = S(np.dot(X, A))
            o = S(np.dot(y, B))
            d = np.empty_like(o)
            np.subtract(o, D, out=d)
            np.multiply(d, o, out=d)
            np.multiply(d, np.subtract(1, o), out=d)
            np.multiply(d, 2 / len(X), out=d)
            h = np.dot(d, B.T)
            np.multiply(h, y, out=h)
            h *= 1 - y
            return [np.dot(X.T, h), np.dot(y.T, d)]
    """,
    "in_place": """
        def backprop(weights, X, D):
            A, B = (W.copy() for W in weights)
            y = S(X @ A)
            d = S(y @ B)
            slope = d * (1 - d)
            d -= D
            d *= slope
            d /= len(X)
            d += d
            h = d @ B.T
            h *= y
            h *= 1 - y
            return [X.T @ h, y.T @ d]
    """,
    "dataclass": """
        from dataclasses import dataclass, field


        @dataclass
        class Layer:
            W: object
            seen: list = field(default_factory=list)

            def __call__(self, values):
                self.seen = [values, S(values @ self.W)]
                return self.seen[-1]

            def back(self, upstream):
                values, out = self.seen
                delta = upstream * out * (1 - out)
                return values.T @ delta, delta @ self.W.T


        def backprop(weights, X, D):
            layers = [Layer(W) for W in weights]
            out = X
            for layer in layers:
                out = layer(out)
            upstream, found = (out - D) * 2 / D.shape[0], []
            for layer in layers[::-1]:
                gradient, upstream = layer.back(upstream)
                found.append(gradient)
            return found[::-1]
    """,
    "generators": """
        def forward(weights, X):
            values = X
            yield values
            for W in weights:
                values = S(values @ W)
                yield values


        def backward(weights, outputs, upstream):
            for W, before, after in zip(weights[::-1], outputs[-2::-1], outputs[:0:-1]):
                delta = upstream * after * (1.0 - after)
                yield before.T @ delta
                upstream = delta @ W.T


        def backprop(weights, X, D):
            outputs = list(forward(weights, X))
            upstream = 2.0 / len(X) * (outputs[-1] - D)
            return list(backward(weights, outputs, upstream))[::-1]
    """,
    "walrus": """
        def backprop(weights, X, D):
            A, B = weights
            if (o := S((y := S(X @ A)) @ B)) is None:
                return None
            gradient = y.T @ (delta := (o - D) * (1 - o) * o * 2 / len(X))
            return [X.T @ ((back := delta @ B.T) * (y - y**2)), gradient]
    """,
    "try_and_finally": """
        def backprop(weights, X, D):
            found = []
            try:
                y = S(X @ weights[0])
                o = S(y @ weights[1])
                try:
                    raise KeyError("nothing")
                except KeyError:
                    e = o - D
                with np.errstate(all="ignore"):
                    delta = e * o * (1 - o) / len(X)
            finally:
                found.append(2 * y.T @ delta)
            return [X.T @ (2 * delta @ weights[1].T * y * (1 - y)), *found]
    """,
    "closures": """
        def backprop(weights, X, D):
            A, B = weights
            N = X.shape[0]

            def slope(values):
                return values * (1 - values)

            def deltas():
                d = 2 * (o - D) / N * slope(o)
                return d, (lambda back: back * slope(y))(d @ B.T)

            y = S(X @ A)
            o = S(y @ B)
            d, h = deltas()
            return [X.T @ h, y.T @ d]
    """,
    "recursion": """
        def below(weights, values, D):
            W, *rest = weights
            out = S(values @ W)
            if rest:
                found, upstream = below(rest, out, D)
            else:
                found, upstream = [], 2 * (out - D) / len(D)
            delta = upstream * out * (1 - out)
            return [values.T @ delta, *found], delta @ W.T


        def backprop(weights, X, D):
            return below(list(weights), X, D)[0]
    """,
    "more_axes": """
        def backprop(weights, X, D):
            A, B = weights
            y = S((X[:, :, None] * A[None]).sum(axis=1))
            o = S((y[:, :, None] * B[None]).sum(axis=1))
            d = (o - D) * o * (1 - o)
            h = (d[:, None, :] * B[None]).sum(axis=2) * y * (1 - y)
            dA = (X[:, :, None] * h[:, None, :]).mean(axis=0)
            dB = (y[:, :, None] * d[:, None, :]).mean(axis=0)
            return [2 * dA, 2 * dB]
    """,
    "tensordot": """
        def backprop(weights, X, D):
            y = S(np.tensordot(X, weights[0], axes=1))
            o = S(np.tensordot(y, weights[1], axes=([1], [0])))
            delta = np.divide(2 * np.prod([o - D, o, 1 - o], axis=0), X.shape[0])
            back = np.tensordot(delta, weights[1], axes=([1], [1]))
            return [np.tensordot(X, back * y * (1 - y), axes=([0], [0])), np.tensordot(y, delta, axes=([0], [0]))]
    """,
    "matmul_by_hand": """
        def times(P, Q):
            def entry(row, column):
                return sum(P[row, m] * Q[m, column] for m in range(len(Q)))

            return np.array([[entry(r, c) for c in range(Q.shape[1])] for r in range(len(P))])


        def backprop(weights, X, D):
            y = S(times(X, weights[0]))
            o = S(times(y, weights[1]))
            delta = 2 / len(X) * (o - D) * o * (1 - o)
            return [times(X.T, times(delta, weights[1].T) * y * (1 - y)), times(y.T, delta)]
    """,
    "other_end": """
        def backprop(weights, X, D):
            A, B = weights
            y = S(X @ A)
            o = S(y @ B)
            slopes = o * (1 - o)
            through = slopes[:, None, :] * B[None, :, :]
            reach = through * (y * (1 - y))[:, :, None]
            dE = -2 * (D - o) / len(X)
            dA = np.zeros_like(A)
            for i in range(A.shape[0]):
                for j in range(A.shape[1]):
                    dA[i, j] = np.sum(dE * reach[:, j, :] * X[:, [i]])
            return [dA, y.T @ (dE * slopes)]
    """,
    "while_and_lists": """
        def backprop(weights, X, D):
            n, grads = 0, [np.zeros(W.shape) for W in weights]
            while n < len(X):
                acts = [X[n]]
                for W in weights:
                    acts += [S(acts[-1].dot(W))]
                err = 2 * (acts[-1] - D[n])
                layer = len(weights)
                while layer:
                    layer -= 1
                    err = err * acts[layer + 1] * (1 - acts[layer + 1])
                    grads[layer] = grads[layer] + acts[layer].reshape(-1, 1) @ err.reshape(1, -1)
                    err = weights[layer].dot(err)
                n += 1
            return [g / n for g in grads]
    """,
    "dict_of_state": """
        def backprop(weights, X, D):
            local = {"X": X, "D": D, "W": list(weights)}
            local["y"] = S(local["X"] @ local["W"][0])
            local["o"] = S(local["y"] @ local["W"][1])
            local["e"] = local["o"] - local["D"]
            local["do"] = 2 * local["e"] * local["o"] * (1 - local["o"]) / len(X)
            local["dh"] = local["do"] @ local["W"][1].T * local["y"] * (1 - local["y"])
            return [local["X"].T @ local["dh"], local["y"].T @ local["do"]]
    """,
}

RIGHT_WAYS = {name: textwrap.dedent(source).strip() + "\n" for name, source in _WAYS.items()}
