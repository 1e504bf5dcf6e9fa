"""What was answered in a diagram, as a picture: for its widget, and for a grader, who needs no widgets for it."""

from collections.abc import Mapping
from functools import cache

from course_lib.checking.cards.diagrams import written_product
from course_lib.exercises import DiagramExercise
from course_lib.symbols import SYMBOLS
from course_lib.widgets.layout import Layout, lay_out
from course_lib.widgets.static import Still, all_symbols, static_html

SIZES = (2, 2, 1)
FILLED = "fill_symbols"


@cache
def layout_of(exercise: DiagramExercise) -> Layout:
    """Return the network of a diagram; only what is to be filled needs no room for numbers."""
    return lay_out(SIZES, numbers=exercise.id != FILLED)


def weight_of(exercise: DiagramExercise) -> str:
    """Return the name of the weight by which a diagram asks for the derivative."""
    return exercise.id.removeprefix("factors_")


def edge_of(exercise: DiagramExercise) -> str:
    """Return the slot of that weight."""
    return next(edge.slot for edge in layout_of(exercise).edges if edge.name == weight_of(exercise))


def picture(exercise: DiagramExercise, answers: Mapping[str, str]) -> str:
    """Return a diagram with what was answered, slot -> symbol, as an HTML figure."""
    draw = _filled if exercise.id == FILLED else _chosen
    return draw(exercise, answers)


def _filled(exercise: DiagramExercise, answers: Mapping[str, str]) -> str:
    """Draw the network with the symbols placed so far."""
    shown = {slot: SYMBOLS[name].latex for slot, name in answers.items()}
    placed = "; ".join(f"{slot.replace('_', ' ')}: {latex}" for slot, latex in shown.items())
    alt = f"A 2-2-1 network; {len(shown)} of {len(exercise.slots)} places hold a symbol. {placed}"
    return static_html(layout_of(exercise), Still(shown, alt), f"{exercise.heading}, as answered so far.")


def _chosen(exercise: DiagramExercise, answers: Mapping[str, str]) -> str:
    """Draw the network with the weight in question highlighted, and the product so far."""
    chosen = written_product(list(answers.values())) or "nothing yet"
    alt = f"The 2-2-1 network with the weight {weight_of(exercise)} highlighted. Chosen so far: {chosen}"
    caption = f"{exercise.title[:1].upper()}{exercise.title[1:]}. Chosen so far: {chosen}"
    layout = layout_of(exercise)
    still = Still(all_symbols(layout), alt, lit=frozenset({edge_of(exercise)}))
    return static_html(layout, still, caption)
