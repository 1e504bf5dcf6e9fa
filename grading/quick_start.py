"""Makes a command start sooner: one check of jsonschema's, which nothing here asks for, takes seconds to load."""

import sys

SLOW = "rfc3987_syntax"


def load() -> None:
    """Import jsonschema, as nbgrader will, without its check of international addresses."""
    if "jsonschema" in sys.modules or SLOW in sys.modules:
        return
    sys.modules[SLOW] = None  # to jsonschema it is not installed
    try:
        import jsonschema  # noqa: F401
    finally:
        del sys.modules[SLOW]
