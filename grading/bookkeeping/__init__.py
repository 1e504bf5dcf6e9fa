"""nbgrader's bookkeeping for one submission in one go: one notebook in hand, one transaction of the gradebook.

nbgrader reads, copies, validates and writes a notebook twice, and opens the gradebook anew for each of a dozen steps,
with a query and a commit for every cell. What intake has just written needs none of it: the marks of its cells are
those of the gradebook. The grades, comments and penalties, and the notebook, are those of nbgrader's own steps; where
an instructor has put in other steps, those run, one after the other.
"""
