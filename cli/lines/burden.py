"""What the form asks for, worded for a terminal."""

from collections.abc import Sequence

from services.queries.burden import AskedCell


def burden_lines(asked: Sequence[AskedCell]) -> list[str]:
    """The fields for a terminal, and the sum of those that no printed figure uses."""
    lines = [f"  {'Sheet':<14}{'Trường':<28}{'Ô/năm':>7}{'Ô gõ/tháng':>12}  Dùng cho"]
    for each in asked:
        used = ", ".join(each.used_for[:3]) + (
            f" và {len(each.used_for) - 3} số khác" if len(each.used_for) > 3 else ""
        )
        lines.append(
            f"  {each.sheet:<14}{each.field:<28}{each.cells_per_year:>7}{each.cells_in_model_month:>12}  "
            f"{used or '— không số in nào dùng'}"
        )
    total = sum(each.cells_per_year for each in asked)
    idle = sum(each.cells_per_year for each in asked if each.is_idle)
    typed = sum(each.cells_in_model_month for each in asked)
    return [
        f"Xã mẫu (hai làng, sáu hoạt động hỗ trợ hộ trong tháng) phải gõ {typed} ô một tháng; ô ghi sẵn và tự tính không kể.",
        f"Mỗi đơn vị được yêu cầu khoảng {total} ô một năm; {idle} ô không có số in nào dùng.",
        *lines,
    ]
