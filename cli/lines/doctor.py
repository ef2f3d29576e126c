"""How the house stands, line by line."""

from collections.abc import Iterator, Sequence

from services.upkeep.doctor import Line

_MARKS = {True: "tốt", False: "SỬA"}


def doctor_lines(lines: Sequence[Line]) -> Iterator[str]:
    """One line per check; below one that is not good, what to do."""
    for line in lines:
        yield f"{_MARKS[line.found.is_good]}  {line.title}: {line.found.text}"
        if not line.found.is_good:
            yield f"     → {line.found.advice}"
    faults = sum(not line.found.is_good for line in lines)
    yield f"{faults} chỗ cần sửa." if faults else "Mọi thứ đều tốt."
