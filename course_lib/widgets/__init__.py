"""Interactive parts: diagrams to answer in, the forward pass, the paths of a gradient, and the explorers.

Names load on first use (PEP 562): a picture of a diagram is drawn without loading a widget.
"""

import importlib

# Public name -> the module it comes from. Sorted.
_HOME = {
    "diagram": "answer_diagrams",
    "explore_clipping": "explorers",
    "explore_depth": "explorers",
    "explore_descent": "explorers",
    "explore_loss": "explorers",
    "explore_training": "explorers",
    "network_diagram": "static",
    "trace_gradient": "watching",
    "watch_backward": "watching",
    "watch_forward": "watching",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"course_lib.widgets has no {name!r}; it has: {', '.join(__all__)}")
    return getattr(importlib.import_module(f"course_lib.widgets.{_HOME[name]}"), name)
