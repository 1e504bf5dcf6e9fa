"""The card as HTML: no script, no plotting library, inline styles only, so that it reads the same everywhere."""

import html
import math
import re
from collections.abc import Sequence

from course_lib.checking.cards.content import Bar, Card, Fold, Lead, number

# state -> (sign, word for a screen reader, colour of the edge). Sign and headline say it; colour only helps.
STATES = {
    "right": ("✓", "Right", "#2e9e5b"),
    "partly": ("◐", "Partly right", "#c98a00"),
    "wrong": ("✗", "Not yet right", "#d0493b"),
    "unanswered": ("○", "Not answered yet", "#7a8794"),
    "manual": ("✎", "Marked by hand", "#5b7fd0"),
}
# Colours of the text are inherited and shades are translucent, so light and dark themes both work.
_BOX = (
    "border-left:4px solid {colour};background:rgba(127,127,127,.09);border-radius:3px;"
    "padding:.55em .9em;margin:.3em 0;max-width:46em;line-height:1.45"
)
_CELL = (
    "text-align:left;padding:.15em 1.1em .15em 0;background:none;border:0;font-variant-numeric:tabular-nums"
)
# The true value is hollow and the student's full, so that colour is not the only difference.
_YOURS = "background:#3f90da;border:1px solid #3f90da"
_TRUE = "background:transparent;border:1px solid #94a4a2"
_BAR_CELL = (
    "text-align:{side};padding:.1em .8em .1em 0;background:none;border:0;font-variant-numeric:tabular-nums;"
    "white-space:nowrap"
)
WIDTH = 11.0  # em, where there is room
# JupyterLab keeps a space at the end of a line, which then hangs out of the card on its grey ground.
_INLINE = "white-space:normal;overflow-wrap:break-word"
_CODE = (
    "margin:.4em 0 .1em;padding:0;background:none;border:0;overflow-x:auto;white-space:pre;font-size:.95em;"
    "line-height:1.25"
)


def render(title: str, card: Card, score: str) -> str:
    """Return `card` as one HTML section labelled `title`."""
    sign, word, colour = STATES[card.state]
    parts = [
        f'<section data-state="{card.state}" aria-label="{html.escape(f"{title}: {word}")}" ',
        f'style="{_BOX.format(colour=colour)}">',
        _headline(sign, colour, card.headline, score),
        *(f'<p style="margin:.35em 0">{paragraph(line)}</p>' for line in (*card.lines, *card.comparison)),
        _table(card.table),
        _bars(card.bars, card.truth),
        folded(card.folds),
        "</section>",
    ]
    return "".join(parts)


def paragraph(line: str) -> str:
    """Return a paragraph of a card as HTML, its lead in bold."""
    if not isinstance(line, Lead):
        return inline(line)
    return f"<strong>{inline(line.lead)}</strong>{inline(line.rest)}"


def inline(text: str) -> str:
    """Escape `text`, then set `code` in code and w11^(0,1) with its indices below and above."""
    pieces = html.escape(text, quote=False).split("`")
    return "".join(
        f'<code style="{_INLINE}">{p}</code>' if n % 2 else _mathematics(p) for n, p in enumerate(pieces)
    )


_SYMBOL = re.compile(
    r"\b(w|W|y|x|o|d|l|net|δ)_?(n?\d{0,2}(?:nk|nj|jk|ij)?)\^(\(\d(?:,\d)?\))"
    r"|(?<!\w)(x|y|o|d|l|w|net|δ|Σ)_(n?\d?[kji]{0,2})(?!\w)"
)


def _mathematics(text: str) -> str:
    def pretty(found: re.Match) -> str:
        letter, lower, upper = found[1] or found[4], found[2] or found[5] or "", found[3] or ""
        below = f"<sub>{lower}</sub>" if lower else ""
        written = (
            letter if letter == "net" else f"<i>{letter}</i>"
        )  # a word stands upright, as in the diagrams
        return f"{written}{below}" + (f"<sup>{upper}</sup>" if upper else "")

    return _SYMBOL.sub(pretty, text)


def _headline(sign: str, colour: str, headline: str, score: str) -> str:
    right = (
        f'<span style="float:right;opacity:.75;margin-left:1em">{html.escape(score)}</span>' if score else ""
    )
    mark = f'<span aria-hidden="true" style="color:{colour};font-weight:700;margin-right:.5em">{sign}</span>'
    return f'<div style="font-weight:600">{right}{mark}{inline(headline)}</div>'


def folded(folds: Sequence[Fold]) -> str:
    """Return what opens by a click, or by the keyboard."""
    return "".join(map(_fold, folds))


def _fold(fold: Fold) -> str:
    parts = "".join(
        (f'<pre tabindex="0" style="{_CODE}">{html.escape(code, quote=False)}</pre>' if code else "")
        + f'<p style="margin:.2em 0">{inline(said)}</p>'
        for code, said in fold.parts
    )
    return (
        f'<details style="margin:.35em 0"><summary style="cursor:pointer">{html.escape(fold.title)}</summary>'
        f'<div style="margin:.2em 0 .2em 1.1em">{parts}{folded(fold.inner)}</div></details>'
    )


def _table(table: tuple[tuple[str, ...], ...]) -> str:
    if not table:
        return ""
    head = "".join(
        f'<th scope="col" style="{_CELL};font-weight:600">{inline(cell)}</th>'
        if cell
        else f'<td style="{_CELL}"></td>'
        for cell in table[0]
    )
    rows = (
        "<tr>" + "".join(f'<td style="{_CELL}">{inline(cell)}</td>' for cell in row) + "</tr>"
        for row in table[1:]
    )
    return (
        '<table style="border-collapse:collapse;margin:.3em 0;font-size:1em;border:0">'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _bars(bars: Sequence[Bar], truth: str) -> str:
    """Return a table with a row for each of `bars`; nothing if there are none."""
    if not bars:
        return ""
    low, high = _ends(bars)
    head = "".join(
        _bar_head(*column) for column in (("", ""), ("yours", _YOURS), (truth, _TRUE), ("", ""), ("", ""))
    )
    rows = "".join(_bar_row(bar, low, high) for bar in bars)
    style = "border-collapse:collapse;margin:.4em 0 0;font-size:1em;border:0;table-layout:auto;width:100%"
    return f'<table style="{style}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _ends(bars: Sequence[Bar]) -> tuple[float, float]:
    ends = [0.0, *(value for bar in bars for value in (bar.yours, bar.true) if math.isfinite(value))]
    return (min(ends), max(ends)) if min(ends) < max(ends) else (0.0, 1.0)


def _bar_head(words: str, swatch: str) -> str:
    square = f"display:inline-block;width:.7em;height:.7em;margin-right:.4em;{swatch}"
    box = f'<span aria-hidden="true" style="{square}"></span>'
    style = _BAR_CELL.format(side="left")
    if not words:
        return f'<td style="{style}"></td>'
    return f'<th scope="col" style="{style};font-weight:600">{box if swatch else ""}{html.escape(words)}</th>'


def _bar_row(bar: Bar, low: float, high: float) -> str:
    left, right = _BAR_CELL.format(side="left"), _BAR_CELL.format(side="right")
    drawn = _box(bar.yours, low, high, _YOURS, 0.15) + _box(bar.true, low, high, _TRUE, 0.75)
    zero = f"left:{_at(0.0, low, high):.2f}%;top:0;height:1.5em;border-left:1px solid rgba(127,127,127,.6)"
    field = f'<div aria-hidden="true" style="position:relative;max-width:{WIDTH}em;height:1.5em">{drawn}'
    field += f'<div style="position:absolute;{zero}"></div></div>'
    return (
        f'<tr style="background:none"><th scope="row" style="{left};font-weight:400">'
        f"{html.escape(bar.label)}</th>"
        f'<td style="{right}">{number(bar.yours)}</td><td style="{right}">{number(bar.true)}</td>'
        f'<td style="{left}">{bar.mark}</td><td style="{left};width:100%">{field}</td></tr>'
    )


def _box(value: float, low: float, high: float, style: str, top: float) -> str:
    if not math.isfinite(value):
        return ""
    start, end = sorted((_at(0.0, low, high), _at(value, low, high)))
    place = f"left:{start:.2f}%;width:{end - start:.2f}%;min-width:1px;top:{top}em;height:.5em;box-sizing:border-box"
    return f'<div style="position:absolute;{place};{style}"></div>'


def _at(value: float, low: float, high: float) -> float:
    """Return where a value stands, in hundredths of the width."""
    return 100 * (value - low) / (high - low)
