"""Findings as a table: a line each, the remedy beside what needs one."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grading.doctor.finding import Finding, State

STYLES = {State.OK: "green", State.WARN: "yellow", State.FAIL: "bold red"}


def show(findings: Iterable[tuple[str, Finding]], console: Console | None = None) -> bool:
    """Print each finding as soon as it is made, and tell whether nothing fails."""
    console = console or Console(highlight=False)
    states = []
    for name, finding in findings:
        states.append(finding.state)
        console.print(_line(name, finding))
    failed, warned = states.count(State.FAIL), states.count(State.WARN)
    counts = [f"{failed} to mend"] * bool(failed) + [f"{warned} to know"] * bool(warned)
    console.print(", ".join(counts) or "Everything is there.", markup=False)
    return not failed


def _line(name: str, finding: Finding) -> Table:
    line = Table.grid(padding=(0, 2))
    line.add_column(width=4, style=STYLES[finding.state])
    line.add_column(width=10)
    line.add_column(overflow="fold")
    line.add_row(finding.state.value, name, Text(finding.said))
    if finding.remedy:
        line.add_row("", "", Text(f"-> {finding.remedy}", style="bold"))
    return line
