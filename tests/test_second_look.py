"""An answer is tried again as things stood behind its own cell, whatever the kernel and the judge do meanwhile."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from course_lib.checking.calling import Outcome
from grading import second_look
from grading.sandbox.kernel import KernelDiedError


class Run:
    """A kernel that counts how often an answer was called in it."""

    def __init__(self, starts: bool = True) -> None:
        self.starts, self.calls = starts, 0

    def __enter__(self) -> Run:
        if not self.starts:
            raise KernelDiedError("it cannot start")
        return self

    def __exit__(self, *exc: object) -> None:
        pass

    def run_to(self, cell: int) -> None:
        """Run nothing: there are no cells."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[second_look.Question]:
    """Two questions, about an answer that is right on its first three calls in a kernel."""

    def outcomes_on(run: Run, exercise: object, cases: list, data: bool) -> list[Outcome]:
        run.calls += len(cases)
        return [Outcome(run.calls <= 3)] * len(cases)

    def judge(exercise: object, cases: list, outcomes: list, numerical_only: str) -> SimpleNamespace:
        return SimpleNamespace(right=all(outcome.value for outcome in outcomes))

    monkeypatch.setattr(second_look, "outcomes_on", outcomes_on)
    monkeypatch.setattr(second_look, "judge", judge)
    exercise = SimpleNamespace(personal=False)
    return [second_look.Question(exercise, cell, [()] * 3, [()] * 3) for cell in (1, 2)]


def test_kernels_that_cannot_start_end_the_second_look(asked: list) -> None:
    kernels = iter([Run(starts=False)] * 20)
    assert second_look.look_again(lambda: next(kernels), asked, "", "flag") == []


def test_public_and_secret_cases_count_in_one_kernel(asked: list) -> None:
    (found, *_) = second_look.look_again(Run, asked[:1], "", "flag")
    assert [outcome.value for outcome in found.outcomes] == [True] * 3 + [False] * 3


def test_a_judge_that_raises_costs_only_its_own_exercise(
    asked: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = asked[0]

    def judge(exercise: object, cases: list, outcomes: list, numerical_only: str) -> SimpleNamespace:
        if outcomes is first.outcomes:
            raise OverflowError("too large")
        return SimpleNamespace(right=True)

    monkeypatch.setattr(second_look, "judge", judge)
    assert second_look.look_again(Run, asked, "", "flag") == [asked[1]]
