r"""TeX becomes MathML while a page is made, so that formulas need neither a script nor the internet.

What does not convert, or is no plain mathematics (``\href``, ``\color``), shows as it was written.
"""

import re
from functools import lru_cache
from xml.etree import ElementTree

from markupsafe import Markup
from math_core import LatexError, LatexToMathML

# The converter recurses; a formula as long as this cannot nest deep enough to end the process.
MOST_FORMULA = 2000
_TAGS = re.compile(
    "math|m(frac|i|n|o|over|phantom|root|row|space|sqrt|style|sub|subsup|sup|table|td|text|tr|under|underover)"
)
# A value holds one digit before its point at most: nothing as large as the page, nothing that moves to elsewhere.
_VALUE = re.compile(r"[a-z]*|\d?(\.\d+)?(em)?")
_ATTRIBUTES = re.compile(
    "accent|accentunder|display|displaystyle|form|[lr]space|mathvariant|(max|min)size|scriptlevel|stretchy|symmetric|width"
)
_ALIGNED = re.compile(
    r"((text-align: (left|right|center)|justify-items: (start|end|center)"
    r"|padding-(left|right): ?(0|1em)|width: (50|100)%);? ?)*"
)


def mathml(tex: str, display: bool) -> Markup:
    """Return a formula as MathML; one that cannot be converted, as its source in code."""
    return _converted(tex.strip(), display) or source(tex, display)


def source(tex: str, display: bool) -> Markup:
    """Return a formula as it was written."""
    mark = "$$" if display else "$"
    return Markup("<code>{}{}{}</code>").format(mark, tex, mark)


@lru_cache(maxsize=2048)
def _converted(tex: str, display: bool) -> Markup | None:
    if len(tex) > MOST_FORMULA:
        return None
    try:
        made = LatexToMathML(fancy_error=False).convert_with_local_state(tex, displaystyle=display)
    except LatexError:
        return None
    made = made.replace("&ApplyFunction;", "\u2061")
    try:
        found = ElementTree.fromstring(made)
    except ElementTree.ParseError:
        return None
    if not all(_is_plain(element) for element in found.iter()):
        return None
    for element in found.iter("msup"):
        _lower_prime(element)
    return Markup(ElementTree.tostring(found, encoding="unicode"))


def _is_plain(element: ElementTree.Element) -> bool:
    """Tell whether an element is mathematics and nothing else, whatever the converter lets through one day."""
    return bool(
        _TAGS.fullmatch(element.tag)
        and all(
            _ALIGNED.fullmatch(value)
            if name == "style"
            else _ATTRIBUTES.fullmatch(name) and _VALUE.fullmatch(value)
            for name, value in element.attrib.items()
        )
    )


def _lower_prime(element: ElementTree.Element) -> None:
    """Set a prime as large as it comes: in most fonts it is small and high already."""
    last = element[-1]
    if last.tag == "mo" and last.text and not last.text.strip("\u2032\u2033\u2034"):
        last.set("class", "prime")
