"""How Sphinx builds these pages: `make docs`."""

from importlib.metadata import version

project = "Gradient descent and backpropagation, by hand"
author = "the contributors of backprop-course"
release = version("backprop-course")
extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
# Headings are places that links reach, as on the repository's own pages.
myst_heading_anchors = 3
myst_enable_extensions = ["dollarmath"]
# These stand in the repository and not on the site; tests/test_docs.py follows them.
suppress_warnings = ["myst.xref_missing"]
numpydoc_show_class_members = False
autodoc_typehints = "none"
html_theme = "furo"
html_title = "Gradient descent and backpropagation: the guide"
html_show_sourcelink = False
