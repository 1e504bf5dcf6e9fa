"""Makes a command start sooner."""

import contextlib
import gc
import sys
from collections.abc import Iterator

# What jsonschema looks for to check formats by, which nothing here asks for. The first takes seconds to load.
FORMATS = (
    *("rfc3987_syntax", "rfc3986_validator", "fqdn", "idna", "isoduration", "jsonpointer", "uri_template"),
    "webcolors",
)


def load() -> None:
    """Import jsonschema, as nbgrader will, without its checks of formats."""
    if "jsonschema" in sys.modules:
        return
    left_out = [name for name in FORMATS if name not in sys.modules]
    sys.modules |= dict.fromkeys(left_out)  # to jsonschema they are not installed
    try:
        import jsonschema  # noqa: F401
    finally:
        for name in left_out:
            del sys.modules[name]


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """Load modules in the block without looking for garbage among them: they stay, and are never looked through."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
