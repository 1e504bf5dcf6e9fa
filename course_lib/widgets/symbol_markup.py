"""A symbol in three forms, made from its LaTeX: MathML for the page, tspans for an SVG, words for a screen reader."""

import html
import re
from collections.abc import Iterator
from functools import lru_cache

from course_lib.symbols import SYMBOLS

# Every diagram shows the same few; more of them than a lesson has are not kept.
MOST_SYMBOLS = 512
_TOKEN = re.compile(
    r"(?P<base>net|[A-Za-zδ]'?|-?\d+)(?:_\{(?P<sub>[^}]*)\})?(?:\^\{(?P<sup>[^}]*)\})?|(?P<sign>[()+/∂-])"
)
_SPOKEN = {
    "(": "",
    ")": "",
    "-": "minus",
    "-1": "minus 1",
    "+": "plus",
    ",": "comma",
    "S'": "S prime of",
    "δ": "delta",
    "∂": "d",
    "/": "by",
}


def _tokens(latex: str) -> Iterator[re.Match]:
    if _TOKEN.sub("", latex).strip():
        raise ValueError(f"latex: cannot be read: {latex!r}")
    return _TOKEN.finditer(latex)


def latex_of(name: str) -> str:
    """Return the LaTeX of any weight, net input, output, delta or target of a network of any size, or of E."""
    letter, _, index = name.partition("_")
    if not index:
        return letter
    if letter[0] == "w":
        return f"w_{{{letter[1:]}}}^{{({index[0]},{index[1]})}}"
    if letter in ("net", "δ"):
        node, _, layers = index.partition("_")
        return f"{letter}_{{{node}}}^{{({layers[0]},{layers[1]})}}"
    return f"{letter}_{{{index}}}" + ("^{(1)}" if letter == "y" else "")


def without_layers(latex: str) -> str:
    """Return a symbol without its upper index, for where its place tells the layers."""
    return re.sub(r"\^\{[^}]*\}", "", latex)


@lru_cache(maxsize=MOST_SYMBOLS)
def mathml(latex: str) -> str:
    """Return a symbol or a short product as one MathML element."""
    inside = "".join(_sign(t["sign"]) if t["sign"] else _indexed(t) for t in _tokens(latex))
    return f"<math><mrow>{inside}</mrow></math>"


def _sign(sign: str) -> str:
    # Neither stretched nor spaced as an operator, as at the start of a number.
    close = ' lspace="0" rspace="0"' if sign in "/∂" else ""
    return f'<mo stretchy="false"{close}>{"−" if sign == "-" else sign}</mo>'


def _indexed(token: re.Match) -> str:
    base = _letters(token["base"])
    if token["sub"] and token["sup"]:
        return f"<msubsup>{base}{_letters(token['sub'])}{_letters(token['sup'])}</msubsup>"
    if token["sub"]:
        return f"<msub>{base}{_letters(token['sub'])}</msub>"
    return base


def _letters(text: str) -> str:
    if text == "net":
        return '<mi mathvariant="italic">net</mi>'
    if text.startswith("-"):
        return f"<mn>−{text[1:]}</mn>"
    if text.endswith("'"):
        return f"<mrow><mi>{text[:-1]}</mi><mo>′</mo></mrow>"
    pieces = re.findall(r"\d+|[A-Za-zδ]|\([^)]*\)", text)
    marks = "".join(_piece(piece) for piece in pieces)
    return marks if len(pieces) == 1 else f"<mrow>{marks}</mrow>"


def _piece(piece: str) -> str:
    if piece.isdigit():
        return f"<mn>{piece}</mn>"
    return f"<mi>{piece}</mi>" if piece.isalpha() else f"<mtext>{piece}</mtext>"


@lru_cache(maxsize=MOST_SYMBOLS)
def spoken(latex: str) -> str:
    """Return how a symbol is read aloud, without saying what it stands for: "w sub 1 2 super 0 comma 1"."""
    words = []
    for token in _tokens(latex):
        if token["sign"]:
            words.append(_SPOKEN[token["sign"]])
            continue
        words.append(_SPOKEN.get(token["base"], token["base"]))
        for word, index in (("sub", token["sub"]), ("super", token["sup"])):
            if index:
                words += [word, *(_SPOKEN.get(piece, piece) for piece in re.findall(r"\w|,", index))]
    return " ".join(filter(None, words))


@lru_cache(maxsize=MOST_SYMBOLS)
def tspans(latex: str) -> str:
    """Return a symbol as the inside of an SVG ``<text>``, lower index first, then the upper one."""
    out, shift = [], 0.0
    for token in _tokens(latex):
        if token["sign"]:
            out.append(_tspan("−" if token["sign"] == "-" else token["sign"], -shift))
            shift = 0.0
            continue
        out.append(_tspan(token["base"].replace("'", "′").replace("-", "−"), -shift, "font-style:italic"))
        shift = 0.0
        for index, wanted in ((token["sub"], 0.3), (token["sup"], -0.35)):
            if index:
                out.append(_tspan(index, wanted - shift, "font-size:.7em", scale=0.7))
                shift = wanted
    return "".join(out)


def _tspan(text: str, shift: float, style: str = "", scale: float = 1.0) -> str:
    dy = f' dy="{shift / scale:.2f}em"' if shift else ""
    styled = f' style="{style}"' if style else ""
    return f"<tspan{dy}{styled}>{html.escape(text)}</tspan>"


def family(name: str) -> str:
    """Return the key of `course_lib.palette.COLOURS` under which a symbol keeps its colour, or nothing."""
    if name.startswith("w"):
        return f"w_{name[-2:]}"
    if name.startswith("S'"):
        return "net"
    if name.startswith("δ"):
        return "delta"
    letter = name.removeprefix("1 - ").partition("_")[0]
    return letter if letter in ("x", "y", "o", "d", "net") else ""


def tile(name: str) -> dict[str, str]:
    """Return what the front end needs to show one symbol."""
    latex = SYMBOLS[name].latex
    return {"name": name, "math": mathml(latex), "spoken": spoken(latex), "family": family(name)}
