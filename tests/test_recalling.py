"""The questions before a lesson and the challenge at its end: one choice is right, each says why, none comes twice."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from course_lib import LESSONS, challenge, recall
from course_lib.recalling import asking, networks, tools
from course_lib.recalling.asking import BANK, Asked, drawn
from course_lib.recalling.challenges import CHALLENGES
from course_lib.recalling.question import made
from tests import lessons

MAKERS = [make for lesson in (*BANK, *CHALLENGES.values()) for make in lesson]
RECALLING = [lesson for lesson in LESSONS if 0 < int(lesson[:2]) < 6]


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_one_choice_is_right_and_all_of_them_say_why(make):
    texts = set()
    for seed in range(30):
        question = made(make, np.random.default_rng(seed))
        texts.add(question.text + str(sorted(question.choices)))
        assert [c.right for c in question.choices].count(True) == 1
        assert len({c.text for c in question.choices}) == len(question.choices) == 4
        assert all(10 < len(c.said) < 130 and c.said[-1] in ".!?" for c in question.choices)
        assert not re.search(r"\bnan\b|\binf\b|-0\b|np\.", str(question))
    assert len(texts) > 1 or make is networks.middle_factor


def right_number(make, seed):
    rng = np.random.default_rng(seed)
    (choice,) = [c for c in made(make, rng).choices if c.right]
    return choice.text.replace("−", "-"), made(make, np.random.default_rng(seed)).text.replace("−", "-")


def given(text):
    return [float(v) for v in re.findall(r"(?<![\w^])-?\d+\.?\d*(?![\w²])", text)]


@pytest.mark.parametrize("seed", range(5))
def test_what_is_called_right_is_right(seed):
    """Worked out anew from the numbers in the text of the question."""
    answer, text = right_number(networks.net_input, seed)
    x1, x2, w1, w2 = given(text)
    assert float(answer) == pytest.approx(x1 * w1 + x2 * w2, rel=1e-3, abs=1e-9)
    answer, text = right_number(networks.delta_of_hidden, seed)
    y, w1, w2, d1, d2 = given(text)
    assert float(answer) == pytest.approx((w1 * d1 + w2 * d2) * y * (1 - y), rel=1e-3)
    answer, text = right_number(networks.gradient_of_weight, seed)
    a, b, c, d, e, f = given(text)
    assert float(answer) == pytest.approx(a * d + b * e + c * f, rel=1e-3)
    answer, text = right_number(tools.partial_derivative, seed)
    x1, x2 = given(text)
    assert float(answer) == 2 * x1 * x2
    answer, text = right_number(CHALLENGES[3][0], seed)
    w01, w12, x, d = (float(v) for v in re.findall(r"= (-?\d+\.?\d*)", text))

    def E(w):
        S = lambda z: 1 / (1 + np.exp(-z))  # noqa: E731
        return (S(w12 * S(w * x)) - d) ** 2

    assert float(answer) == pytest.approx(w01 - (E(w01 + 1e-5) - E(w01 - 1e-5)) / 2e-5, abs=1e-5)


@pytest.mark.parametrize("before", range(1, 7))
def test_three_different_questions_and_one_about_the_lesson_just_before(before):
    for seed in range(20):
        texts = [question.text for question in drawn(before, np.random.default_rng(seed))]
        assert len(set(texts)) == 3
    assert len({str(recall(before).questions) for _ in range(5)}) == 5
    assert len(challenge(before).questions) == 1


class Tags(HTMLParser):
    """Sees which tags are open."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        """Open a tag."""
        self.open.append(tag)
        self.seen.append(tag)

    def handle_endtag(self, tag):
        """Close the tag that is open."""
        assert self.open.pop() == tag


def test_it_shows_as_folds_and_as_words(monkeypatch):
    asked = Asked("Three questions.", drawn(5, np.random.default_rng(1)))
    page = Tags()
    page.feed(asked._repr_html_())
    assert page.open == []
    assert page.seen.count("details") == page.seen.count("summary") == 12
    assert "script" not in page.seen
    assert "`" not in asked._repr_html_() + repr(asked)
    assert repr(asked).count("\n1 ") == 1
    assert len(repr(asked).splitlines()) == 1 + 3 * 5 + 1 + 3


@pytest.mark.parametrize("call", [recall, challenge])
def test_what_is_no_number_of_a_lesson_is_refused(call):
    with pytest.raises((TypeError, ValueError), match=r"before|lesson"):
        call("03")
    with pytest.raises(ValueError, match=r"before|lesson"):
        call(0)


@pytest.mark.parametrize("lesson", RECALLING)
def test_a_lesson_opens_with_questions_and_closes_with_a_challenge(lesson):
    number = int(lesson[:2])
    cells = [cell.source for cell in lessons.notebook(lesson).cells if cell.cell_type == "code"]
    assert cells[1] == f"recall(before={number})"
    assert cells[-4] == f"challenge({number})"
    assert asking.QUESTIONS == 3
