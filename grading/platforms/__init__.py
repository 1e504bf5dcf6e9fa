"""Moodle and Canvas, both ways: what they let a teacher download goes in, and what they import comes out."""
