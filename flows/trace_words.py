"""The tree behind a figure, worded for a terminal."""

from flows.trace import Traced


def trace_lines(traced: Traced, depth: int = 0) -> list[str]:
    """The figure, its formula or definition, and its cells, one line each."""
    indent = "  " * depth
    value = f" [{traced.value}]" if traced.value else ""
    head = f"{traced.name}: {traced.text} {traced.unit_of_measure}{value}" if traced.text else traced.name
    lines = [f"{indent}{head}  ({traced.figure_id})", f"{indent}  {traced.explanation}"]
    lines += [
        f"{indent}  {cell.unit} · {cell.period} · lần nộp {cell.revision} · {cell.sheet}!{cell.cell} = {cell.value}"
        f" · tệp {cell.sha256[:12]}…"
        for cell in traced.cells
    ]
    for part in traced.parts:
        lines += trace_lines(part, depth + 1)
    return lines
