"""Training live, with the learning rate under one's hand."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from course_lib.plots import COLOURS
from course_lib.widgets.exploring.explorer import Explorer
from course_lib.widgets.exploring.session import spelt
from course_lib.widgets.exploring.settings import count, number
from course_lib.widgets.exploring.sheet import FAINT, INK, Sheet, Shot, Trace
from course_lib.widgets.exploring.training import GOAL, LAST, SIZES, Training

# Name, its row in D, colour and marker, as in the lesson's other pictures of the birds.
SPECIES = (
    ("Adelie", (0, 0), "#3f90da", "o"),
    ("Chinstrap", (1, 0), "#bd1f01", "^"),
    ("Gentoo", (0, 1), "#832db6", "s"),
)


def explore_training(learning_rate: float = 1.0, seed: int = 1) -> Any:
    """Open a network that learns the penguins: predict, then step or play.

    Parameters
    ----------
    learning_rate : float
        From 0.01 to 1000.
    seed : int
        Of the first weights, from 0 to 99.
    """
    Training(learning_rate, seed)
    return TrainingExplorer(learning_rate, seed)


class TrainingExplorer(Explorer):
    """E against the step, the outputs for every bird, and the weights in numbers."""

    title = "Train it yourself."
    question = (
        f"A 3-4-2 network is to learn the penguins in {LAST} steps. Choose a learning rate and a start. "
        "What will E do? Predict, then run. The rate may be changed on the way."
    )
    predictions: ClassVar = {
        "learns": f"it falls below {GOAL:g}",
        "on its way": f"it is still above {GOAL:g} at the end, and falling",
        "stuck": f"it gets stuck above {GOAL:g}",
    }

    def __init__(self, learning_rate: float, seed: int) -> None:
        self._rate = number("rate η", learning_rate, 0.01, 1000.0, 0.01)
        self._seed = count("start (seed)", seed, 0, 99)
        self._draw_grounds()
        super().__init__([self._seed])
        self._rate.observe(self._changed, "value")

    def _laid_out(self, settings: list[Any]) -> list[Any]:
        return super()._laid_out([self._rate, *settings])

    def _changed(self, change: Any) -> None:
        """Take the rate on the way; a run that is over begins again."""
        if self.session.run.over:
            self.renew()
        else:
            self.session.run.learning_rate = change["new"]
            self.refresh()

    def begin(self) -> Training:
        """Return a network that has learnt nothing."""
        return Training(self._rate.value, self._seed.value)

    def _draw_grounds(self) -> None:
        self._falling, self._clouds, self._numbers = Sheet(390, 310), Sheet(310, 310), Sheet(310, 310)
        axes = self._falling.axes((0.16, 0.145, 0.81, 0.83), "step", "E")
        axes.set(yscale="log", ylim=(0.005, 2))
        axes.axhline(GOAL, color=FAINT, linewidth=1)
        axes.text(
            0.99, GOAL * 1.08, f"{GOAL:g}", color=FAINT, ha="right", transform=axes.get_yaxis_transform()
        )
        self._trace = Trace(self._falling, axes, LAST)
        self._birds = self._outputs()
        self._cells = [
            self._matrix((0.02, 0.24, 0.58, 0.54), "01", SIZES[:2]),
            self._matrix((0.68, 0.15, 0.3, 0.72), "12", SIZES[1:]),
        ]

    def _outputs(self) -> list[Any]:
        axes = self._clouds.axes((0.17, 0.145, 0.8, 0.83), "$o_{n1}$", "$o_{n2}$")
        axes.set(xlim=(-0.08, 1.08), ylim=(-0.08, 1.08), xticks=(0, 0.5, 1), yticks=(0, 0.5, 1))
        for label in (axes.xaxis.label, axes.yaxis.label):
            label.set_color(COLOURS["o"])
        axes.axhline(0.5, color="#ccc", linewidth=1)
        axes.axvline(0.5, color="#ccc", linewidth=1)
        style = {"markersize": 4.5, "alpha": 0.6, "linestyle": "", "markeredgewidth": 0}
        birds = []
        for name, target, colour, marker in SPECIES:
            birds.append(self._clouds.moving(axes.plot([], [], marker, color=colour, label=name, **style)[0]))
            # Where its birds should be.
            axes.plot(*target, marker, color=COLOURS["d"], markersize=15, fillstyle="none", markeredgewidth=2)
        axes.legend(fontsize=9, loc="upper right", frameon=False, markerscale=1.6)
        return birds

    def _matrix(self, box: tuple[float, ...], layers: str, shape: tuple[int, int]) -> tuple[Any, list[Any]]:
        """Draw a table of numbers for the weights between two layers."""
        axes = self._numbers.axes(box, title=f"$W^{{({layers[0]},{layers[1]})}}$")
        axes.set(xticks=(), yticks=())
        for spine in axes.spines.values():
            spine.set(visible=True, color=COLOURS[f"w_{layers}"], linewidth=3)
        image = self._numbers.moving(
            axes.imshow(np.zeros(shape), cmap="PuOr", vmin=-8, vmax=8, aspect="auto", interpolation="nearest")
        )
        texts = [
            self._numbers.moving(axes.text(j, i, "", ha="center", va="center", fontsize=10, color=INK))
            for i, j in np.ndindex(*shape)
        ]
        return image, texts

    def shots(self, run: Training, earlier: list[Training], *, small: bool = False) -> list[Shot]:
        """Draw E, outputs and weights as they are."""
        self._trace.show(run.losses, [before.losses for before in earlier])
        o = run.outputs
        for cloud, (_, target, _, _) in zip(self._birds, SPECIES, strict=True):
            birds = np.equal(run.D, target).all(axis=1)
            cloud.set_data(*o[birds].T)
        for (image, texts), W in zip(self._cells, run.weights, strict=True):
            self._fill(image, texts, W)
        falls = f"E against the step: {spelt(run.losses[0])} at the start, {spelt(run.losses[-1])} now."
        told = f"The two outputs for each of {len(o)} penguins; {run.recognised} lie in their own quarter."
        sizes = [f"{spelt(float(W.min()))} to {spelt(float(W.max()))}" for W in run.weights]
        weights = f"The weights: W01 from {sizes[0]}, W12 from {sizes[1]}."
        sheets = {falls: self._falling, told: self._clouds, weights: self._numbers}
        return [sheet.shot(alt, small=small) for alt, sheet in sheets.items()]

    @staticmethod
    def _fill(image: Any, texts: list[Any], W: np.ndarray) -> None:
        image.set_data(np.clip(W, -8, 8))
        for text, w in zip(texts, W.ravel(), strict=True):
            text.set_text(f"{w:.1f}".replace("-", "−") if abs(w) < 100 else spelt(float(w), 1))
            # Letters on the dark ends of the colours are white.
            text.set_color("white" if abs(w) > 5.5 else INK)
