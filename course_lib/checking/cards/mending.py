"""What a card says of a mended function: what in it was changed, and whether that is a mend."""

from collections.abc import Sequence

from course_lib.checking.calling.mending import BUILTINS
from course_lib.checking.judging import Judgement, Reason
from course_lib.checking.judging.changes import Change
from course_lib.checking.judging.mending import known_names
from course_lib.exercises import DataExercise, MendExercise

# More changed nodes than these nobody reads one by one.
MOST_SHOWN = 8
NO_MEND = frozenset({Reason.OUTSIDE_NAMES, Reason.UNCHANGED, Reason.REWRITTEN})
AGAIN = "Begin again with a copy of the broken function, and change in it only what is wrong."


def unfit(exercise: DataExercise, name: str, judgement: Judgement) -> list[str]:
    """Say why the function called `name` is no mend, whatever its values; nothing where that is not the matter."""
    if judgement.reason is Reason.OUTSIDE_NAMES:
        return [f"`{name}`: it cannot be run by itself.", _outside(exercise, judgement.decisive.finding.got)]
    if judgement.reason is Reason.UNCHANGED:
        return [f"`{name}`: nothing in it is changed, so it is still the broken one."]
    if judgement.reason is Reason.REWRITTEN:
        first = f"`{name}`: its values are right, but it is another function and not this one mended."
        return [first, *_far(exercise, judgement)]
    return []


def _far(exercise: MendExercise, judgement: Judgement) -> list[str]:
    if judgement.changes is None:
        return [f"It has too little in common with the broken one to say what was changed. {AGAIN}"]
    count = len(judgement.changes)
    return [
        f"{count} nodes of its tree are changed, and a mend here changes at most {exercise.most}: "
        f"{_listed(judgement.changes)}. {AGAIN}"
    ]


def _outside(exercise: MendExercise, names: Sequence[str]) -> str:
    tools = ", ".join(f"`{name}`" for name in sorted(known_names(exercise.tools) - set(BUILTINS)))
    used = " and ".join(f"`{name}`" for name in names[:3])
    return (
        f"It uses {used}, and nothing of the notebook is there but the tools {tools}, and Python's own `len`, `range` "
        "and their like."
    )


def counted(exercise: DataExercise, judgement: Judgement) -> list[str]:
    """Say how much was changed in a mended function that is right, or so far in one that is not."""
    changes = judgement.changes
    if not changes or judgement.reason in NO_MEND:
        return []
    nodes = "1 node is" if len(changes) == 1 else f"{len(changes)} nodes are"
    return [f"{nodes} changed, of at most {exercise.most}: {_listed(changes)}."]


def _listed(changes: Sequence[Change]) -> str:
    shown = [_said(change) for change in changes[:MOST_SHOWN]]
    left = len(changes) - len(shown)
    return ", ".join(shown) + (f" and {left} more" if left else "")


def _said(change: Change) -> str:
    if not change.was:
        return f"{_code(change.became)} added"
    if not change.became:
        return f"{_code(change.was)} taken out"
    return f"{_code(change.was)} became {_code(change.became)}"


def _code(label: str) -> str:
    return f"`{label.replace('`', ' ')[:40]}`"
