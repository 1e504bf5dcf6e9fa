"""The corpus on stock nbgrader and on this course, side by side: ``python -m tests.stock``, by hand, in an hour."""
