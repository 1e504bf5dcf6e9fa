"""What a card says of the places in an answer: which line to look at, and in a fold what stands there."""

import re
from collections.abc import Iterator, Sequence

from course_lib.checking.cards.content import Fold, Lead
from course_lib.checking.judging import Place
from course_lib.checking.judging.meanings import MEANINGS

# More of a line than this is not quoted.
MOST_QUOTED = 80
# What says nothing to a reader.
UNSAID = "on_the_way"


def look_at(places: Sequence[Place]) -> list[str]:
    """Say which line to look at, and ask what should stand there."""
    if not places:
        return []
    where = [f"line {place.line}{_source_of(place)}: `{_quoted(place.source)}`" for place in places]
    return [Lead("Look at", f" {', and at '.join(where)}. What should stand there?")]


def _source_of(place: Place) -> str:
    return ", where that comes from" if place.is_definition else ""


def folds(places: Sequence[Place]) -> tuple[Fold, ...]:
    """Return the fold with the student's own lines, the guilty expression underlined, and what its operands are."""
    shown = tuple((_underlined(place), " ".join(_meanings(place))) for place in places)
    return (Fold("what stands there", shown),) if shown else ()


def _quoted(text: str) -> str:
    text = text.replace("`", "'")
    return text if len(text) <= MOST_QUOTED else f"{text[: MOST_QUOTED - 1]}…"


def _underlined(place: Place) -> str:
    # As a name of its own: `o` is also a letter of `np.dot`.
    found = re.search(rf"(?<![\w.]){re.escape(place.source)}(?!\w)", place.text)
    if not found:  # it goes over several lines
        return _quoted(place.source)
    # Of a very long line the end with the expression is shown.
    left_out = max(0, min(found.start(), found.end() - MOST_QUOTED))
    before = f"…{place.text[left_out : found.start()]}" if left_out else place.text[: found.start()]
    source, after = _quoted(place.source), place.text[found.end() : left_out + MOST_QUOTED]
    return f"{before}{source}{after}\n{' ' * len(before)}{'^' * len(source)}"


def _meanings(place: Place) -> Iterator[str]:
    """Say what the operands are; what a name says already, and what has no symbol, is left out."""
    told = [(text, MEANINGS[meaning]) for text, meaning in dict.fromkeys(place.operands) if meaning != UNSAID]
    said = [f"`{_quoted(text)}` is {symbol}" for text, symbol in told if symbol != text]
    if said:
        yield f"Up to a factor or a sign, {' and '.join(filter(None, (', '.join(said[:-1]), said[-1])))}."
    if place.is_definition:
        yield "What it gives is used further on, where something else belongs."
    elif [text for text, _ in place.operands] == [place.source]:
        yield "That is not what is asked for."
    else:
        yield "What is made of it here is no step of the right computation."
