"""Interactive parts: diagrams to answer in, the forward pass, the paths of a gradient, and the explorers."""

from course_lib.widgets.answer_diagrams import diagram
from course_lib.widgets.explorers import (
    explore_clipping,
    explore_depth,
    explore_descent,
    explore_loss,
    explore_training,
)
from course_lib.widgets.static import network_diagram
from course_lib.widgets.watching import trace_gradient, watch_backward, watch_forward

__all__ = [
    "diagram",
    "explore_clipping",
    "explore_depth",
    "explore_descent",
    "explore_loss",
    "explore_training",
    "network_diagram",
    "trace_gradient",
    "watch_backward",
    "watch_forward",
]
