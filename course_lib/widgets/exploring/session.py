"""A prediction and the run it is about: what may be done when, and whether it came as predicted. No widgets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Run(Protocol):
    """Something that goes on in steps and comes to an end."""

    step: int

    @property
    def over(self) -> bool:
        """Whether there is nothing more to see."""

    def advance(self, steps: int = 1) -> None:
        """Go on by up to `steps` steps, and no further than to the end."""

    def outcome(self) -> str:
        """Return the id of what happened, one of those that can be predicted."""

    def sentence(self) -> str:
        """Say in numbers what happened."""

    def progress(self) -> str:
        """Say in numbers how far it is."""


class Session:
    """One run, and what was predicted of it.

    Parameters
    ----------
    run : Run
    predictions : dict
        Outcome -> the words it is offered in.
    predicted : str, optional
        A prediction that was made already.
    """

    def __init__(self, run: Run, predictions: Mapping[str, str], predicted: str | None = None) -> None:
        self.run = run
        self.predictions = predictions
        self.predicted: str | None = None
        self.predict(predicted)

    @property
    def begun(self) -> bool:
        """Whether there is something to see that a prediction could peek at."""
        return self.run.step > 0

    @property
    def ready(self) -> bool:
        """Whether the run may go on: a prediction first."""
        return self.predicted is not None and not self.run.over

    @property
    def told(self) -> bool:
        """Whether the run is over, and was predicted."""
        return self.predicted is not None and self.run.over

    def predict(self, outcome: str | None) -> None:
        """Take a prediction, or take it back; not of what has begun."""
        if outcome is not None and outcome not in self.predictions:
            raise ValueError(f"outcome: expected one of {', '.join(self.predictions)}; got {outcome!r}")
        if self.begun and outcome != self.predicted:
            raise ValueError("outcome: the run has begun; a prediction comes before it")
        self.predicted = outcome

    def advance(self, steps: int) -> None:
        """Let the run go on, if it may."""
        if self.ready:
            self.run.advance(steps)

    def verdict(self) -> str:
        """Say what happened, and whether it was predicted."""
        if self.run.outcome() == self.predicted:
            return f"{self.run.sentence()} As you predicted."
        return f"{self.run.sentence()} You had predicted: “{self.predictions[self.predicted]}”."


def pace(step: int) -> int:
    """Return how many steps to take before the next picture: one at first, more when a run gets long."""
    return 1 + step // 20


def counted(steps: int) -> str:
    """Write a number of steps."""
    return "1 step" if steps == 1 else f"{steps} steps"


def spelt(value: float, digits: int = 3) -> str:
    """Write a number for people: a real minus, 1450 for 1.45e+03, and 3.2 × 10⁸ for 3.2e+08."""
    mantissa, e, exponent = f"{value:.{digits}g}".partition("e")
    if e and 0 < int(exponent) < 5:
        mantissa, e = f"{float(f'{value:.{digits}g}'):.0f}", ""
    # Spaces that do not break, or the power might begin a line.
    power = f"\u00a0×\u00a010{str(int(exponent)).translate(_RAISED)}" if e else ""
    return mantissa.replace("-", "−").replace("inf", "∞") + power


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
