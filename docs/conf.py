"""How Sphinx builds these pages: `make docs`."""

from importlib import metadata

from sphinx.application import Sphinx

project = "Gradient descent and backpropagation, by hand"
author = "the contributors of backprop-course"
release = metadata.version("backprop-course")
extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
# Headings are places that links reach, as on the repository's own pages.
myst_heading_anchors = 3
exclude_patterns = ["_build"]
numpydoc_show_class_members = False
autodoc_typehints = "none"
html_theme = "furo"
html_title = "Backpropagation by hand: the guide"
html_show_sourcelink = False
html_show_copyright = False


def _on_the_site(app: object, name: str, source: list[str]) -> None:
    """Lead to the site's own copy of a page that stands above this folder."""
    source[0] = source[0].replace("](../CONTRIBUTING.md", "](contributing.md")


def setup(app: Sphinx) -> None:
    """Have Sphinx do so."""
    app.connect("source-read", _on_the_site)
