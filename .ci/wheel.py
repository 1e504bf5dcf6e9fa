"""Puts the lessons that students get into the wheel; an editable install has them beside it."""

from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class LessonsHook(BuildHookInterface):
    """Adds notebooks/ as a part of the library."""

    def initialize(self, version: str, build_data: dict) -> None:
        """Name the files of the lessons to the builder, unless the install is an editable one."""
        if version == "editable":
            return
        notebooks = Path(self.root, "notebooks")
        for path in sorted(notebooks.glob("[0-9][0-9]_*/*")):
            if path.is_file():
                inside = path.relative_to(notebooks).as_posix()
                build_data["force_include"][str(path)] = f"course_lib/notebooks/{inside}"
