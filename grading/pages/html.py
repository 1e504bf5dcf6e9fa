"""A page as HTML. Everything that is no markup already is escaped, in every template."""

import secrets
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from course_lib.checking.cards.card_html import STATES
from grading.pages.cells import COLOURS
from grading.pages.page import Page

_TEMPLATES = Path(__file__).resolve().parent / "templates"


def points(value: float) -> str:
    """Return points as people write them: 3, 1.5, 0.67."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


# nbconvert's own environment escapes nothing.
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_ENVIRONMENT.filters["points"] = points
_ENVIRONMENT.globals["STATES"] = STATES


def render(template: str, page: Page, **more: Any) -> str:
    """Return `page` as HTML, its scripts (if it has any) with a number that nobody knew before.

    No other script runs in it.
    """
    made = _ENVIRONMENT.get_template(template)
    return made.render(page=page, colours=Markup(COLOURS), nonce=secrets.token_urlsafe(16), **more)
