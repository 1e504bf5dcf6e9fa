"""What you can touch: diagrams to answer in, and a network to trace and to send numbers through."""

from course_lib.widgets.answering import diagram
from course_lib.widgets.exploring import explore_clipping, explore_depth, explore_descent, explore_training
from course_lib.widgets.flowing import watch_forward
from course_lib.widgets.tracing import trace_gradient

__all__ = [
    "diagram",
    "explore_clipping",
    "explore_depth",
    "explore_descent",
    "explore_training",
    "trace_gradient",
    "watch_forward",
]
