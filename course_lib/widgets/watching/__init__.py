"""One network to watch: its numbers forward, the paths of a gradient, and the sweep back, step by step."""

from course_lib.widgets.watching.backward import watch_backward
from course_lib.widgets.watching.forward import watch_forward
from course_lib.widgets.watching.trace import trace_gradient

__all__ = ["trace_gradient", "watch_backward", "watch_forward"]
