"""The benchmarks run: each part once, at its smallest size, without the peers."""

from __future__ import annotations

import numpy as np
import pytest

from course_lib import EXERCISES
from tests.bench import __main__, against, backpropagation, calls, checking, grading_a_class

# It starts seven commands of nbgrader's and as many kernels.
LONG = {grading_a_class: (pytest.mark.soak, pytest.mark.sandbox)}
PARTS = [pytest.param(part, marks=LONG.get(part, ())) for part in __main__.PARTS]


def numbers(report: str) -> list[float]:
    """Return the numbers in the cells of the tables of a report."""
    cells = report.split()
    return [float(cell) for cell in cells if cell.replace(".", "", 1).isdigit()]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__.rpartition(".")[2])
def test_every_part_runs_and_reports_times(part) -> None:
    report = part.report(quick=True)
    assert any(number > 0.0 for number in numbers(report))
    if part is checking:
        assert {"backprop", "forward_pass", "training", "dE_dw11_01"} <= set(report.split())


def test_a_peer_that_is_missing_is_named_as_missing(monkeypatch) -> None:
    def missing(*network):
        raise ImportError

    monkeypatch.setitem(backpropagation.GRADIENTS, "PyTorch", missing)
    assert "not installed" in backpropagation.report(quick=True)


@pytest.mark.parametrize("exercise_id", ["forward_pass", "backprop", "training"])
def test_an_answer_in_pieces_is_bent_piece_by_piece_and_diagnosed_as_nothing(exercise_id) -> None:
    verdict = calls.diagnosed(EXERCISES[exercise_id])()
    assert (verdict.right, verdict.diagnosis) == (False, ())
    assert calls.judged_right(EXERCISES[exercise_id])().right


def test_a_diagnosis_never_sees_the_same_numbers_twice() -> None:
    W = np.ones((2, 2))
    first, second = (calls.shifted(([W], 3, W), shift) for shift in (1e-13, 2e-13))
    assert not np.array_equal(first[0][0], second[0][0])
    assert first[1] == 3


@pytest.mark.soak
def test_two_checkouts_are_timed_in_turns(capsys) -> None:
    __main__.main(["--quick", "--against", str(against.HERE)])
    report = capsys.readouterr().out
    for name in calls.CALLS:
        here, there, ratio = numbers(report.partition(f"{name} ")[2])[:3]
        assert here / there == pytest.approx(ratio, rel=0.1, abs=0.01)


def test_the_process_times_the_checkout_that_it_is_given(tmp_path) -> None:
    package = tmp_path / "course_lib"
    package.mkdir()
    names = ("EXERCISES", "Outcome", "check", "judge", "random_network")
    (package / "__init__.py").write_text(
        "import time\n"
        + "".join(f"{name} = None\n" for name in names)
        + "random_network = lambda *network: (None, None, None)\n"
        + "gradients = lambda *network: time.sleep(0.05)\n"
    )
    with against.Checkout(tmp_path) as checkout:
        assert checkout.seconds(next(iter(calls.CALLS)), 1) >= 0.05


def test_a_path_without_a_checkout_is_refused(tmp_path) -> None:
    with pytest.raises(SystemExit, match="expected a checkout of this project"):
        against.Checkout(tmp_path)
