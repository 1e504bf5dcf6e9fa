"""What all explorers have in common: a prediction, buttons to step, play and begin again, a sentence at the end."""

from __future__ import annotations

import asyncio
import base64
import html
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import ipywidgets

from course_lib.widgets.component import bundle
from course_lib.widgets.exploring.session import Run, Session, pace
from course_lib.widgets.exploring.sheet import Shot
from course_lib.widgets.exploring.stage import Stage

# Earlier runs of which the line stays in the picture, to be compared with.
EARLIER = 2


class Explorer(ipywidgets.VBox):
    """A run under one's hand. A subclass says what runs (`begin`) and how it looks (`shots`).

    Parameters
    ----------
    settings : sequence of ipywidgets
        What the run depends on; a change of one begins a new run.
    """

    title: ClassVar[str]
    question: ClassVar[str]
    predictions: ClassVar[dict[str, str]]
    # Seconds between two pictures while it plays.
    pause: ClassVar[float] = 0.04
    _playing: asyncio.Task | None = None

    def __init__(self, settings: Sequence[Any]) -> None:
        self.stage = Stage()
        self.earlier: list[Run] = []
        self._predict = ipywidgets.RadioButtons(
            options=[(words, outcome) for outcome, words in self.predictions.items()], index=None
        )
        self._buttons = {name: _button(name) for name in ("Step", "Play", "To the end", "Start again")}
        self.session = Session(self.begin(), self.predictions)
        super().__init__(self._laid_out(settings))
        self.add_class("bp-explorer")
        self._predict.observe(self._predicted, "value")
        for setting in settings:
            setting.observe(lambda _: self.renew(), "value")
        acts = (lambda: self.advance(1), self.play, self.to_the_end, self.renew)
        for button, act in zip(self._buttons.values(), acts, strict=True):
            button.on_click(lambda _, act=act: act())
        self.refresh()

    @abstractmethod
    def begin(self) -> Run:
        """Return a new run with the settings as they are."""

    @abstractmethod
    def shots(self, run: Run, earlier: list[Run], *, small: bool = False) -> list[Shot]:
        """Draw the run as far as it is."""

    def _laid_out(self, settings: Sequence[Any]) -> list[Any]:
        task = f"<p class='bp-task'><b>{html.escape(self.title)}</b> {html.escape(self.question)}</p>"
        choices = ipywidgets.HBox([self._predict, ipywidgets.VBox(list(settings))])
        choices.add_class("bp-choices")
        buttons = ipywidgets.HBox(list(self._buttons.values()))
        buttons.add_class("bp-buttons")
        return [ipywidgets.HTML(task), choices, buttons, self.stage]

    def _predicted(self, change: Any) -> None:
        if change["new"] == self.session.predicted:
            return
        if self.session.begun:  # a click that was under way when the run began
            self._predict.value = self.session.predicted
            return
        self.session.predict(change["new"])
        self.refresh()

    def advance(self, steps: int) -> None:
        """Go on by some steps, if a prediction was made, and show it."""
        self._stop()
        self.session.advance(steps)
        self.refresh()

    def to_the_end(self) -> None:
        """Go to the end at once: for whoever wants no motion."""
        self.advance(1_000_000)

    def renew(self) -> None:
        """Begin again, with the settings as they are; what has begun asks for a new prediction."""
        self._stop()
        run, kept = self.session.run, self.session.predicted
        if self.session.begun:
            self.earlier, kept = [*self.earlier, run][-EARLIER:], None
        self.session = Session(self.begin(), self.predictions, kept)
        self._predict.value = kept
        self.refresh()

    def play(self) -> None:
        """Play, or pause what plays."""
        if self._playing:
            self._stop()
        elif self.session.ready:
            # A task and no loop: between two pictures the kernel listens, so that a pause is heard.
            self._playing = asyncio.get_running_loop().create_task(self._play())
        self.refresh()

    async def _play(self) -> None:
        while self.session.ready:
            self.session.advance(pace(self.session.run.step))
            if not self.session.ready:
                self._playing = None
            self.refresh()
            await asyncio.sleep(self.pause)

    def _stop(self) -> None:
        if self._playing:
            self._playing.cancel()
        self._playing = None

    def close(self) -> None:
        """Stop what plays, too."""
        self._stop()
        super().close()

    def refresh(self) -> None:
        """Show the state as it is."""
        session, playing = self.session, self._playing is not None
        self._predict.disabled = session.begun
        for name in ("Step", "Play", "To the end"):
            self._buttons[name].disabled = not session.ready
        self._buttons["Play"].description = "Pause" if playing else "Play"
        self._buttons["Start again"].disabled = not session.begun
        self.stage.show(self.shots(session.run, self.earlier), session.run.progress(), self._said(playing))

    def _said(self, playing: bool) -> str:
        session = self.session
        if session.told:
            return session.verdict()
        if session.predicted is None:
            return "First predict, then run."
        if playing:  # the numbers stand in the note: a voice could not keep up with them
            return "Playing."
        return session.run.progress() if session.begun else "Ready: step, or play."

    def still(self) -> str:
        """Return a finished run with the settings as they are, as an HTML figure for places without widgets."""
        run = self.begin()
        run.advance(1_000_000)
        images = "".join(map(_image, self.shots(run, [], small=True)))
        self.refresh()
        told = f"{self.title} {run.sentence()} In a running notebook, all of it can be changed."
        return (
            f'<figure style="margin:.5em 0;max-width:65em">{images}'
            f"<figcaption>{html.escape(told)}</figcaption></figure>"
        )

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return bundle(super()._repr_mimebundle_(**kwargs), self.still(), f"[explorer: {self.title}]")


def _button(name: str) -> Any:
    return ipywidgets.Button(description=name, layout={"width": "100px"})


def _image(shot: Shot) -> str:
    data, alt = base64.b64encode(shot.png).decode(), html.escape(shot.alt)
    # A white ground of its own, so that the dark theme does not swallow the lines.
    style = "max-width:100%;background:#fff;border-radius:4px"
    return f'<img src="data:image/png;base64,{data}" alt="{alt}" width="{shot.width}" style="{style}">'
