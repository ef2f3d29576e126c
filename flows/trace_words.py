"""The tree behind a figure, worded for a terminal."""

from decimal import Decimal, InvalidOperation

from domain import wording
from flows.trace import Traced


def trace_lines(traced: Traced, depth: int = 0) -> list[str]:
    """The figure, its formula or definition, and its cells, one line each."""
    indent = "  " * depth
    value = f" [{_in_words(traced.value)}]" if traced.value else ""
    head = f"{traced.name}: {traced.text} {traced.unit_of_measure}{value}" if traced.text else traced.name
    lines = [f"{indent}{head}  ({traced.figure_id})", f"{indent}  {traced.explanation}"]
    lines += [
        f"{indent}  {cell.unit} · {cell.period} · lần nộp {cell.revision} · {cell.sheet}!{cell.cell} = {_in_words(cell.value)}"
        f" · tệp {cell.sha256[:12]}…{f' · {cell.correction}' if cell.correction else ''}"
        for cell in traced.cells
    ]
    for part in traced.parts:
        lines += trace_lines(part, depth + 1)
    return lines


def _in_words(value: str) -> str:
    """A number as people write it: 29,5 and 8.000.000; what is counted keeps its name."""
    try:
        return wording.number(Decimal(value))
    except InvalidOperation:
        return value
