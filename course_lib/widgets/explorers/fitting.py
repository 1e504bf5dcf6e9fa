"""One weight and its loss: how well S(wx) fits the samples, and the point of the loss curve that this is."""

import html
from typing import Any

import ipywidgets
import numpy as np

from course_lib.activations import sigmoid
from course_lib.inputs import Array, as_array, as_number
from course_lib.palette import COLOURS, INK
from course_lib.plots import figure_html, image_tag
from course_lib.widgets.explorers.animation import HERE, NOW, AnimatedFigure, Frame
from course_lib.widgets.explorers.display import Display
from course_lib.widgets.formatting import format_number
from course_lib.widgets.saved_picture import WithSavedPicture

LOWEST, HIGHEST, STEP = -3.0, 10.0, 0.1
WEIGHTS = np.linspace(LOWEST, HIGHEST, round((HIGHEST - LOWEST) / STEP) + 1)


def explore_loss(x: Array, d: Array, w: float = 0.0) -> Any:
    """Open samples, the curve S(wx) through them, and the loss against w; a slider moves w.

    Parameters
    ----------
    x, d : array_like
        Inputs and targets, (N,) each.
    w : float
        The weight to begin with, from -3 to 10.
    """
    x, d = as_array("x", x), as_array("d", d)
    if x.ndim != 1 or x.shape != d.shape or not len(x):
        raise ValueError(f"d: expected x and d of the same shape (N,), got {x.shape} and {d.shape}")
    if not LOWEST <= as_number("w", w) <= HIGHEST:
        raise ValueError(f"w: expected a number from {LOWEST:g} to {HIGHEST:g}, got {w:g}")
    return LossExplorer(x, d, float(w))


class LossExplorer(WithSavedPicture, ipywidgets.VBox):
    """The samples with S(wx) and its errors, beside the mean of their squares for every w."""

    title = "Fit it by hand."
    question = (
        "Each dot is a sample, and the blue curve is S(wx). Each thin line is the error of one sample; the loss is "
        "the mean of their squares."
    )

    def __init__(self, x: Array, d: Array, w: float) -> None:
        self._x, self._d = x, d
        self._losses = np.array([self._loss(each) for each in WEIGHTS])
        self._weight = ipywidgets.FloatSlider(
            w, min=LOWEST, max=HIGHEST, step=STEP, description="weight w", layout={"width": "420px"}
        )
        self.display = Display()
        self.display.add_class("bp-short")
        self._create_figures()
        task = f"<p class='bp-task'><b>{html.escape(self.title)}</b> {html.escape(self.question)}</p>"
        super().__init__([ipywidgets.HTML(task), self._weight, self.display])
        self.add_class("bp-explorer")
        self._weight.observe(lambda _: self.refresh(), "value")
        self.refresh()

    def _loss(self, w: float) -> float:
        return float(np.mean((sigmoid(w * self._x) - self._d) ** 2))

    def _create_figures(self) -> None:
        from matplotlib.collections import (
            LineCollection,
        )  # here, so that the import of course_lib stays light

        self._fit_figure, self._loss_figure = AnimatedFigure(480, 310), AnimatedFigure(480, 310)
        box = (0.1, 0.17, 0.87, 0.75)
        axes = self._fit_figure.axes(box, "input x", "target d, and S(wx)")
        room = 0.05 * np.ptp(self._x) or 1.0
        self._inputs = np.linspace(self._x.min() - room, self._x.max() + room, 121)
        low, high = min(-0.05, self._d.min() - 0.05), max(1.05, self._d.max() + 0.05)
        axes.set(xlim=(self._inputs[0], self._inputs[-1]), ylim=(low, high))
        self._errors = self._fit_figure.animate(
            axes.add_collection(LineCollection([], colors=COLOURS["o"], linewidths=1.2))
        )
        self._curve = self._fit_figure.animate(axes.plot([], [], color=NOW, linewidth=2.2)[0])
        samples = axes.plot(self._x, self._d, "o", color=COLOURS["d"], markersize=5, markeredgewidth=0)[0]
        self._fit_figure.animate(samples)
        beside = self._loss_figure.axes(box, "weight w", "loss")
        beside.plot(WEIGHTS, self._losses, color=INK, linewidth=1.6)
        beside.set(xlim=(LOWEST, HIGHEST), ylim=(0, 1.05 * self._losses.max()))
        self._here = self._loss_figure.animate(beside.plot([], [], "o", color=HERE, markersize=9)[0])

    def refresh(self) -> None:
        """Show the current weight."""
        w = self._weight.value
        loss = self._loss(w)
        said = (
            f"w = {format_number(w)}: the mean of the {len(self._x)} squared errors is {format_number(loss)}."
        )
        at_bottom = loss <= self._losses.min() + 1e-12
        message = "Move w, and make the loss as small as you can."
        if at_bottom:
            message = "This is the bottom: no other w on the slider has a smaller loss."
        self.display.show(self._frames(w, loss), said, message)

    def _frames(self, w: float, loss: float) -> list[Frame]:
        guesses = sigmoid(w * self._x)
        self._errors.set_segments(
            [[(x, d), (x, o)] for x, d, o in zip(self._x, self._d, guesses, strict=True)]
        )
        self._curve.set_data(self._inputs, sigmoid(w * self._inputs))
        self._here.set_data([w], [loss])
        largest = format_number(float(np.abs(guesses - self._d).max()), 2)
        fit = f"{len(self._x)} samples and the curve S(wx) for w = {w:.3g}; the largest error is {largest}."
        lowest = WEIGHTS[self._losses.argmin()]
        curve = (
            f"The loss against w from {LOWEST:g} to {HIGHEST:g}, lowest near {lowest:.3g}; "
            f"now {format_number(loss)}."
        )
        return [self._fit_figure.frame(fit), self._loss_figure.frame(curve)]

    def static_html(self) -> str:
        """Return the current state as an HTML figure, for places without widgets."""
        w = self._weight.value
        images = [image_tag(f.whole(), f.alt, width=f.width) for f in self._frames(w, self._loss(w))]
        caption = f"{self.title} {self.display.detail} In a running notebook, w can be moved."
        return figure_html("".join(images), html.escape(caption), max_width="70em")
