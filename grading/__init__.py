"""What the instructor's machine runs: release, grading and reports, on top of nbgrader."""
