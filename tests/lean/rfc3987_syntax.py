"""Stands before a package of that name, which compiles a grammar for more than a second at every start of Jupyter.

jsonschema takes it where it is there, to check IRIs; no notebook holds any, and what it is not offered it leaves out.
"""

raise ImportError("left out, so that the processes that the tests start are soon there")
