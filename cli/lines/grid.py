"""The grid, worded for a terminal."""

from domain.standing import Standing
from services.queries.grid import Grid

_MONTHS_ABREAST = 24


def grid_lines(found: Grid) -> list[str]:
    """The board for a terminal: two years side by side, further years below, one sign a cell, the legend last."""
    width = max((len(row.name) for row in found.rows), default=0)
    lines: list[str] = []
    for start in range(0, len(found.months), _MONTHS_ABREAST):
        part = slice(start, start + _MONTHS_ABREAST)
        months = found.months[part]
        years = "".join(
            f" {month[2:4]}" if month.endswith("-01") or not place else "   " for place, month in enumerate(months)
        )
        lines += [" " * (width + 7) + years, " " * (width + 7) + "".join(f" {month[5:]}" for month in months)]
        lines += [
            f"{row.code:<6} {row.name:<{width}}" + "".join(f"  {cell.sign}" for cell in row.cells[part])
            for row in found.rows
            if any(cell is not Standing.NOT_OWED for cell in row.cells[part])
        ]
        lines.append("")
    used = {cell for row in found.rows for cell in row.cells}
    legend = "; ".join(f"{each.sign} {each.label}" for each in Standing if each in used and each.sign.strip())
    return [*lines, f"{legend}.", f"Đã nhận {sum(found.received)}/{sum(found.expected)} báo cáo."]
