"""Training live, with a learning rate that may change on the way."""

from typing import Any, ClassVar

import numpy as np

from course_lib.palette import CLOUDS, COLOURS, INK
from course_lib.scales import use_log_scale
from course_lib.widgets.explorers.animation import AnimatedFigure, Frame, StepPlot
from course_lib.widgets.explorers.display import count, number
from course_lib.widgets.explorers.explorer import Explorer
from course_lib.widgets.explorers.training import GOAL, LAST, Training
from course_lib.widgets.formatting import format_number, from_to

# Name, target, colour and marker, as in the lesson's other pictures of the birds.
SPECIES = tuple(
    (name, target, *cloud)
    for (name, target), cloud in zip(
        {"Adelie": (0, 0), "Chinstrap": (1, 0), "Gentoo": (0, 1)}.items(), CLOUDS, strict=False
    )
)
# The name of each matrix, and the family whose colour it has.
MATRICES = (("W<sup>(0,1)</sup>", "w_01"), ("W<sup>(1,2)</sup>", "w_12"))
# A weight of this size has the deepest tint, through which its number can still be read.
LARGE, DEEPEST = 8.0, 0.45


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
        self._loss_figure, self._output_figure = AnimatedFigure(380, 320), AnimatedFigure(340, 320)
        axes = self._loss_figure.axes((0.15, 0.15, 0.82, 0.77), "step", "E")
        use_log_scale(axes, "y", 0.006, 1.6)
        axes.axhline(GOAL, color=INK, linewidth=1, linestyle=(0, (1, 2)))
        self._loss_plot = StepPlot(self._loss_figure, axes, LAST)
        self._birds = self._outputs()

    def _outputs(self) -> list[Any]:
        axes = self._output_figure.axes((0.11, 0.15, 0.86, 0.77), "$o_{n1}$", "$o_{n2}$")
        axes.set(xlim=(-0.1, 1.1), ylim=(-0.1, 1.1), xticks=(0, 0.5, 1), yticks=(0, 0.5, 1))
        for rule in (axes.axhline, axes.axvline):
            rule(0.5, color=INK, linewidth=0.8, linestyle=(0, (1, 2)))
        style = {"markersize": 4.5, "alpha": 0.7, "linestyle": "", "markeredgewidth": 0}
        birds = []
        for name, target, colour, marker in SPECIES:
            birds.append(
                self._output_figure.animate(axes.plot([], [], marker, color=colour, label=name, **style)[0])
            )
            # The target of these birds.
            axes.plot(*target, marker, color=COLOURS["d"], markersize=15, fillstyle="none", markeredgewidth=2)
        axes.legend(
            fontsize=11,
            loc="upper right",
            frameon=False,
            markerscale=1.6,
            labelcolor=INK,
            handletextpad=0.1,
        )
        return birds

    def frames(self, run: Training, earlier: list[Training]) -> list[Frame]:
        """Draw E and the outputs as they are."""
        self._loss_plot.show(run.losses, [before.losses for before in earlier])
        o = run.outputs
        for cloud, (_, target, _, _) in zip(self._birds, SPECIES, strict=True):
            birds = np.equal(run.D, target).all(axis=1)
            cloud.set_data(*o[birds].T)
        losses = f"E against the step, {from_to(run.losses)}."
        outputs = f"The two outputs for each of {len(o)} penguins; {run.recognised} lie in their own quarter."
        return [self._loss_figure.frame(losses), self._output_figure.frame(outputs)]

    def show_more(self, run: Training) -> None:
        """Show the weights as numbers, tinted by their size."""
        self.display.tables = [
            {"name": name, "family": family, "rows": [[_number(w) for w in row] for row in W]}
            for (name, family), W in zip(MATRICES, run.weights, strict=True)
        ]

    def static_more(self, run: Training) -> str:
        """Return the weights as tables."""
        return "".join(
            f'<table style="float:right"><caption>{name}</caption>{_rows(W)}</table>'
            for (name, _), W in zip(MATRICES, run.weights, strict=True)
        )


def _number(w: float) -> tuple[str, float]:
    """Return a weight as text, and how deeply its cell is tinted."""
    text = f"{w:.1f}".replace("-", "\N{MINUS SIGN}") if abs(w) < 100 else format_number(float(w), 1)
    return text, float(np.clip(w / LARGE, -1, 1)) * DEEPEST


def _rows(W: np.ndarray) -> str:
    return "".join(f"<tr>{''.join(f'<td>{_number(w)[0]}</td>' for w in row)}</tr>" for row in W)
