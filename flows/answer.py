"""What a unit is told about its workbook, as plain Vietnamese lines."""

from domain.findings import Findings, Severity, Verdict


def answer_lines(
    verdict: Verdict, unit: str | None, period: str | None, revision: int | None, findings: Findings
) -> list[str]:
    """The verdict in the first line, then errors, then warnings; cells of one cause together."""
    causes = findings.by_cause()
    errors = sum(1 for finding, _ in causes if finding.severity is Severity.ERROR)
    lines = [
        f"Tệp {verdict.words}: {errors} lỗi, {len(causes) - errors} cảnh báo. "
        f"Đơn vị {unit or '?'}, kỳ {period or '?'}, lần nộp {revision or '?'}."
    ]
    for severity, words in ((Severity.ERROR, "LỖI"), (Severity.WARNING, "Cảnh báo")):
        for finding, cells in causes:
            if finding.severity is severity:
                lines.append(f"{words} {finding.rule} · {finding.sheet}, ô {', '.join(cells)}: {finding.message}")
    return lines
