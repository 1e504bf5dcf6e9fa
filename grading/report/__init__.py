"""What a class knows: scores, mistakes, who is stuck where and whom to look at, from the gradebook and the records.

Everything here only reads. A report may be made at any time, also while the class is being graded.
"""
