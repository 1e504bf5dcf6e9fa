"""The card as HTML: no script, no plotting library, inline styles only, so that it reads the same everywhere."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from course_lib.checking import bars_html

if TYPE_CHECKING:
    from course_lib.checking.verdict import Card

# state -> (sign, word for a screen reader, colour of the edge). Sign and headline say it; colour only helps.
STATES = {
    "right": ("✓", "Right", "#2e9e5b"),
    "partly": ("◐", "Partly right", "#c98a00"),
    "wrong": ("✗", "Not yet right", "#d0493b"),
    "unanswered": ("○", "Not answered yet", "#7a8794"),
    "person": ("✎", "Marked by a person", "#5b7fd0"),
}
# Colours of the text are inherited and shades are translucent, so light and dark themes both work.
_BOX = (
    "border-left:4px solid {colour};background:rgba(127,127,127,.09);border-radius:3px;"
    "padding:.55em .9em;margin:.3em 0;max-width:46em;line-height:1.45"
)
_CELL = (
    "text-align:left;padding:.15em 1.1em .15em 0;background:none;border:0;font-variant-numeric:tabular-nums"
)


def render(title: str, card: Card, score: str) -> str:
    """Return `card` as one HTML section labelled `title`."""
    sign, word, colour = STATES[card.state]
    parts = [
        f'<section data-state="{card.state}" aria-label="{html.escape(f"{title}: {word}")}" ',
        f'style="{_BOX.format(colour=colour)}">',
        _headline(sign, colour, card.headline, score),
        *(f'<p style="margin:.35em 0">{_LEADS.sub(_BOLD, inline(line))}</p>' for line in card.lines),
        _table(card.table),
        bars_html.render(card.bars, card.truth),
        "</section>",
    ]
    return "".join(parts)


def inline(text: str) -> str:
    """Escape `text`, then set `code` in code and w11^(0,1) with its indices below and above."""
    pieces = html.escape(text, quote=False).split("`")
    return "".join(f"<code>{p}</code>" if n % 2 else _mathematics(p) for n, p in enumerate(pieces))


_SYMBOL = re.compile(
    r"\b(w|y|x|o|d|l|net)_?(n?\d{0,2}(?:nk|nj|jk|ij)?)\^(\(\d(?:,\d)?\))"
    r"|(?<!\w)(x|y|o|d|l|w|net|δ|Σ)_(n?\d?[kji]{0,2})(?!\w)"
)
# What a hurried reader should find first.
_BOLD = r"<strong>\1</strong>"
_LEADS = re.compile(r"^(What the numbers suggest:|Look at)")


def _mathematics(text: str) -> str:
    def pretty(found: re.Match) -> str:
        letter, lower, upper = found[1] or found[4], found[2] or found[5] or "", found[3] or ""
        below = f"<sub>{lower}</sub>" if lower else ""
        return f"<i>{letter}</i>{below}" + (f"<sup>{upper}</sup>" if upper else "")

    return _SYMBOL.sub(pretty, text)


def _headline(sign: str, colour: str, headline: str, score: str) -> str:
    right = (
        f'<span style="float:right;opacity:.75;margin-left:1em">{html.escape(score)}</span>' if score else ""
    )
    mark = f'<span aria-hidden="true" style="color:{colour};font-weight:700;margin-right:.5em">{sign}</span>'
    return f'<div style="font-weight:600">{right}{mark}{inline(headline)}</div>'


def _table(table: tuple[tuple[str, ...], ...]) -> str:
    if not table:
        return ""
    head = "".join(
        f'<th scope="col" style="{_CELL};font-weight:600">{inline(cell)}</th>' for cell in table[0]
    )
    rows = (
        "<tr>" + "".join(f'<td style="{_CELL}">{inline(cell)}</td>' for cell in row) + "</tr>"
        for row in table[1:]
    )
    return (
        '<table style="border-collapse:collapse;margin:.3em 0;font-size:1em;border:0">'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )
