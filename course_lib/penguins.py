"""The Palmer penguins: three measurements of 342 birds, and which of three species each is."""

import csv
from importlib import resources

import numpy as np

from course_lib.inputs import Array

MEASURES = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm")
# One output each; a bird of the third species, Adelie, has both targets 0.
TARGETS = ("Chinstrap", "Gentoo")
PARTS = ("all", "training", "kept aside")
# Every fourth bird is kept aside: the file goes by species and year, so that each has its share.
EVERY = 4


def load_penguins(part: str = "all") -> tuple[Array, Array]:
    """Load the penguins, ready for a network.

    Parameters
    ----------
    part : {"all", "training", "kept aside"}
        All 342 birds; the 256 to train with; or the 86 that a network has not seen, every fourth of the file from the
        first on. The split is the same everywhere.

    Returns
    -------
    X : ndarray
        (N, 3): bill length, bill depth and flipper length, each standardised: less its mean, over its standard
        deviation. Of a part, these are the mean and the deviation of the training birds, so that nothing of the birds
        kept aside is known before they are asked for.
    D : ndarray
        (N, 2): column 0 is 1 for Chinstrap, column 1 is 1 for Gentoo; Adelie has 0 in both.
    """
    if part not in PARTS:
        raise ValueError(f"part: expected one of {', '.join(map(repr, PARTS))}, got {part!r:.40}")
    measured, species = raw_penguins()
    D = np.array([[float(name == target) for target in TARGETS] for name in species])
    aside = np.arange(len(D)) % EVERY == 0
    known = measured if part == "all" else measured[~aside]
    X = (measured - known.mean(axis=0)) / known.std(axis=0)
    chosen = {"all": slice(None), "training": ~aside, "kept aside": aside}[part]
    return X[chosen], D[chosen]


def raw_penguins() -> tuple[Array, list[str]]:
    """Return the measurements in millimetres, (342, 3), and the 342 species."""
    text = resources.files("course_lib").joinpath("data", "penguins.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return np.array([[float(row[name]) for name in MEASURES] for row in rows]), [r["species"] for r in rows]
