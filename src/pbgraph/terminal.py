"""What a person at a terminal sees: rows as a table or, where too wide, one block a row; stages as they begin (rich)."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from pbgraph.formats import Cell
    from pbgraph.progress import Stage
    from pbgraph.solutions import Rows


def as_table(rows: Rows, cell: Cell) -> str:
    """Rows for standard output: a table, or blocks where it is wider than the terminal; coloured unless NO_COLOR is set."""
    console = _console()
    table = Table(box=box.SIMPLE_HEAD, header_style="bold")
    for name in rows.variables:
        table.add_column(name, overflow="fold")
    for row in rows.rows:
        table.add_row(*(Text(cell(term)) for term in row))
    wide = Measurement.get(console, console.options.update(max_width=100_000), table).maximum > console.width
    with console.capture() as captured:
        console.print(_blocks(rows, cell) if wide else table)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def _console() -> Console:
    terminal = sys.stdout.isatty()
    return Console(
        file=sys.stdout,
        width=None if terminal else 1000,
        force_terminal=terminal,
        no_color=not terminal or "NO_COLOR" in os.environ,
        highlight=False,
    )


def _blocks(rows: Rows, cell: Cell) -> Table:
    """Each row as its own lines of name and value, empty ones left out."""
    table = Table.grid(padding=(0, 2))
    for row in rows.rows:
        for name, term in zip(rows.variables, row, strict=True):
            if term is not None:
                table.add_row(Text(name, style="bold"), Text(cell(term), overflow="fold"))
        table.add_row()
    return table


class Bar:
    """A line on standard error while a stage is under way: a spinner, what is `told` of it, a bar if its parts are counted."""

    def __init__(self, told: Callable[[Stage], str]) -> None:
        self._told = told
        self._console = Console(stderr=True, no_color="NO_COLOR" in os.environ)
        self._shown: Progress | None = None

    def show(self, stage: Stage) -> None:
        """Show how far a stage has come; nobody else may write to the terminal until it is hidden."""
        if self._shown is None:
            columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn())
            self._shown = Progress(*columns, console=self._console, transient=True)
            self._shown.add_task("", total=None)
            self._shown.start()
        (task,) = self._shown.task_ids
        self._shown.update(task, description=self._told(stage), completed=stage.done, total=stage.total or None)

    def hide(self) -> None:
        """Leave the terminal as it was before."""
        if self._shown is not None:
            self._shown.stop()
        self._shown = None
