"""What is handed in, where every value on the way has its meaning: pieces that mean something else than is asked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course_lib.checking.judging.blaming import UNNAMED, Spot
from course_lib.checking.judging.reading import Reading


def other_than_asked(reading: Reading) -> list[Spot]:
    """Return the pieces of the result that mean something else than what is asked."""
    asked, result, sites = reading.walk.asked, reading.recording.result, reading.recording.returned
    if not reading.recording.complete or len(asked) != len(result):
        return []
    pieces = zip(asked, result, sites, strict=True)
    found = [_other_than(reading, *piece) for piece in pieces]
    return [spot for spot in found if spot]


def _other_than(reading: Reading, wanted: str, piece: Sequence[int], site: int) -> Spot | None:
    """Return the place of a piece that is not what is asked; nothing for one that is, or may be."""
    if site < 0:
        site = reading.events[piece[0]].site if piece else -1
    if site < 0:
        return None
    if any(not np.isfinite(reading.events[each].value).all() for each in piece):
        return None
    if all(reading.constant[each] for each in piece):
        node = reading.walk.nodes.get(wanted)
        right = len(piece) == 1 and node is not None and np.array_equal(reading.events[piece[0]].value, node)
        return None if right else Spot(site, ())
    names = reading.names(piece[0]) if len(piece) == 1 else ()
    if not names or wanted in names:
        return None
    if f"part_of_{wanted}" in names:
        site = _last_put_into(reading, _where_it_became(reading, piece[0], names[0], whole=True), site)
    elif reading.sites[site].syntax != "Name" and reading.is_put_together(piece[0]):
        site = reading.events[_where_it_became(reading, piece[0], names[0])].site
    return Spot(site, ((site, names[0]),))


def _last_put_into(reading: Reading, number: int, site: int) -> int:
    """Return the site of an event; of an array that was filled, the last expression that went into it."""
    event = reading.events[number]
    if event.how == "read":
        return site
    return event.operands[-1][0] if event.how == "changed" and len(event.operands) > 1 else event.site


def _where_it_became(reading: Reading, number: int, name: str, whole: bool = False) -> int:
    """Return the event that made what was only copied or scaled since, and not put together with `whole`."""
    while not (whole and reading.is_put_together(number)):
        sources = [each for each in reading.sources(number) if not reading.constant[each]]
        if not sources or any(name not in reading.names(each) for each in sources):
            return number
        if len(sources) > 1 and reading.syntax(number).startswith(("BinOp", "AugAssign")):
            return number
        number = sources[-1]
    return number


def of_another_form(reading: Reading) -> list[Spot]:
    """Return what is handed in where a list of several pieces is asked for."""
    result, site = reading.recording.result, reading.recording.returned[:1]
    if not len(result) == 1 < len(reading.walk.asked) or site[0] < 0 or len(result[0]) != 1:
        return []
    names = reading.names(result[0][0]) or (UNNAMED,)
    return [Spot(site[0], ((site[0], names[0]),))]
