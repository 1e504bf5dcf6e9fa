"""Right answers in five styles: matrices, sample by sample, columns, loops over indices, helpers and classes."""

from __future__ import annotations

import textwrap

HEAD = """
import numpy as np


def S(z):
    return 1.0 / (1.0 + np.exp(-z))


def dS(z):
    return S(z) * (1.0 - S(z))
"""

# (exercise, style) -> the source of its cell
SOURCES: dict[tuple[str, str], str] = {
    ("backprop", "matrices"): """
        def backprop(weights, X, D):
            W01, W12 = weights
            net01 = X @ W01
            y = S(net01)
            net12 = y @ W12
            o = S(net12)
            delta_o = 2 / len(X) * (o - D) * dS(net12)
            dW12 = y.T @ delta_o
            delta_h = delta_o @ W12.T * dS(net01)
            dW01 = X.T @ delta_h
            return [dW01, dW12]
    """,
    ("backprop", "samples"): """
        def backprop(weights, X, D):
            W01, W12 = weights
            dW01, dW12 = np.zeros_like(W01), np.zeros_like(W12)
            for x, d in zip(X, D):
                y = S(x @ W01)
                o = S(y @ W12)
                error = o - d
                delta_o = error * o * (1 - o)
                delta_h = W12 @ delta_o * y * (1 - y)
                dW12 += np.outer(y, delta_o)
                dW01 += np.outer(x, delta_h)
            return [2 * dW01 / len(X), 2 * dW12 / len(X)]
    """,
    ("backprop", "columns"): """
        def backprop(weights, X, D):
            first, second = weights[0].T, weights[1].T
            A0, T = X.T, D.T
            m = A0.shape[1]
            A1 = S(np.dot(first, A0))
            A2 = S(np.dot(second, A1))
            dA2 = 2 * (A2 - T) / m
            dZ2 = dA2 * A2 * (1 - A2)
            dA1 = np.dot(second.T, dZ2)
            dZ1 = np.multiply(dA1, A1 * (1 - A1))
            grads = {}
            grads["second"] = np.dot(dZ2, A1.T)
            grads["first"] = np.dot(dZ1, A0.T)
            return [grads["first"].T, grads["second"].T]
    """,
    ("backprop", "indices"): """
        def backprop(weights, X, D):
            W01, W12 = weights
            N, I = X.shape
            J, K = W12.shape
            dW01, dW12 = np.zeros((I, J)), np.zeros((J, K))
            for n in range(N):
                net01 = [sum(X[n, i] * W01[i, j] for i in range(I)) for j in range(J)]
                y = [S(value) for value in net01]
                net12 = [sum(y[j] * W12[j, k] for j in range(J)) for k in range(K)]
                o = [S(value) for value in net12]
                delta_o = [2 / N * (o[k] - D[n, k]) * o[k] * (1 - o[k]) for k in range(K)]
                for j in range(J):
                    back = 0.0
                    for k in range(K):
                        back += delta_o[k] * W12[j, k]
                        dW12[j, k] += y[j] * delta_o[k]
                    delta_h = back * y[j] * (1 - y[j])
                    for i in range(I):
                        dW01[i, j] += X[n, i] * delta_h
            return [dW01, dW12]
    """,
    ("backprop", "classes"): """
        def error_of(outputs, targets):
            return 2.0 * (outputs - targets) / len(targets)


        class Layer:
            def __init__(self, W):
                self.W = W

            def forward(self, values):
                self.values = values
                self.out = S(values @ self.W)
                return self.out

            def backward(self, upstream):
                self.delta = upstream * self.out * (1.0 - self.out)
                self.gradient = self.values.T @ self.delta
                return self.delta @ self.W.T


        def backprop(weights, X, D):
            layers = [Layer(W) for W in weights]
            values = X
            for layer in layers:
                values = layer.forward(values)
            upstream = error_of(values, D)
            for layer in reversed(layers):
                upstream = layer.backward(upstream)
            return [layer.gradient for layer in layers]
    """,
    ("gradient_W01", "matrices"): """
        def gradient_W01(weights, X, D):
            y = S(X @ weights[0])
            o = S(y @ weights[1])
            e = o - D
            slope_o = o * (1 - o)
            back = np.einsum("nk,jk->nj", e * slope_o, weights[1])
            slope_h = y * (1 - y)
            return 2 / len(X) * np.einsum("ni,nj->ij", X, back * slope_h)
    """,
    ("gradient_W12", "samples"): """
        def gradient_W12(weights, X, D):
            out = np.zeros(weights[1].shape)
            for n in range(len(X)):
                y = S(X[n] @ weights[0])
                o = S(y @ weights[1])
                delta = 2 * (o - D[n]) * o * (1 - o)
                out += np.outer(y, delta)
            return out / len(X)
    """,
    ("dE_dw11_01", "samples"): """
        def dE_dw11_01(W01, W12, X, D):
            total = 0.0
            for x, d in zip(X, D):
                net1 = x[0] * W01[0, 0] + x[1] * W01[1, 0]
                net2 = x[0] * W01[0, 1] + x[1] * W01[1, 1]
                y1, y2 = S(net1), S(net2)
                o = S(y1 * W12[0, 0] + y2 * W12[1, 0])
                total += 2 * (o - d[0]) * o * (1 - o) * W12[0, 0] * y1 * (1 - y1) * x[0]
            return total / len(X)
    """,
    ("output_delta", "matrices"): """
        def output_delta(o, D):
            error = o - D
            slope = o * (1 - o)
            return 2 * error * slope / len(D)
    """,
    ("hidden_delta", "samples"): """
        def hidden_delta(delta_o, W12, y):
            rows = []
            for d, h in zip(delta_o, y):
                back = W12 @ d
                rows.append(back * h * (1 - h))
            return np.array(rows)
    """,
    ("forward_pass", "matrices"): """
        def forward_pass(W01, W12, X):
            net01 = X @ W01
            y = S(net01)
            net12 = y @ W12
            return net01, y, net12, S(net12)
    """,
    ("mse", "indices"): """
        def mse(O, D):
            total = 0.0
            for n in range(len(O)):
                for k in range(O.shape[1]):
                    difference = O[n, k] - D[n, k]
                    total += difference * difference
            return total / len(O)
    """,
    ("decayed_gradients", "matrices"): """
        def decayed_gradients(weights, X, D, weight_decay):
            outputs = [X]
            for W in weights:
                outputs.append(S(outputs[-1] @ W))
            delta = 2 / len(X) * (outputs[-1] - D) * outputs[-1] * (1 - outputs[-1])
            found = []
            for layer in range(len(weights) - 1, -1, -1):
                gradient = outputs[layer].T @ delta
                decay = 2 * weight_decay * weights[layer]
                found.insert(0, gradient + decay)
                back = delta @ weights[layer].T
                delta = back * outputs[layer] * (1 - outputs[layer])
            return found
    """,
    ("clip_by_global_norm", "matrices"): """
        def clip_by_global_norm(gradients, max_norm):
            total = 0.0
            for g in gradients:
                total += np.sum(g ** 2)
            norm = np.sqrt(total)
            if norm <= max_norm:
                return list(gradients)
            factor = max_norm / norm
            return [factor * g for g in gradients]
    """,
    ("update", "matrices"): """
        def update(weights, gradients, learning_rate):
            steps = [learning_rate * g for g in gradients]
            return [W - step for W, step in zip(weights, steps)]
    """,
}


def source_of(exercise: str, style: str) -> str:
    """Return the text of a cell."""
    return textwrap.dedent(SOURCES[exercise, style]).strip() + "\n"
