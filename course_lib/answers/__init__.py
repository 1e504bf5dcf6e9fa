"""What is answered in a diagram: kept at once in answers.json beside the notebook.

nbgrader throws a widget's state away, so the file is where such an answer lives. It is written in one step, read
tolerantly, and a file that cannot be read whole is copied aside before the first write, never overwritten.
"""

from course_lib.answers.file import NAME, Book
from course_lib.answers.keeping import book, folder, place, read, valid, watch, write, writes_file

__all__ = ["NAME", "Book", "book", "folder", "place", "read", "valid", "watch", "write", "writes_file"]
