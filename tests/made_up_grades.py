"""Grading without a sandbox, for tests of the bookkeeping: what a submission gets is made up from what it says."""

from __future__ import annotations

import hashlib
import random

from course_lib.exercises import LESSONS, EssayExercise
from grading import batch
from grading.worker.assessment import Order
from grading.worker.grading import Graded

# What a course's nbgrader_config.py says for it, and for the bookkeeping to be nbgrader's own, step by step.
MADE_UP = "\nfrom tests import made_up_grades\nmade_up_grades.install()\n"
STEP_BY_STEP = """
from nbgrader.preprocessors import NbGraderPreprocessor

class Another(NbGraderPreprocessor):
    def preprocess(self, nb, resources):
        return nb, resources

c.Autograde.autograde_preprocessors = [*c.Autograde.autograde_preprocessors, Another]
"""


def install() -> None:
    """Have everything graded so that is graded in this process."""
    batch.grade = made_up


def made_up(order: Order) -> Graded:
    """Return outputs and verdicts that depend on the submission and on nothing else."""
    rng = random.Random(hashlib.sha256(repr((order.cells, order.own)).encode()).digest())
    exercises = LESSONS[order.lesson].exercises
    asked = [e for e in exercises if e.id in order.own or e.kind == "diagram"]
    broken = [e.id for e in asked if rng.random() < 0.1]
    return Graded(
        outputs=[_outputs(rng) for _ in order.cells],
        verdicts={e.id: _verdict(rng, e) for e in exercises if e.id not in broken},
        figures={e.id: "<svg></svg>" for e in asked if e.kind == "diagram"},
        broken=broken,
        drawn=[e.id for e in asked if e.kind == "diagram" and rng.random() < 0.5],
        answers_file=rng.random() < 0.5,
        notes=["Something was odd."] if rng.random() < 0.5 else [],
        name=rng.choice(["self-study", "Ada"]),
        stopped=rng.random() < 0.2,
    )


def _outputs(rng: random.Random) -> list[dict]:
    lines = "".join(f"line {n}\u2028 \x85 é\n" for n in range(rng.choice([1, 3, 1200])))
    return rng.choice(
        [
            [],
            [{"output_type": "stream", "name": rng.choice(["stdout", "stderr"]), "text": lines}],
            [{"output_type": "error", "ename": "E", "evalue": "e", "traceback": ["a", "b"] * 80}],
            [
                {
                    "output_type": "display_data",
                    "data": {"text/plain": "1\n2", "image/png": "aGk="},
                    "metadata": {},
                }
            ],
        ]
    )


def _verdict(rng: random.Random, exercise: object) -> dict:
    share = 0.0 if isinstance(exercise, EssayExercise) else rng.choice([0.0, 1.0, 1 / 3])
    return {
        "points": share * exercise.points,
        "max_points": float(exercise.points),
        "right": share == 1.0,
        "diagnosis": [],
        "right_parts": 0,
        "reason": "NONE",
        "status": "OK",
        "either": False,
        "state": "right" if share == 1.0 else "wrong",
        "card": f"<p>{exercise.id}</p>",
    }
