"""Explorers: make a prediction, let it run, and read what happened."""

from course_lib.widgets.explorers.clipping_view import explore_clipping
from course_lib.widgets.explorers.depth_view import explore_depth
from course_lib.widgets.explorers.descent_view import explore_descent
from course_lib.widgets.explorers.fitting import explore_loss
from course_lib.widgets.explorers.training_view import explore_training

__all__ = ["explore_clipping", "explore_depth", "explore_descent", "explore_loss", "explore_training"]
