"""The worker: everything that touches a student's bytes, in a process of its own with limits on memory and time.

`inside` is what runs there: functions of bytes that return plain data and know neither gradebook nor class. `admitting`
and `grading` call it from outside, believe nothing that it says before they have looked at it (`believing`), and
return something in any case: what breaks costs its own submission, is named, and waits for a person.
"""
