"""Training live, with a learning rate that may change on the way."""

from typing import Any, ClassVar

import numpy as np

from course_lib.palette import COLOURS
from course_lib.widgets.explorers.animation import FAINT, INK, AnimatedFigure, Frame, StepPlot
from course_lib.widgets.explorers.display import count, number
from course_lib.widgets.explorers.explorer import Explorer
from course_lib.widgets.explorers.training import GOAL, LAST, SIZES, Training
from course_lib.widgets.formatting import format_number, from_to

# Name, target, colour and marker, as in the lesson's other pictures of the birds.
SPECIES = (
    ("Adelie", (0, 0), "#3f90da", "o"),
    ("Chinstrap", (1, 0), "#bd1f01", "^"),
    ("Gentoo", (0, 1), "#832db6", "s"),
)


def explore_training(learning_rate: float = 1.0, seed: int = 1) -> Any:
    """Open a network that learns to tell the penguins apart: predict, then step or play.

    Parameters
    ----------
    learning_rate : float
        From 0.01 to 1000.
    seed : int
        Of the initial weights, from 0 to 99.
    """
    Training(learning_rate, seed)
    return TrainingExplorer(learning_rate, seed)


class TrainingExplorer(Explorer):
    """E against the step, the outputs for every bird, and the weights in numbers."""

    title = "Train it yourself."
    question = (
        f"A 3-4-2 network has {LAST} steps to learn to tell the penguins apart. Choose a learning rate and a start. "
        "What will E do? Predict, then run. You may change the rate on the way."
    )
    predictions: ClassVar = {
        "learns": f"it falls below {GOAL:g}",
        "on its way": f"it is still above {GOAL:g} at the end, but falling",
        "stuck": f"it gets stuck above {GOAL:g}",
    }

    def __init__(self, learning_rate: float, seed: int) -> None:
        self._rate = number("rate η", learning_rate, 0.01, 1000.0, 0.01)
        self._seed = count("start (seed)", seed, 0, 99)
        self._create_figures()
        super().__init__([self._seed])
        self._rate.observe(self._changed, "value")

    def _arranged(self, controls: list[Any]) -> list[Any]:
        return super()._arranged([self._rate, *controls])

    def _changed(self, change: Any) -> None:
        """Change the rate on the way; a run that is over starts again."""
        if self.experiment.run.over:
            self.restart()
        else:
            self.experiment.run.learning_rate = change["new"]
            self.refresh()

    def new_run(self) -> Training:
        """Return a network that has learnt nothing yet."""
        return Training(self._rate.value, self._seed.value)

    def _create_figures(self) -> None:
        self._loss_figure, self._output_figure, self._weight_figure = (
            AnimatedFigure(390, 310),
            AnimatedFigure(310, 310),
            AnimatedFigure(310, 310),
        )
        axes = self._loss_figure.axes((0.16, 0.145, 0.81, 0.83), "step", "E")
        axes.set(yscale="log", ylim=(0.005, 2))
        axes.axhline(GOAL, color=FAINT, linewidth=1)
        axes.text(
            0.99, GOAL * 1.08, f"{GOAL:g}", color=FAINT, ha="right", transform=axes.get_yaxis_transform()
        )
        self._loss_plot = StepPlot(self._loss_figure, axes, LAST)
        self._birds = self._outputs()
        self._matrices = [
            self._matrix((0.02, 0.24, 0.58, 0.54), "01", SIZES[:2]),
            self._matrix((0.68, 0.15, 0.3, 0.72), "12", SIZES[1:]),
        ]

    def _outputs(self) -> list[Any]:
        axes = self._output_figure.axes((0.17, 0.145, 0.8, 0.83), "$o_{n1}$", "$o_{n2}$")
        axes.set(xlim=(-0.08, 1.08), ylim=(-0.08, 1.08), xticks=(0, 0.5, 1), yticks=(0, 0.5, 1))
        for label in (axes.xaxis.label, axes.yaxis.label):
            label.set_color(COLOURS["o"])
        axes.axhline(0.5, color="#ccc", linewidth=1)
        axes.axvline(0.5, color="#ccc", linewidth=1)
        style = {"markersize": 4.5, "alpha": 0.6, "linestyle": "", "markeredgewidth": 0}
        birds = []
        for name, target, colour, marker in SPECIES:
            birds.append(
                self._output_figure.animate(axes.plot([], [], marker, color=colour, label=name, **style)[0])
            )
            # The target of these birds.
            axes.plot(*target, marker, color=COLOURS["d"], markersize=15, fillstyle="none", markeredgewidth=2)
        axes.legend(fontsize=9, loc="upper right", frameon=False, markerscale=1.6)
        return birds

    def _matrix(self, box: tuple[float, ...], layers: str, shape: tuple[int, int]) -> tuple[Any, list[Any]]:
        """Draw a table of numbers for the weights between two layers."""
        axes = self._weight_figure.axes(box, title=f"$W^{{({layers[0]},{layers[1]})}}$")
        axes.set(xticks=(), yticks=())
        for spine in axes.spines.values():
            spine.set(visible=True, color=COLOURS[f"w_{layers}"], linewidth=3)
        image = self._weight_figure.animate(
            axes.imshow(np.zeros(shape), cmap="PuOr", vmin=-8, vmax=8, aspect="auto", interpolation="nearest")
        )
        texts = [
            self._weight_figure.animate(axes.text(j, i, "", ha="center", va="center", fontsize=10, color=INK))
            for i, j in np.ndindex(*shape)
        ]
        return image, texts

    def frames(self, run: Training, earlier: list[Training], *, small: bool = False) -> list[Frame]:
        """Draw E, outputs and weights as they are."""
        self._loss_plot.show(run.losses, [before.losses for before in earlier])
        o = run.outputs
        for cloud, (_, target, _, _) in zip(self._birds, SPECIES, strict=True):
            birds = np.equal(run.D, target).all(axis=1)
            cloud.set_data(*o[birds].T)
        for (image, texts), W in zip(self._matrices, run.weights, strict=True):
            self._fill(image, texts, W)
        losses = f"E against the step, {from_to(run.losses)}."
        outputs = f"The two outputs for each of {len(o)} penguins; {run.recognised} lie in their own quarter."
        sizes = [f"{format_number(float(W.min()))} to {format_number(float(W.max()))}" for W in run.weights]
        weights = f"The weights: W01 from {sizes[0]}, W12 from {sizes[1]}."
        figures = {losses: self._loss_figure, outputs: self._output_figure, weights: self._weight_figure}
        return [figure.frame(alt, small=small) for alt, figure in figures.items()]

    @staticmethod
    def _fill(image: Any, texts: list[Any], W: np.ndarray) -> None:
        image.set_data(np.clip(W, -8, 8))
        for text, w in zip(texts, W.ravel(), strict=True):
            text.set_text(f"{w:.1f}".replace("-", "−") if abs(w) < 100 else format_number(float(w), 1))
            # White letters where the colours are dark.
            text.set_color("white" if abs(w) > 5.5 else INK)
