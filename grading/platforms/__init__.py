"""Moodle and Canvas, both ways: what they let a teacher download goes in, and what they import comes out."""

from grading.platforms.canvas import CanvasExporter
from grading.platforms.collecting import RosterCollector
from grading.platforms.moodle import MoodleExporter
from grading.platforms.tidy import TidyExporter

__all__ = ["CanvasExporter", "MoodleExporter", "RosterCollector", "TidyExporter"]
