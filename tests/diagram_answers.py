"""The right factors of all six derivatives, as a diagram keeps them."""

from __future__ import annotations

O_SIDE = ("2", "o_n1 - d_n1", "S'(net_n1_12)")
FACTORS = {
    "w11_12": (*O_SIDE, "y_n1"),
    "w21_12": (*O_SIDE, "y_n2"),
    "w11_01": (*O_SIDE, "w11_12", "S'(net_n1_01)", "x_n1"),
    "w12_01": (*O_SIDE, "w21_12", "S'(net_n2_01)", "x_n1"),
    "w21_01": (*O_SIDE, "w11_12", "S'(net_n1_01)", "x_n2"),
    "w22_01": (*O_SIDE, "w21_12", "S'(net_n2_01)", "x_n2"),
}


def chosen(*names):
    return {f"factor_{n}": name for n, name in enumerate(names, 1)}
