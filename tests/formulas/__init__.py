"""The formulas that a lesson prints, a module a lesson: each beside what the code makes of the same symbols."""
