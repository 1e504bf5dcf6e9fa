"""What an explorer is set with, and where it shows its pictures and its sentence."""

from collections.abc import Callable, Sequence
from pathlib import Path
from string import Template
from typing import Any

import anywidget
import ipywidgets
import traitlets

from course_lib.palette import COLOURS, INK
from course_lib.widgets.explorers.animation import HERE, NOW, Frame
from course_lib.widgets.saved_picture import with_connection_notice

_FOLDER = Path(__file__).parent
_MODULES = ("hillside.js", "display.js")
_COLOURS = {
    "ink": INK,
    "ink_digits": INK.removeprefix("#"),
    "now": NOW,
    "here": HERE,
    "plus": COLOURS["d"],
    "minus": COLOURS["w_12"],
}


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


class Display(anywidget.AnyWidget):
    """Pictures of fixed sizes, each with its alternative text; screen readers announce `message`, not `detail`."""

    _esm = with_connection_notice("\n".join(map(_read, _MODULES)))
    _css = Template(_read("display.css")).substitute(_COLOURS)

    # What stands in each picture; a step changes only `frames`, what moves on top of it.
    stills = traitlets.List().tag(sync=True)
    frames = traitlets.List().tag(sync=True)
    # Each {name, family, rows}; a row is pairs of a number as text and its share, -1 to 1, of the deepest tint.
    tables = traitlets.List().tag(sync=True)
    # Pairs of a line style and what is drawn in it.
    legend = traitlets.List().tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)
    detail = traitlets.Unicode().tag(sync=True)
    # A landscape, as `hillside.js` draws it, and the points of a walk on it.
    hill = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    walk = traitlets.List().tag(sync=True)
    # Whether clicking the first picture does something.
    clickable = traitlets.Bool(False).tag(sync=True)

    def show(self, frames: Sequence[Frame], detail: str, message: str) -> None:
        """Change pictures and sentences in one message to the browser."""
        with self.hold_sync():
            self.stills = [frame.still for frame in frames]
            self.frames = [{"png": f.png, "alt": f.alt, "width": f.width, "height": f.height} for f in frames]
            self.detail, self.message = detail, message

    def on_click(self, act: Callable[[float, float], None]) -> None:
        """Call `act` with where the first picture was clicked, as fractions of its width and height."""
        self.clickable = True

        def on_message(_: Any, content: Any, __: Any) -> None:
            if not isinstance(content, dict) or content.get("frame") != 0:
                return
            point = (content.get("x"), content.get("y"))
            if all(isinstance(p, int | float) for p in point):
                act(*point)

        self.on_msg(on_message)


# Wide enough for the longest label; a narrow screen wraps the row, not the field.
LAYOUT, STYLE = {"width": "280px"}, {"description_width": "100px"}


def number(label: str, value: float, low: float, high: float, step: float) -> Any:
    """Return a field for a number between `low` and `high`; an arrow key changes it by `step`."""
    if not low <= value <= high:
        raise ValueError(f"{label}: expected a number between {low:g} and {high:g}, got {value:g}")
    return ipywidgets.BoundedFloatText(
        float(value), min=low, max=high, step=step, description=label, layout=LAYOUT, style=STYLE
    )


def count(label: str, value: int, low: int, high: int) -> Any:
    """Return a field for a whole number between `low` and `high`."""
    if not low <= value <= high:
        raise ValueError(f"{label}: expected a whole number between {low} and {high}, got {value}")
    return ipywidgets.BoundedIntText(value, min=low, max=high, description=label, layout=LAYOUT, style=STYLE)


def choice(label: str, value: str, options: dict[str, str]) -> Any:
    """Return a list to choose from; `options` is name -> the words shown for it."""
    return ipywidgets.Dropdown(
        options=[(words, name) for name, words in options.items()],
        value=value,
        description=label,
        layout=LAYOUT,
        style=STYLE,
    )
