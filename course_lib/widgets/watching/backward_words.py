"""What is written beside the sweep back: a step in formulas and numbers, and what a chosen place has to do with it."""

from course_lib.widgets.layout import LAYERS, Edge, Layout
from course_lib.widgets.symbol_markup import latex_of, mathml
from course_lib.widgets.watching.backward_picture import BACK, has_delta
from course_lib.widgets.watching.formulas import (
    Factor,
    chips,
    line,
    named,
    number,
    product,
    result,
    signed,
    sum_of,
    symbol,
    table,
)
from course_lib.widgets.watching.live_network import Numbers, error_formula, node_formula
from course_lib.widgets.watching.relations import edge_at, node_at
from course_lib.widgets.watching.steps import At
from course_lib.widgets.watching.sweep import Sweep


def step_words(at: At, layout: Layout, now: Numbers, sweep: Sweep, rate: float) -> str:
    """Return what a step computes, a line for every node of its layer."""
    values = now.at_places(layout)
    J, K = layout.sizes[1:]
    if at in (At.HIDDEN, At.OUTPUTS):
        name, count = LAYERS[at], layout.sizes[at]
        return "".join(_forward_line(f"{name}_{k}", at, k, values) for k in range(1, count + 1))
    if at == At.ERROR:
        return error_formula(now, whole=True)
    if at == At.ERROR_BY_OUTPUT:
        return "".join(_by_output(now, sweep, k) for k in range(1, K + 1))
    if at in (At.OUTPUT_DELTA, At.HIDDEN_DELTA):
        layer, count = (2, K) if at == At.OUTPUT_DELTA else (1, J)
        return "".join(_delta(now, sweep, layer, k) for k in range(1, count + 1))
    if at == At.BACK_THROUGH_W12:
        return "".join(_came_back(now, sweep, j, K) for j in range(1, J + 1))
    if at in (At.GRADIENT_W12, At.GRADIENT_W01):
        return _on_each_line(at, now)
    if at == At.UPDATE:
        return _update(now, sweep, rate)
    return ""


def chosen_words(
    slot: str, layout: Layout, now: Numbers, sweep: Sweep, at: At, known: dict[str, float]
) -> str:
    """Return what is to be said of the chosen place at this step; nothing where none is chosen."""
    edge, (layer, index, what) = edge_at(layout, slot), node_at(slot)
    if edge:
        return _weight(edge, now, sweep, at)
    if slot == "error" or slot.startswith("target_"):
        return error_formula(now, whole=True) if "error" in known else _not_yet("E")
    if layer < 0:
        return ""
    if what == "back":
        return _back_at(layout, now, sweep, layer, index, at)
    return node_formula(slot, layout, known) if slot in known else _not_yet("this number")


def _not_yet(what: str) -> str:
    return f"<p>The sweep has not come to {what} yet: press <b>Next step</b>.</p>"


def _forward_line(place: str, layer: int, k: int, values: dict[str, float]) -> str:
    net, y = f"net_n{k}_{layer - 1}{layer}", f"{'xyo'[layer]}_n{k}"
    inside, outside = values[f"{place}_net"], values[f"{place}_output"]
    return line(f"{symbol(net)} {result(inside)},", f"{symbol(y)} = S({number(inside)})", result(outside))


def _by_output(now: Numbers, sweep: Sweep, k: int) -> str:
    o, d, N = now.y[-1][now.n, k - 1], now.D[now.n, k - 1], len(now.X)
    difference = f"({mathml(latex_of(f'o_n{k}'))} − {mathml(latex_of(f'd_n{k}'))})"
    left = f"{_came(2, k)} = {_two_over(N)} {difference}"
    return line(
        left, f"= {_two_over(N)} ({number(o)} − {number(d)})", result(sweep.came_back[2][now.n, k - 1])
    )


def _two_over(N: int) -> str:
    return "2" if N == 1 else f"2/{N}"


def _delta(now: Numbers, sweep: Sweep, layer: int, k: int) -> str:
    came, slope = sweep.came_back[layer][now.n, k - 1], sweep.slopes[layer][now.n, k - 1]
    at_net = mathml(f"S'({latex_of(f'net_n{k}_{layer - 1}{layer}')})")
    left = f"{symbol(f'δ_n{k}_{layer - 1}{layer}')} = {_came(layer, k)} · {at_net}"
    return line(left, f"= {signed(came)} · {number(slope)}", result(sweep.deltas[layer][now.n, k - 1]))


def _came(layer: int, k: int) -> str:
    return mathml(f"∂E/∂{latex_of(('', f'y_n{k}', f'o_n{k}')[layer])}")


def _came_back(now: Numbers, sweep: Sweep, j: int, K: int) -> str:
    weights, delta = now.weights[1][j - 1], sweep.deltas[2][now.n]
    letters = " + ".join(mathml(f"{latex_of(f'w{j}{k}_12')} δ_{{n{k}}}") for k in range(1, K + 1))
    terms = [f"{signed(w)} · {signed(d)}" for w, d in zip(weights, delta, strict=True)]
    pieces = [f"= {terms[0]}", *(f"+ {term}" for term in terms[1:])]
    return line(f"{_came(1, j)} = {letters}", *pieces, result(sweep.came_back[1][now.n, j - 1]))


def _on_each_line(at: At, now: Numbers) -> str:
    i, j, entered, layers = (
        ("j", "k", "y_{nj}^{(1)}", "1,2") if at == At.GRADIENT_W12 else ("i", "j", "x_{ni}", "0,1")
    )
    left = mathml(f"∂E/∂w_{{{i}{j}}}^{{({layers})}}")
    right = mathml(f"{entered} δ_{{n{j}}}^{{({layers})}}")
    several = len(now.X) > 1
    summed = "<math><munder><mo>∑</mo><mi>n</mi></munder></math> " if several else ""
    shown = f" On the lines stand the products of training pair {now.n + 1}." if several else ""
    return line(f"{left} =", summed + right) + f"<p>Choose a weight to see its two factors.{shown}</p>"


def _update(now: Numbers, sweep: Sweep, rate: float) -> str:
    rule = f"<i>w</i> ← <i>w</i> − <i>η</i> · {mathml('∂E/∂w')}"
    return line(f"{rule},", f"with a learning rate of η = {rate:g}.") + line(
        f"<i>E</i> was {number(now.E)};", f"with these weights it is <b>{number(sweep.E_after)}</b>."
    )


def _weight(edge: Edge, now: Numbers, sweep: Sweep, at: At) -> str:
    """Return what entered a line and the delta at its end, the sum over the pairs, the finite difference, the move."""
    weight = mathml(latex_of(edge.name))
    value = now.weights[edge.layer][edge.start - 1, edge.end - 1]
    if not has_delta(edge, at):
        return line(
            f"{weight} {result(value)}.", "What it gets is what enters it, times the delta at its end."
        ) + _not_yet("that delta")
    factors = entered_and_delta(edge, now, sweep)
    boxes = chips(factors, now.n)
    boxes[-1] += f"<span class='bp-result'>{result(product(factors, now.n))}</span>"
    rows = []
    if len(now.X) > 1:
        every = sweep.product(now, edge)
        rows.append((f"sum over the pairs: {sum_of(every)}", ""))
    gradient, difference, moved = (
        float(of[edge.layer][edge.start - 1, edge.end - 1])
        for of in (sweep.gradients, sweep.differences, sweep.updated)
    )
    rows += [
        (f"derivative of <i>E</i> with respect to {weight}", f"<b>{number(gradient)}</b>"),
        ("finite difference of <i>E</i>", number(difference)),
    ]
    if at == At.UPDATE:
        rows.append((f"{weight} moves", f"from {number(value)} to <b>{number(moved)}</b>"))
    lead = "<i>what entered the line, times the delta at its end:</i>"
    return line(lead, *boxes, kind="bp-chips") + table(rows)


def entered_and_delta(edge: Edge, now: Numbers, sweep: Sweep) -> list[Factor]:
    """Return the two factors of a derivative."""
    layers = f"{edge.layer}{edge.layer + 1}"
    source = f"{'xy'[edge.layer]}_n{edge.start}"
    return [
        named(source, now.y[edge.layer][:, edge.start - 1]),
        named(f"δ_n{edge.end}_{layers}", sweep.deltas[edge.layer + 1][:, edge.end - 1]),
    ]


def _back_at(layout: Layout, now: Numbers, sweep: Sweep, layer: int, index: int, at: At) -> str:
    """Return how the delta of a node comes about, as far as the sweep has come."""
    first, then = BACK[layer]
    if at < first:
        return _not_yet("its delta")
    came = _came_back(now, sweep, index, layout.sizes[2]) if layer == 1 else _by_output(now, sweep, index)
    return came + (_delta(now, sweep, layer, index) if at >= then else "")
