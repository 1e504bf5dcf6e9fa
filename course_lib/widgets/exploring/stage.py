"""Where an explorer shows its pictures and says its sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from course_lib.widgets.exploring.sheet import Shot

_HERE = Path(__file__).parent


class Stage(anywidget.AnyWidget):
    """Pictures of fixed sizes, each with its alternative text; `said` is read out by screen readers, `note` is not."""

    _esm = (_HERE / "stage.js").read_text(encoding="utf-8")
    _css = (_HERE / "stage.css").read_text(encoding="utf-8")

    shots = traitlets.List().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    # Whether a click on the first picture means something.
    pointing = traitlets.Bool(False).tag(sync=True)

    def show(self, shots: Sequence[Shot], note: str, said: str) -> None:
        """Change pictures and sentences in one message."""
        with self.hold_sync():
            self.shots = [shot._asdict() for shot in shots]
            self.note, self.said = note, said

    def on_point(self, act: Callable[[float, float], None]) -> None:
        """Call `act` with the place of a click on the first picture, as shares of its width and height."""
        self.pointing = True

        def told(_: Any, content: Any, __: Any) -> None:
            place = (content.get("x"), content.get("y")) if isinstance(content, dict) else ()
            if content and content.get("shot") == 0 and all(isinstance(p, int | float) for p in place):
                act(*place)

        self.on_msg(told)
