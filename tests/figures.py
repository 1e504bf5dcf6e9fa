"""What is wrong with a figure that somebody has to read: words that are cut, that overlap, or that are too small."""

from __future__ import annotations

import itertools

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

# In pixels: what two boxes may share because letters do not fill them, and the smallest letters that are read.
SHARED, SMALLEST = 1.0, 9.9


def faults(figure: Figure, narrow: float) -> list[str]:
    """Return what is wrong with the words of a figure that is at least `narrow` pixels wide on the page."""
    figure.draw_without_rendering()
    boxes = [(text.get_text(), text.get_window_extent(), text) for text in words(figure)]
    page = figure.bbox.padded(SHARED)
    pixels = narrow / figure.get_figwidth() / 72
    return [
        *(f"{name!r} is cut" for name, box, _ in boxes if not inside(box, page)),
        *(
            f"{one!r} and {other!r} overlap"
            for (one, box, _), (other, second, _) in itertools.combinations(boxes, 2)
            if overlap(box, second)
        ),
        *(f"{name!r} is too small" for name, _, text in boxes if text.get_fontsize() * pixels < SMALLEST),
    ]


def words(figure: Figure) -> list[Text]:
    """Return all the text that is drawn; the labels of ticks that lie beyond the end of an axis are not."""
    hidden = set()
    for axes in figure.axes:
        for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            room = 1e-9 * abs(high - low)
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                if not axes.axison or not low - room <= tick.get_loc() <= high + room:
                    hidden |= {tick.label1, tick.label2}
    found = figure.findobj(lambda artist: isinstance(artist, Text) and artist.get_visible())
    return [text for text in found if text not in hidden and text.get_text().strip()]


def inside(box: Bbox, page: Bbox) -> bool:
    """Tell whether a box lies on the page as a whole."""
    return page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1


def overlap(one: Bbox, other: Bbox) -> bool:
    """Tell whether two boxes share more than a seam."""
    common = Bbox.intersection(one, other)
    return common is not None and min(common.width, common.height) > SHARED
