"""The penguins that move: where the network puts them, told in words, still where less motion is asked for."""

from __future__ import annotations

import base64
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from course_lib import forward, load_penguins, penguin_film, random_network, train, watch_penguins

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def film():
    return watch_penguins()


def test_every_bird_moves_to_where_the_trained_network_puts_it(film):
    aside, targets = load_penguins("kept aside")
    start, _, _ = random_network(np.random.default_rng(1), (3, 4, 2), 1)
    trained, _ = train(start, *load_penguins("training"), 1.0, 500)
    o = forward(trained, aside).y[-1]
    moves = ElementTree.fromstring(film.image).findall(f".//{SVG}animateTransform")
    ways = np.array([[pair.split() for pair in m.get("values").split(";")] for m in moves], dtype=float)
    assert ways.shape == (len(aside), len(penguin_film.SHOWN), 2)
    np.testing.assert_allclose((ways[:, -1, 0] - penguin_film.LEFT) / penguin_film.SIDE, o[:, 0], atol=2e-3)
    np.testing.assert_allclose(
        1 - (ways[:, -1, 1] - penguin_film.TOP) / penguin_film.SIDE, o[:, 1], atol=2e-3
    )
    recognised = int(((o > 0.5) == (targets == 1)).all(axis=1).sum())
    assert f"{recognised} are recognised" in film.alt
    assert f"step 500: {recognised} of {len(aside)} recognised" in film.still.decode()


def test_it_moves_for_five_seconds_at_most_and_stays_still_on_request(film):
    moving, still = ElementTree.fromstring(film.image), ElementTree.fromstring(film.still)
    assert {m.get("dur") for m in moving.iter(f"{SVG}animateTransform")} == {"5s"}
    assert not {e.tag for e in still.iter()} & {f"{SVG}animateTransform", f"{SVG}set"}
    page = film._repr_html_()
    (source,) = re.findall(r'<source media="\(prefers-reduced-motion: reduce\)" srcset="([^"]+)">', page)
    assert base64.b64decode(source.partition(",")[2]) == film.still
    assert 'alt="A square' in page
    assert len(page) < 120_000
    assert repr(film) == f"[picture: {film.alt}]"
