"""Which stories `make test` grades: some alone, some told together by one submission, some left to `make soak`.

A kernel of its own is what grading a story costs. With WHOLE=1, as `make soak` sets it, every story has its own.
"""

from __future__ import annotations

import os

from tests.corpus.making import HONEST, STORIES, Draft, Story

WHOLE = os.environ.get("WHOLE") == "1"
# seat -> the stories that it tells, in this order. No two of them answer the same exercise in different ways.
SAMPLE: dict[str, dict[str, tuple[str, ...]]] = {
    "hostile": {
        "is_a_thread_bomb": ("is_a_thread_bomb",),
        "uses-up": (
            "leaves_a_daemon_behind",  # the cells of the last story run first: what it leaves is not to be killed
            "asks_for_all_memory_at_once",
            "is_a_disk_bomb",
            "shares_memory",
            "traces_other_processes",
            "kills_whatever_it_can",
        ),
        "looks-around": (
            "leaves_a_setuid_python_in_an_open_folder",
            "buries_folders_in_folders",
            "reads_the_solutions",
            "reads_the_secret",
            "reads_the_gradebook",
            "reads_the_environment",
            "reads_other_submissions",
            "reads_proc",
            "reads_the_references_from_the_disk",
            "writes_the_gradebook",
            "writes_everywhere",
            "remounts_its_disk",
            "talks_over_tcp",
            "talks_over_udp",
            "talks_over_unix_sockets",
            "asks_the_dns",
        ),
        "forges-in-python": (
            "patches_numpys_comparisons",
            "patches_check",
            "hooks_imports",
            "forges_the_collector",
            "acts_at_exit_and_on_signals",
            "puts_its_own_check_in_place",
            "rewrites_its_checks_into_points",
            "writes_the_gradebook_when_it_is_graded",
            "rewrites_later_cells_as_they_come",
        ),
        "forges-in-jupyter": (
            "forges_the_points_by_a_formatter",
            "shows_its_verdicts_with_all_points",
            "forges_messages",
            "sends_comm_messages",
            "empties_later_cells_by_an_ast_transformer",
        ),
        "calls-what-is-closed": (
            "calls_the_librarys_gradients",
            "opens_what_its_exercise_closes",
            "pretends_to_be_graded_already",
        ),
        "poses": ("is_equal_to_everything", "hands_in_a_giant"),
        "marks-itself": (
            "marks_its_own_cells",
            "pretends_to_be_of_another_version",
        ),
        "scripts": (
            "scripts_in_markdown",
            "scripts_in_text_nested_a_thousand_times",
            "scripts_in_the_answer_that_a_person_reads",
            "scripts_in_links",
            "scripts_in_formulas",
            "scripts_in_outputs",
            "scripts_in_plain_text_and_errors",
            "scripts_on_its_card",
            "scripts_in_its_name",
            "scripts_in_attachments_and_metadata",
            "scripts_in_its_marks_and_filenames",
        ),
        **{name: (name,) for name in ("leaks_secret_inputs_by_its_card",)},
    },
    "broken": {
        "accidents": (
            "grade_cells_were_emptied",
            "solution_cell_was_deleted",
            "choice_is_no_dict",
            "answer_reads_what_a_deleted_cell_defined",
        ),
        "moved": (
            "notebook_has_fifty_megabytes",
            "cell_of_another_lesson_was_pasted",
            "solution_cell_was_split_before_its_last_comment",
            "grade_cell_was_moved_to_the_top",
            "solution_cell_was_moved_to_the_end",
            "grade_cell_was_duplicated",
            "ids_are_missing_or_doubled",
            "lesson_lost_an_exercise_after_it_was_fetched",
        ),
        "scratch": (
            "version_marks_are_nonsense",
            "syntax_error_in_a_scratch_cell",
            "scratch_cell_hides_builtins",
            "scratch_cell_hides_check_and_magics",
            "scratch_cell_leaves",
            "scratch_cell_asks_for_input",
            "scratch_cells_use_shell_magics_and_missing_packages",
            "text_has_signs_that_no_file_can_hold",
            "solution_cell_was_duplicated",
            "answer_was_written_twice_wrong_then_right",
        ),
        "files": (
            "folder_holds_links",
            "folder_holds_odd_names",
            "files_have_the_names_of_modules",
            "timestamp_is_nonsense",
            "answers_file_is_damaged",
            "solution_cell_was_split_inside_the_function",
            "notebook_is_in_latin_1",
            "answer_reads_what_a_later_cell_changes",
        ),
        "reads-the-notebook": (
            "answer_reads_the_numbers_of_the_notebook",
            "lesson_got_an_exercise_after_it_was_fetched",
        ),
        **{
            name: (name,) for name in ("notebook_was_cut_short", "lesson_asked_otherwise_when_it_was_fetched")
        },
    },
}


# Told with another story, these answer one of the exercises that are left open, and in the soak both.
ONLY = {
    "calls_the_librarys_gradients": "dE_dw21_12",
    "opens_what_its_exercise_closes": "dE_dw11_12",
    "is_equal_to_everything": "dE_dw11_12",
    "hands_in_a_giant": "dE_dw21_12",
}


def together(name: str, stories: list[Story]) -> Story:
    """Return the story of one submission that does what all of `stories` do, and loses what they lose."""

    def tell(draft: Draft) -> None:
        for story in stories:
            draft.only = ONLY.get(story.name) if len(stories) > 1 else None
            story.tell(draft)

    lost = sum(HONEST - story.points for story in stories)
    return Story(name, tell, HONEST - lost, "")


def seats(kind: str) -> dict[str, tuple[str, ...]]:
    """Return what is seated of the corpus `kind`, and which stories each seat tells."""
    return {name: (name,) for name in STORIES[kind]} if WHOLE else SAMPLE[kind]


def seat_of(kind: str, name: str) -> str:
    """Return the seat that tells the story called `name`."""
    return next(seat for seat, told in seats(kind).items() if name in told)


def told(kind: str, seat: str) -> Story:
    """Return what the submission on a seat is to do, to get, and what is to be said about it."""
    return together(seat, [STORIES[kind][name] for name in seats(kind)[seat]])
