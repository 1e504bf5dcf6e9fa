"""What all explorers share: a prediction, buttons to step, play and start again, a sentence at the end."""

import asyncio
import html
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import ipywidgets

from course_lib.plots import figure_html, image_tag
from course_lib.widgets.explorers.animation import Frame
from course_lib.widgets.explorers.display import Display
from course_lib.widgets.explorers.experiment import Experiment, Run, steps_per_frame
from course_lib.widgets.saved_picture import WithSavedPicture

# Earlier runs whose line stays in the picture for comparison.
EARLIER = 2
ALL = 1_000_000


class Explorer(WithSavedPicture, ipywidgets.VBox):
    """A run the student controls. A subclass says what runs (`new_run`) and how it looks (`frames`).

    `controls` are what the run depends on; changing one starts a new run.
    """

    title: ClassVar[str]
    question: ClassVar[str]
    predictions: ClassVar[dict[str, str]]
    # Seconds between two pictures while it plays.
    pause: ClassVar[float] = 0.04
    _playing: asyncio.Task | None = None
    _setting = False

    def __init__(self, controls: Sequence[Any]) -> None:
        self.display = Display()
        self.earlier: list[Run] = []
        self._choices = ipywidgets.RadioButtons(
            options=[(words, outcome) for outcome, words in self.predictions.items()], index=None
        )
        self._buttons = {name: _button(name) for name in ("Step", "Play", "To the end", "Start again")}
        self.experiment = Experiment(self.new_run(), self.predictions)
        super().__init__(self._arranged(controls))
        self.add_class("bp-explorer")
        self._choices.observe(self._on_prediction, "value")
        for control in controls:
            control.observe(self._on_control, "value")
        actions = (lambda: self.advance(1), self.play, lambda: self.advance(ALL), self.restart)
        for button, act in zip(self._buttons.values(), actions, strict=True):
            button.on_click(lambda _, act=act: act())
        self.refresh()

    @abstractmethod
    def new_run(self) -> Run:
        """Return a new run with the controls as they are."""

    @abstractmethod
    def frames(self, run: Run, earlier: list[Run]) -> list[Frame]:
        """Draw the run as far as it has come."""

    def comparable(self, run: Run) -> list[Run]:
        """Return the earlier runs that can be drawn beside this one."""
        return self.earlier

    def show_more(self, run: Run) -> None:
        """Show what is no picture."""

    def static_more(self, run: Run) -> str:
        """Return as HTML what is no frame, for places without widgets."""
        return ""

    def _arranged(self, controls: Sequence[Any]) -> list[Any]:
        task = f"<p class='bp-task'><b>{html.escape(self.title)}</b> {html.escape(self.question)}</p>"
        choices = ipywidgets.HBox([self._choices, ipywidgets.VBox(list(controls))])
        choices.add_class("bp-choices")
        buttons = ipywidgets.HBox(list(self._buttons.values()))
        buttons.add_class("bp-buttons")
        return [ipywidgets.HTML(task), choices, buttons, self.display]

    def _on_prediction(self, change: Any) -> None:
        if change["new"] == self.experiment.prediction:
            return
        if self.experiment.started:  # a click that was under way when the run started
            self._choices.value = self.experiment.prediction
            return
        self.experiment.predict(change["new"])
        self.refresh()

    def _on_control(self, _: Any) -> None:
        if not self._setting:
            self.restart()

    def set_controls(self, values: Iterable[tuple[Any, Any]]) -> None:
        """Give controls new values, in pairs of both, and start again once: no picture shows half of them."""
        self._setting = True
        try:
            for control, value in values:
                control.value = value
        finally:
            self._setting = False
        self.restart()

    def advance(self, steps: int) -> None:
        """Advance by some steps, if a prediction was made, and show it."""
        self._stop()
        self.experiment.advance(steps)
        self.refresh()

    def restart(self) -> None:
        """Start again with the controls as they are; a run that had started asks for a new prediction."""
        self._stop()
        run, prediction = self.experiment.run, self.experiment.prediction
        if self.experiment.started:
            self.earlier, prediction = [*self.earlier, run][-EARLIER:], None
        self.experiment = Experiment(self.new_run(), self.predictions, prediction)
        self._choices.value = prediction
        self.refresh()

    def play(self) -> None:
        """Play, or pause what is playing."""
        if self._playing:
            self._stop()
        elif self.experiment.ready:
            # A task rather than a loop: between two pictures the kernel listens, so that a pause is heard.
            self._playing = asyncio.get_running_loop().create_task(self._play())
        self.refresh()

    async def _play(self) -> None:
        while self.experiment.ready:
            self.experiment.advance(steps_per_frame(self.experiment.run.step))
            if not self.experiment.ready:
                self._playing = None
            self.refresh()
            await asyncio.sleep(self.pause)

    def _stop(self) -> None:
        if self._playing:
            self._playing.cancel()
        self._playing = None

    def close(self) -> None:
        """Stop playing as well."""
        self._stop()
        super().close()

    def refresh(self) -> None:
        """Show the current state."""
        experiment, playing = self.experiment, self._playing is not None
        self._choices.disabled = experiment.started
        for name in ("Step", "Play", "To the end"):
            self._buttons[name].disabled = not experiment.ready
        self._buttons["Play"].description = "Pause" if playing else "Play"
        self._buttons["Start again"].disabled = not experiment.started
        run = experiment.run
        earlier = self.comparable(run)
        with self.display.hold_sync():
            self.display.legend = _legend(run, earlier)
            self.show_more(run)
            detail = "" if experiment.finished else run.progress()  # the verdict has the numbers of the end
            self.display.show(self.frames(run, earlier), detail, self._message(playing))

    def _message(self, playing: bool) -> str:
        experiment = self.experiment
        if experiment.finished:
            return experiment.verdict()
        if experiment.prediction is None:
            return "First predict, then run."
        if playing:  # the numbers are in the detail line: a screen reader could not keep up with them
            return "Playing."
        return experiment.run.progress() if experiment.started else "Ready: step, or play."

    def static_html(self) -> str:
        """Return a finished run with the controls as they are, as an HTML figure for places without widgets."""
        run = self.new_run()
        run.advance(ALL)
        images = [image_tag(f.whole(), f.alt, width=f.width) for f in self.frames(run, [])]
        more = self.static_more(run)
        self.refresh()
        caption = f"{self.title} {run.sentence()} In a running notebook, all of it can be changed."
        return figure_html(more + "".join(images), html.escape(caption), max_width="70em")


def _legend(run: Run, earlier: Sequence[Run]) -> list[tuple[str, str]]:
    """Name the lines of this run and of the earlier ones, the latest of which comes last."""
    names = ("dashed", "before"), ("dotted", "the run before that")
    before = [
        (style, f"{when}: {e.settings}") for (style, when), e in zip(names, reversed(earlier), strict=False)
    ]
    return [("solid", f"now: {run.settings}"), *before]


def _button(name: str) -> Any:
    return ipywidgets.Button(description=name, layout={"width": "100px"})
