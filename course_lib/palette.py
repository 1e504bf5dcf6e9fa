"""The colours of every picture: on JupyterLab's light pages and on its dark ones each stands out by 3 : 1 or more."""

# Petroff's ten-colour sequence, its light ones darkened and its dark ones lightened; a symbol keeps its colour in
# every picture.
COLOURS = {
    "x": "#3f90da",
    "y": "#b88700",
    "o": "#dd3a24",
    "d": "#e76300",
    "net": "#a96b59",
    "w_01": "#7d908e",
    "w_12": "#a257d6",
}
# Axes and words, about equally far from black and from white.
INK = "#787c87"
# The ground of a landscape: deep where it is low.
LAND = "#2b9a6b"
# A line of its own style and colour each, so that colour is never the only difference.
LINES = (
    (COLOURS["x"], "-"),
    (COLOURS["o"], "--"),
    (COLOURS["w_12"], "-."),
    (COLOURS["d"], ":"),
    (INK, (0, (5, 1))),
)
CLOUDS = ((COLOURS["x"], "o"), (COLOURS["o"], "^"), (COLOURS["w_12"], "s"), (COLOURS["d"], "D"))
