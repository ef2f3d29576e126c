"""The revision triangle, worded for a terminal."""

from services.queries.revisions import Triangle


def triangle_lines(triangle: Triangle) -> list[str]:
    """The triangle for a terminal; a star marks what differs from the edition before."""
    lines = [f"{triangle.name} ({triangle.unit_of_measure}), {triangle.figure_id}"]
    most = max((len(row.vintages) for row in triangle.rows), default=0)
    if not most:
        return [*lines, "  Chưa có bản phát hành nào."]
    lines.append(f"  {'Kỳ':<9}" + "".join(f"{f'bản {place}':>14}" for place in range(1, most + 1)))
    for row in triangle.rows:
        cells = "".join(f"{each.text + ('*' if each.is_changed else ' '):>14}" for each in row.vintages)
        lines.append(f"  {row.period:<9}{cells}")
    return lines
