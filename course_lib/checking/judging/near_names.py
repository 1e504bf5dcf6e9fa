"""A name that is not among those offered, and which of them may be meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from course_lib.checking.judging.judgement import Finding, Reason
from course_lib.symbols import SYMBOLS


def unknown_name(name: str, offered: Sequence[str]) -> Finding | None:
    """Return what is wrong with a `name` that is not `offered`, with the nearest one; None if nothing is."""
    if not offered or name in offered:
        return None
    spelled = {_bare(spelling): tile for tile in offered for spelling in (tile, *_written(tile))}
    near = difflib.get_close_matches(_bare(name), spelled, n=1)
    return Finding(Reason.UNKNOWN_NAME, name, spelled[near[0]] if near else "")


def _bare(name: str) -> str:
    """Return the letters and digits alone, which is what two spellings of one symbol share."""
    return re.sub(r"[^\w']|_", "", name[:40]).lower()


def _written(tile: str) -> list[str]:
    return [SYMBOLS[tile].latex] if tile in SYMBOLS else []
