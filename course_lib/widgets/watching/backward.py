"""The sweep back, step by step: where each delta arises, how it flows back, and what every weight gets of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import traitlets

from course_lib.checking.student import kernel
from course_lib.closing import guard
from course_lib.inputs import Array, as_number
from course_lib.network import personal_network
from course_lib.widgets.network_widget import with_back_places
from course_lib.widgets.static import Still
from course_lib.widgets.symbol_markup import mathml
from course_lib.widgets.watching.backward_picture import (
    has_delta,
    is_known,
    lights,
    lines_of,
    on_lines,
    under_nodes,
)
from course_lib.widgets.watching.backward_words import chosen_words, entered_and_delta, step_words
from course_lib.widgets.watching.formulas import number
from course_lib.widgets.watching.forward import one_pair
from course_lib.widgets.watching.live_network import LiveNetwork, Network, Numbers, as_small_network
from course_lib.widgets.watching.relations import edge_at
from course_lib.widgets.watching.steps import STEPS, At
from course_lib.widgets.watching.sweep import Sweep


def watch_backward(
    weights: Sequence[Array] | None = None,
    X: Array | None = None,
    D: Array | None = None,
    learning_rate: float = 1.0,
) -> Any:
    """Open a network on which backpropagation is stepped through: forward, backward, update, and again.

    Parameters
    ----------
    weights, X, D : array_like, optional
        A network of three layers of at most four neurons, its inputs (N, I) and targets (N, K). Left out, it is the
        network of `watch_forward` with its one training pair.
    learning_rate : float
        Of the update.
    """
    guard("course_lib.backprop", "watch_backward")
    given = {"weights": weights, "X": X, "D": D}
    missing = [name for name, value in given.items() if value is None]
    if missing and len(missing) < 3:
        raise ValueError(f"{missing[0]}: weights, X and D belong together: give all three or none of them")
    network = one_pair(None) if missing else as_small_network(weights, X, D)
    if is_worked_by_hand(network):
        raise ValueError(
            "weights: the derivatives of this network are yours to find, in number_by_hand of lesson 03; "
            "watch_backward() without arguments shows another network"
        )
    return BackwardDiagram(network, as_number("learning_rate", learning_rate))


def is_worked_by_hand(network: Network) -> bool:
    """Tell whether a network is the one of this notebook's name, for which the numbers are asked for."""
    weights, X, _ = network
    own, own_X, _ = personal_network(kernel.own_name())
    return all(map(np.array_equal, (*weights, X), (*own, own_X)))


class BackwardDiagram(LiveNetwork):
    """A sweep that can be stepped forward and back; any weight says what it gets."""

    caption = "In a running notebook, the sweep can be stepped through, and every node and weight be chosen."

    def __init__(self, network: Network, learning_rate: float) -> None:
        self._initial, self._rate = network, learning_rate
        self._sweep = Sweep.of(network, learning_rate)
        board = {
            "task": "Press <b>Next step</b> and follow the numbers. Choose a weight or a node at any time.",
            "steps": [{"phase": step.phase, "name": step.name} for at, step in STEPS.items() if at],
        }
        super().__init__(network, board, mode="backward", title="backpropagation, step by step")
        self.board = with_back_places(self.board, self._layout)
        self.on_msg(self._on_message)
        self.show()

    def still(self) -> Still:
        """Return the picture at the end of the sweep back: every number, every delta."""
        found = super().still()
        tags = under_nodes(self._layout, self.numbers(), self._sweep, At.UPDATE)
        spoken = ", ".join(
            f"{slot.replace('_', ' ').removesuffix(' back')}: {text}" for slot, (_, text) in tags.items()
        )
        return replace(found, tags=tags, alt=f"{found.alt} The deltas of the sweep back: {spoken}.")

    @traitlets.validate("step")
    def _a_step(self, proposal: Any) -> int:
        return min(max(proposal["value"], At.START), At.UPDATE)

    @traitlets.observe("step")
    def _stepped(self, change: Any) -> None:
        self.show()
        step = STEPS[At(self.step)]
        if step.flows and step.lines and change["new"] > change["old"]:
            way = "forward" if step.phase == "forward" else "back"
            count = self.flow.get("count", 0) + 1
            self.flow = {"way": way, "lines": lines_of(self._layout, At(self.step)), "count": count}

    def _on_message(self, _: Any, content: Any, __: Any) -> None:
        what = content.get("do") if isinstance(content, dict) else None
        if what == "again":
            self._begin((self._sweep.updated, *self._network[1:]), At.HIDDEN)
        elif what == "reset":
            self._begin(self._initial, At.START)

    def _begin(self, network: Network, at: At) -> None:
        """Take other weights, and go to a step."""
        self._network, self._sweep = network, Sweep.of(network, self._rate)
        with self.hold_sync():
            self.step = at
            self.show()

    def lights(self) -> dict[str, str]:
        """Return what lights up around the chosen place; where none is chosen, what the step is about."""
        return lights(self._layout, self.selected, At(self.step))

    def tell(self, now: Numbers, values: dict[str, float]) -> None:
        """Write the step, and what the chosen place has to do with it."""
        at = At(self.step)
        known = {slot: value for slot, value in values.items() if is_known(slot, at)}
        back = under_nodes(self._layout, now, self._sweep, at) | on_lines(self._layout, now, self._sweep, at)
        self.symbols = {slot: mathml(latex) for slot, (latex, _) in back.items()}
        self.texts = {slot: self.texts[slot] for slot in known} | {
            slot: text for slot, (_, text) in back.items()
        }
        chosen = chosen_words(self.selected, self._layout, now, self._sweep, at, known)
        words = chosen or step_words(at, self._layout, now, self._sweep, self._rate)
        self.panel = f"<p class='bp-step'>{self._sentence(at)}</p>{words}"
        self.status = self._heard(at, now, known)

    def _sentence(self, at: At) -> str:
        step = STEPS[at]
        return f"{step.phase.capitalize()}, {step.name}: {step.says}" if step.phase else step.says

    def _heard(self, at: At, now: Numbers, known: dict[str, float]) -> str:
        """Return what a screen reader says: the chosen place, or the step."""
        edge = edge_at(self._layout, self.selected)
        if edge and has_delta(edge, at):
            i, j = edge.start - 1, edge.end - 1
            entered, delta = (float(f.values[now.n]) for f in entered_and_delta(edge, now, self._sweep))
            return (
                f"{self.said(edge.slot, known)}. What entered it, {number(entered)}, times the delta at its end, "
                f"{number(delta)}, is {number(entered * delta)}. The derivative of E is "
                f"{number(self._sweep.gradients[edge.layer][i, j])}, the finite difference "
                f"{number(self._sweep.differences[edge.layer][i, j])}."
            )
        return f"{self.said(self.selected, known)}." if self.selected in known else self._sentence(at)
