"""The Palmer penguins: three measurements of 342 birds, and which of three species each is."""

import csv
from importlib import resources

import numpy as np

from course_lib.inputs import Array

MEASURES = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm")
# One output each; a bird of the third species, Adelie, has both targets 0.
TARGETS = ("Chinstrap", "Gentoo")


def load_penguins() -> tuple[Array, Array]:
    """Load the penguins, ready for a network.

    Returns
    -------
    X : ndarray
        (342, 3): bill length, bill depth and flipper length, each standardised (mean 0, standard deviation 1).
    D : ndarray
        (342, 2): column 0 is 1 for Chinstrap, column 1 is 1 for Gentoo; Adelie has 0 in both.
    """
    measured, species = raw_penguins()
    X = (measured - measured.mean(axis=0)) / measured.std(axis=0)
    return X, np.array([[float(name == target) for target in TARGETS] for name in species])


def raw_penguins() -> tuple[Array, list[str]]:
    """Return the measurements in millimetres, (342, 3), and the 342 species."""
    text = resources.files("course_lib").joinpath("data", "penguins.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return np.array([[float(row[name]) for name in MEASURES] for row in rows]), [r["species"] for r in rows]
