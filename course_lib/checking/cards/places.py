"""What a card says of the places in an answer: which line to look at, and in a fold what stands there."""

import ast
import re
import warnings
from collections.abc import Iterator, Sequence

from course_lib.checking.cards.content import Fold, Lead
from course_lib.checking.judging import Place
from course_lib.checking.judging.meanings import symbol as symbol_of

# More of a line than this is not quoted; of what a line gives or returns, all of it up to this.
MOST_QUOTED, WHOLE_VALUE = 76, 70
# A name of no more letters is a symbol, which may be called after one thing and be another.
SYMBOL = 3
# What says nothing to a reader.
UNSAID = frozenset({"on_the_way", "constant", "limit"})
NOTE = "Signs and constant factors are left aside here; an entry is called by the name of its matrix."
# Nothing should stand in place of what makes the numbers shorter: it should go.
NOTHING_TO_PUT_THERE = frozenset({"single_precision"})


def look_at(places: Sequence[Place], mistakes: Sequence[str] = ()) -> list[str]:
    """Say which lines to look at, from top to bottom, and ask about the first of them."""
    found = dict.fromkeys((place.line, _whole_value(place)) for place in _in_reading_order(places))
    if not found:
        return []
    ask = "" if NOTHING_TO_PUT_THERE & {*mistakes} else _question(places)
    (line, quoted), *others = found
    return [
        Lead(f"Look at line {line}:", f" `{quoted}`.{ask}"),
        *(Lead(f"Then at line {line}:", f" `{quoted}`.") for line, quoted in others),
    ]


def _question(places: Sequence[Place]) -> str:
    updated = any(meaning.startswith("updated_") for place in places for _, meaning in place.operands)
    if updated:
        return " What has happened before that line?"
    if any(place.ends_loop for place in places):
        return " How often does the loop around it run?"
    # Where nothing came out, the error has told the shapes.
    odd = next((_shapes(place) for place in places if place.shapes and place.shapes[-1] is not None), "")
    return f" {odd or 'What should stand there?'}"


def _in_reading_order(places: Sequence[Place]) -> list[Place]:
    return sorted(places, key=lambda place: (place.line, _start(place)))


def folds(places: Sequence[Place]) -> tuple[Fold, ...]:
    """Return the fold with the student's own lines, the guilty expression underlined, and what its operands are."""
    # The same expression twice in a line is underlined, and explained, once.
    told = dict.fromkeys(
        (_underlined(place), " ".join(_meanings(place))) for place in _in_reading_order(places)
    )
    if not told:
        return ()
    note = [("", NOTE)] if any(map(_named, places)) else []
    return (Fold("what stands there", (*told, *note)),)


def _quoted(text: str, most: int = MOST_QUOTED) -> str:
    text = text.replace("`", "'")
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _whole_value(place: Place) -> str:
    """Return all that the line gives or returns, where that is short and one thing; else the expression itself."""
    if place.shapes:
        return _quoted(place.source)
    try:
        with warnings.catch_warnings(action="ignore"):
            (statement,) = ast.parse(place.text).body
    except (SyntaxError, ValueError):
        return _quoted(place.source)
    value = getattr(statement, "value", None)
    if not isinstance(value, ast.BinOp | ast.Call | ast.UnaryOp) or _lists_entries(value):
        return _quoted(place.source)
    whole = " ".join((ast.get_source_segment(place.text, value) or "").split())
    return _quoted(whole if place.source in whole and len(whole) <= WHOLE_VALUE else place.source)


def _lists_entries(value: ast.expr) -> bool:
    """Tell whether an expression makes an array of entries: each of them is a thing of its own."""
    return isinstance(value, ast.Call) and any(
        isinstance(given, ast.List | ast.Tuple) for given in value.args
    )


def _underlined(place: Place) -> str:
    start = _start(place)
    if start < 0:  # it goes over several lines
        return _quoted(place.source)
    end = start + len(place.source)
    # Of a very long line the end with the expression is shown.
    left_out = max(0, min(start, end - MOST_QUOTED))
    before = f"…{place.text[left_out:start]}" if left_out else place.text[:start]
    source, after = _quoted(place.source), place.text[end : left_out + MOST_QUOTED]
    more = "…" if len(place.text) > max(end, left_out + MOST_QUOTED) else ""
    return f"{before}{source}{after}{more}\n{' ' * len(before)}{'^' * len(source)}"


def _start(place: Place) -> int:
    """Return where an expression begins in its line, or -1."""
    if place.column >= 0 and place.text.startswith(place.source, place.column):
        return place.column
    # As a name of its own: `o` is also a letter of `np.dot`.
    found = re.search(rf"(?<![\w.]){re.escape(place.source)}(?!\w)", place.text)
    return found.start() if found else -1


def _named(place: Place) -> list[str]:
    """Say what the operands are; what a name says already, and what has no symbol, is left out."""
    symbols: dict[str, list[str]] = {}
    for text, meaning in dict.fromkeys(place.operands):
        symbol = symbol_of(meaning)
        # A list is more than the first of its pieces.
        if meaning not in UNSAID and not _says_itself(text, symbol) and not text.startswith("["):
            symbols.setdefault(symbol, []).append(f"`{_quoted(text)}`")
    return [
        f"{' and '.join(texts)} {'is' if len(texts) == 1 else 'are'} {symbol}"
        for symbol, texts in symbols.items()
    ]


def _says_itself(text: str, symbol: str) -> bool:
    """Tell whether a name says what it is: `W12` that it is W^(1,2), `path` that it has to do with the path."""
    word = text.isalpha() and len(text) > SYMBOL and text.lower() in symbol.lower().split()
    return word or _plain(symbol) == _plain(text)


def _plain(text: str) -> str:
    """Return letters and digits alone."""
    return re.sub(r"[\W_]", "", text)


def _meanings(place: Place) -> Iterator[str]:
    said = _named(place)
    if said:
        yield f"{'; '.join(said)}."
    if place.shapes:
        yield _shapes(place)
    elif place.ends_loop:
        yield "A `return` ends the whole function, and with it the loop in its first turn."
    elif place.instead:
        yield _instead(place)
    elif place.is_definition:
        yield "Further down its value is used, and another one is needed there."
    elif [text for text, _ in place.operands] == [place.source]:
        yield "That is not what is asked for."
    elif not any(meaning.startswith("updated_") for _, meaning in place.operands):
        yield "The underlined value is no step of the right computation."


def _instead(place: Place) -> str:
    """Say what is needed in a place, and how many times that stands there."""
    needed = symbol_of(place.instead)
    said = f"it is {place.times:.3g} times {needed}" if place.times else f"{needed} is needed there"
    return f"In the names of E, {said}."


def _shapes(place: Place) -> str:
    """Say which shapes met in a place, and what they gave, where one of them is what is wrong."""
    if not place.shapes:
        return ""
    *operands, made = place.shapes
    met = " and ".join(map(str, filter(None, operands)))
    return f"The shapes there: {met} gave {made}." if made is not None else f"The shapes there are {met}."
