"""The tree behind a figure, worded for a terminal."""

from decimal import Decimal, InvalidOperation

from domain import wording
from services.queries.traced import Traced, TracedCell


def trace_lines(traced: Traced, depth: int = 0) -> list[str]:
    """The figure, its working or definition, its cells, and below the whole tree the submissions they came with."""
    indent = "  " * depth
    value = f" [{_in_words(traced.value)}]" if traced.value else ""
    head = f"{traced.name}: {traced.text} {traced.unit_of_measure}".rstrip() + value if traced.text else traced.name
    lines = [f"{indent}{head}  ({traced.figure_id})"]
    lines += [f"{indent}  {line}" for line in (traced.formula, traced.explanation) if line]
    lines += [f"{indent}  {_cell_line(cell)}" for cell in traced.cells]
    for part in traced.parts:
        lines += trace_lines(part, depth + 1)
    if traced.submissions:
        lines.append("Bài nộp:")
    for each in traced.submissions:
        people = "; ".join(
            person
            for person in (
                f"người lập {each.prepared_by}" if each.prepared_by else "",
                f"người duyệt {each.approved_by}" if each.approved_by else "",
            )
            if person
        )
        lines.append(
            f"  {each.sha256[:12]}… {each.file_name}: đơn vị {each.unit}, kỳ {each.period}, lần nộp {each.revision}, "
            f"nhận {each.received_at[:16].replace('T', ' ')}{f'; {people}' if people else ''}"
        )
    return lines


def _cell_line(cell: TracedCell) -> str:
    if cell.sha256 is None:
        return f"{cell.unit} · {cell.period} · {cell.sheet}!{cell.cell} = {_in_words(cell.value)}"
    typed = f" (ghi “{cell.typed}”)" if cell.typed is not None and cell.typed != cell.value else ""
    return (
        f"{cell.unit} · {cell.period} · lần nộp {cell.revision} · {cell.sheet}!{cell.cell} = {_in_words(cell.value)}"
        f"{typed} · tệp {cell.sha256[:12]}…{f' · {cell.correction}' if cell.correction else ''}"
    )


def _in_words(value: str | None) -> str:
    """A number as people write it: 29,5 and 8.000.000; what is counted keeps its name."""
    try:
        return wording.number(Decimal(value or ""))
    except InvalidOperation:
        return value or ""
