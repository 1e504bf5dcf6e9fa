"""The cards of what was put into a diagram."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from course_lib.checking.cards.content import Card, number, state_of
from course_lib.checking.cards.diagnoses import formulas, look_at_term, suggestion
from course_lib.checking.cards.hints import hint_folds
from course_lib.checking.judging import Judgement, Reason, SlotState
from course_lib.exercises import DiagramExercise
from course_lib.symbols import SYMBOLS

SIGNS = {
    SlotState.RIGHT: "✓ right",
    SlotState.DECK: "✓ right, see above",
    SlotState.WRONG: "✗ not this one",
    SlotState.EMPTY: "○ empty",
}
# Of how many wrong places a card tells what is wrong there: one thing at a time.
MOST_TOLD = 2
WHAT = {"net": "net input", "output": "output"}
# What a symbol is that has no place in the diagram.
NOWHERE = {"d_n1": "a target is what should come out, not what does"}


def card_of_symbols(exercise: DiagramExercise, judgement: Judgement) -> Card:
    """Return the card of a diagram filled with symbols: a row for each place."""
    slots, placed = judgement.slots, judgement.decisive.outcome.value
    rows = [("place", "yours", "")]
    rows += [(slot_words(slot), written(placed.get(slot)), SIGNS[state]) for slot, state in slots.items()]
    lines = list(islice(_telling(judgement), MOST_TOLD))
    if SlotState.DECK in slots.values():
        lines.append(
            "The slides also leave the n out, or write y^(1,2). That counts; for training pair n it is "
            "x_n1, o_n1 and y_n1^(1)."
        )
    state = state_of(judgement.right, len(slots))
    result = f"{judgement.right} of {len(slots)} places right."
    hints = () if state == "right" else hint_folds(exercise)
    return Card(state, result, tuple(lines), tuple(rows), title=exercise.heading, folds=hints)


def _telling(judgement: Judgement) -> Iterator[str]:
    """Say of wrong places what the symbol there means, where that helps."""
    placed = judgement.decisive.outcome.value
    for slot, state in judgement.slots.items():
        symbol = (
            SYMBOLS.get(placed[slot]) if state is SlotState.WRONG and isinstance(placed[slot], str) else None
        )
        told = NOWHERE.get(symbol.name, "") if symbol else ""
        told = _told(slot, symbol.where) if symbol and symbol.where else told
        if told:
            yield f"{written(symbol.name)} does not belong at {slot_words(slot)}: {told}."


def _told(slot: str, where: str) -> str:
    """Say how a place differs from that of a symbol: one end of a line, or one of the two things in a node."""
    (start, line, end), (its_start, its_line, _) = slot.partition("_to_"), where.partition("_to_")
    if not line:
        node, _, what = slot.rpartition("_")
        if its_line:
            return "a weight stands on a line, not in a node"
        both = (f"{node}_net", f"{node}_output")
        return f"this is the place of the {WHAT[what]}" if slot in both and where in both else ""
    if not its_line:
        return "what stands on a line is a weight"
    (layer, i), (its_layer, its_i) = start.split("_"), its_start.split("_")
    if layer != its_layer:
        return "its superscript names two other layers"
    return f"this line starts at {i}" if i != its_i else f"this line ends at {end.split('_')[1]}"


def card_of_factors(exercise: DiagramExercise, judgement: Judgement) -> Card:
    """Return the card of a product: what it is worth beside the finite difference of E."""
    title, names, hints = exercise.heading, judgement.factors, hint_folds(exercise)
    if judgement.reason is Reason.UNKNOWN_NAME:
        strange = str(judgement.decisive.finding.got)[:40]
        lines = (f"{strange!r} is not a symbol of this diagram.",)
        return Card("wrong", "a factor that cannot be read.", lines, title=title, folds=hints)
    trials = judgement.trials
    if judgement.reason is Reason.RIGHT:
        agrees = (
            f"{written_product(names)}, averaged over n, agrees with the finite difference of E "
            f"on {len(trials)} networks."
        )
        return Card("right", "right.", (agrees,), title=title)
    mine, truth = trials[0].outcome.value, trials[0].truth
    rows = (
        ("", "value"),
        ("your product", number(mine)),
        ("finite difference", number(truth)),
        ("ratio", number(mine / truth)),
    )
    shown = f"Yours: 1/N Σ_n of {written_product(names)}, on live numbers beside the finite difference of E."
    known = (*suggestion(judgement.diagnosis), *look_at_term(judgement.diagnosis))
    return Card(
        "wrong",
        "the product is something else.",
        known or (_of_the_way(exercise, names),),
        rows,
        title=title,
        folds=(*hints, *formulas(judgement.diagnosis)),
        comparison=(shown,),
    )


def _of_the_way(exercise: DiagramExercise, names: Sequence[str]) -> str:
    """Say which factor, the first of them, is not met between the weight and E; or that none is."""
    weight = written(exercise.weight)
    if exercise.weight in names:
        return (
            f"Look at {weight}: it is the weight that is moved. Its derivative is made of what that movement "
            "meets on its way to E."
        )
    strange = next((name for name in names if name not in exercise.on_the_way), None)
    if strange is not None:
        return f"Look at {written(strange)}: it is not met on the way from {weight} to E."
    return (
        f"All that you chose is met on the way from {weight} to E. Go along it arrow by arrow: each of them gives "
        "one factor, once."
    )


def written(name: Any) -> str:
    """Return a symbol as the cards write it: ``w11^(0,1)``."""
    if name is None:
        return ""
    if not isinstance(name, str) or name not in SYMBOLS:
        return str(name)[:30]
    return SYMBOLS[name].latex.replace("{", "").replace("}", "").replace("-", "−")


def written_product(names: Sequence[str]) -> str:
    """Return the factors in words and signs."""
    return " · ".join(map(written, names))


def slot_words(slot: str) -> str:
    """Return a slot's name as words: "input 1 to hidden 2"."""
    return slot.replace("_", " ")
