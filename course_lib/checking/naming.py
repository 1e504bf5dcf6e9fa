"""A name that is not among those offered: say so, and which of them may be meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from course_lib.symbols import SYMBOLS


def no_such_name(name: str, offered: Sequence[str]) -> str:
    """Say that `name` is none of those `offered`, and which may be meant; "" if it is one, or if none are offered."""
    if not offered or name in offered:
        return ""
    spelled = {_bare(spelling): tile for tile in offered for spelling in (tile, *_written(tile))}
    near = difflib.get_close_matches(_bare(name), spelled, n=1)
    return (
        f"no such name; did you mean {spelled[near[0]]!r}?"
        if near
        else "no such name; see those printed above"
    )


def _bare(name: str) -> str:
    """Return the letters and digits alone, which is what two spellings of one symbol share."""
    return re.sub(r"[^\w']|_", "", name[:40]).lower()


def _written(tile: str) -> list[str]:
    return [SYMBOLS[tile].latex] if tile in SYMBOLS else []
