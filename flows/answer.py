"""What a unit is told about its workbook, as plain Vietnamese lines."""

from collections.abc import Sequence

from domain.findings import Cause, Findings, Severity, Verdict

_SENTENCES_SHOWN = 3


def answer_lines(
    verdict: Verdict, unit: str | None, period: str | None, revision: int | None, findings: Findings
) -> list[str]:
    """The verdict in the first line, then each cause once: what is wrong, in which cells, how to mend it."""
    causes = findings.causes()
    errors = [cause for cause in causes if cause.severity is Severity.ERROR]
    warnings = causes[len(errors) :]
    counts = f"{_counted(errors, 'lỗi')}, {_counted(warnings, 'cảnh báo')}"
    lines = [f"Tệp {verdict.words}: {counts}. Đơn vị {unit or '?'}, kỳ {period or '?'}, lần nộp {revision or '?'}."]
    for cause in causes:
        lines += cause_lines(cause)
    return lines


def cause_lines(cause: Cause) -> list[str]:
    """One cause: its cells in one line, then the first of its sentences and the remedy."""
    words = "LỖI" if cause.severity is Severity.ERROR else "Cảnh báo"
    sentences = cause.sentences[:_SENTENCES_SHOWN]
    more = f" (và {len(cause.sentences) - len(sentences)} chỗ khác)" if len(cause.sentences) > len(sentences) else ""
    return [
        f"{words} {cause.rule} · {cause.sheet}, {cell_ranges(cause.cells)}: {cause.title}.",
        *(f"    {sentence}" for sentence in sentences[:-1]),
        f"    {sentences[-1]}{more} {cause.findings[0].remedy}".rstrip(),
    ]


def cell_ranges(cells: Sequence[str]) -> str:
    """`ô R8, S8` or, for cells below each other, `ô R8:R47 (40 ô)`."""
    columns: dict[str, list[int]] = {}
    for cell in cells:
        letters = cell.rstrip("0123456789")
        columns.setdefault(letters, []).append(int(cell[len(letters) :]))
    parts = []
    for letters, rows in columns.items():
        start = last = None
        for row in [*sorted(rows), None]:
            if start is None or last is None:
                start = last = row
            elif row == last + 1:
                last = row
            else:
                parts.append(f"{letters}{start}" if start == last else f"{letters}{start}:{letters}{last}")
                start = last = row
    return f"ô {', '.join(parts)}" + (f" ({len(cells)} ô)" if len(cells) > 3 else "")


def _counted(causes: Sequence[Cause], words: str) -> str:
    cells = sum(len(cause.cells) for cause in causes)
    return f"{len(causes)} {words}" + (f" ({cells} ô)" if cells > len(causes) else "")
