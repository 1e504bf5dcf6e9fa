"""What stands where in the picture of a sweep at each step: under the nodes, on the lines, and what lights up."""

from course_lib.widgets.layout import LAYERS, Edge, Layout
from course_lib.widgets.watching.formulas import brief
from course_lib.widgets.watching.live_network import Numbers
from course_lib.widgets.watching.relations import edge_at, incoming, node_at, outgoing, related
from course_lib.widgets.watching.steps import STEPS, At
from course_lib.widgets.watching.sweep import Sweep

# The step at which dE/dy of a layer's outputs is known, and the one at which its deltas are.
BACK = {1: (At.BACK_THROUGH_W12, At.HIDDEN_DELTA), 2: (At.ERROR_BY_OUTPUT, At.OUTPUT_DELTA)}
Written = dict[str, tuple[str, str]]  # place -> LaTeX and number


def is_known(slot: str, at: At) -> bool:
    """Tell whether the forward pass has come to a place."""
    if slot == "error":
        return at >= At.ERROR
    layer, _, _ = node_at(slot)
    return layer < 1 or at >= layer


def has_delta(edge: Edge, at: At) -> bool:
    """Tell whether the delta at the end of an edge is known."""
    return at >= BACK[edge.layer + 1][1]


def under_nodes(layout: Layout, now: Numbers, sweep: Sweep, at: At) -> Written:
    """Return what stands under the nodes: first how E moves with their outputs, then their deltas."""
    found = {}
    for node in layout.nodes:
        if not node.layer:
            continue
        came, delta = BACK[node.layer]
        seen = (now.n, node.index - 1)
        if at >= delta:
            found[f"{node.slot}_back"] = (
                f"δ_{{n{node.index}}}",
                brief(float(sweep.deltas[node.layer][seen]), 3),
            )
        elif at >= came:
            latex = f"∂E/∂{'xyo'[node.layer]}_{{{node.index}}}"
            found[f"{node.slot}_back"] = latex, brief(float(sweep.came_back[node.layer][seen]), 3)
    return found


def on_lines(layout: Layout, now: Numbers, sweep: Sweep, at: At) -> Written:
    """Return what a step writes on the lines in place of their weights."""
    found = {}
    for edge in layout.edges:
        i, j = edge.start, edge.end
        if at == (At.GRADIENT_W01, At.GRADIENT_W12)[edge.layer]:
            latex, values = f"{'xy'[edge.layer]}_{{{i}}} δ_{{{j}}}", sweep.product(now, edge)
            found[edge.slot] = latex, brief(float(values[now.n]))
        elif at == At.BACK_THROUGH_W12 and edge.layer == 1:
            found[edge.slot] = f"w_{{{i}{j}}} δ_{{{j}}}", brief(float(sweep.carried_back(now, edge)[now.n]))
        elif at == At.UPDATE:
            found[edge.slot] = f"w_{{{i}{j}}}", brief(float(sweep.updated[edge.layer][i - 1, j - 1]))
    return found


def lines_of(layout: Layout, at: At) -> list[str]:
    """Return the lines that a step is about."""
    layer = STEPS[at].lines
    if layer == len(layout.sizes):
        return [slot for slot, _ in layout.compared]
    nodes = range(1, layout.sizes[layer] + 1) if layer else ()
    return [edge.slot for k in nodes for edge in incoming(layout, layer, k)]


def lights(layout: Layout, slot: str, at: At) -> dict[str, str]:
    """Return what lights up around the chosen place; where none is chosen, what the step is about."""
    edge, (layer, index, what) = edge_at(layout, slot), node_at(slot)
    if what == "back":
        lit = {slot: "on", f"{LAYERS[layer]}_{index}": "back"}
        for one in outgoing(layout, layer, index):
            lit |= {one.slot: "back", f"{LAYERS[layer + 1]}_{one.end}_back": "back"}
        return lit
    if edge and has_delta(edge, at):
        return related(layout, slot) | {f"{LAYERS[edge.layer + 1]}_{edge.end}_back": "on"}
    return related(layout, slot) if slot else _step_lights(layout, at)


def _step_lights(layout: Layout, at: At) -> dict[str, str]:
    step = STEPS[at]
    kind = "up" if step.phase == "forward" else "back"
    nodes = [node.slot for node in (*layout.nodes, *layout.targets) if node.layer in step.nodes]
    return dict.fromkeys([*lines_of(layout, at), *nodes], kind)
