"""What a student's kernel imports. Names load on first use (PEP 562), so the import costs almost nothing."""

import importlib

# Public name -> the module it comes from. Sorted; no name equals a module's.
_HOME = {
    "EXERCISES": "exercises",
    "LESSONS": "exercises",
    "Outcome": "checking",
    "Pass": "network",
    "Verdict": "checking",
    "challenge": "recalling",
    "check": "checking",
    "clip_by_global_norm": "descent",
    "complex_step_gradients": "numdiff",
    "contour_plot": "landscape",
    "diagram": "widgets",
    "explore_clipping": "widgets",
    "explore_depth": "widgets",
    "explore_descent": "widgets",
    "explore_loss": "widgets",
    "explore_training": "widgets",
    "forward": "network",
    "gradient_descent": "descent",
    "gradients": "backprop",
    "hint": "checking",
    "identity": "activations",
    "judge": "checking",
    "layer_plot": "plots",
    "leaky_relu": "activations",
    "line_plot": "plots",
    "load_penguins": "penguins",
    "loss": "network",
    "mistake_map": "exercises.lesson_06.mistake_places",
    "mse": "network",
    "network_diagram": "widgets",
    "numerical_gradient": "numdiff",
    "numerical_gradients": "numdiff",
    "numerical_hessian": "numdiff",
    "pack": "checking",
    "personal_network": "network",
    "place": "answers",
    "progress": "checking",
    "random_network": "network",
    "recall": "recalling",
    "relu": "activations",
    "scatter_plot": "plots",
    "sigmoid": "activations",
    "summary": "checking",
    "tanh": "activations",
    "trace_gradient": "widgets",
    "train": "descent",
    "watch_backward": "widgets",
    "watch_forward": "widgets",
    "watch_penguins": "penguin_film",
}

__all__ = sorted(_HOME)
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"course_lib has no public name {name!r}; it has: {', '.join(__all__)}")
    value = getattr(importlib.import_module(f"course_lib.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
