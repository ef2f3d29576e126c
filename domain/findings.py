"""What a gate has to say about a workbook: rules, findings and the verdict they add up to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """What a broken rule means for the submission."""

    ERROR = "error"
    """The submission is rejected."""
    WARNING = "warning"
    """The submission counts; the unit is asked to look again."""

    @property
    def label(self) -> str:
        """The severity in Vietnamese."""
        return {"error": "lỗi", "warning": "cảnh báo"}[self]


class Verdict(StrEnum):
    """What became of a submission."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_WARNINGS = "accepted_with_warnings"
    REJECTED = "rejected"
    UNREADABLE = "unreadable"
    UNCHANGED = "unchanged"
    """The same content as the accepted submission, in a new file; nothing to do."""
    CONFLICTING = "conflicting"
    """Sound, but another file of other content bears the same revision; neither counts."""
    HELD = "held"
    """Sound, but its period was locked when it came; it counts once somebody unlocks it."""
    SET_ASIDE = "set_aside"
    """Received, but our program could not judge it: no fault of the sender; judged again after the repair."""

    @property
    def counts(self) -> bool:
        """Whether the submission's rows enter the figures."""
        return self in (Verdict.ACCEPTED, Verdict.ACCEPTED_WITH_WARNINGS)

    @property
    def label(self) -> str:
        """The verdict in Vietnamese."""
        return _VERDICT_WORDS[self]


_VERDICT_WORDS = {
    Verdict.ACCEPTED: "được chấp nhận",
    Verdict.ACCEPTED_WITH_WARNINGS: "được chấp nhận, có cảnh báo",
    Verdict.REJECTED: "bị trả lại",
    Verdict.UNREADABLE: "không đọc được",
    Verdict.UNCHANGED: "không thay đổi so với bản đã nhận",
    Verdict.HELD: "được giữ lại vì kỳ đã khóa, chưa được tính",
    Verdict.SET_ASIDE: "đã nhận, chưa kiểm tra được vì lỗi của chương trình",
    Verdict.CONFLICTING: "trùng lần nộp với tệp khác, cả hai chưa được tính",
}


class Engine(StrEnum):
    """What evaluates the rules, within Great Expectations; of tidied texts both find the same."""

    POLARS = "polars"
    """Ours, on the frames as they are."""
    PANDAS = "pandas"
    """Great Expectations' own, on a copy: the fallback."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """A Great Expectations expectation by name, so that a rule can be read without importing the library."""

    name: str
    arguments: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, whole: its code, what it means, what the clerk reads, how to mend it, and the condition."""

    code: str
    severity: Severity
    title: str
    """What is wrong, in few words and without the cell's own figures: the same for all cells of one cause."""
    sentence: str
    remedy: str
    expectation: Expectation
    cells: tuple[str, ...] = ()
    """The fields a broken row is pointed at; empty where the checked frame names the cell itself."""
    excel: str = ""
    """The condition of a broken row as Excel says it, `[field]` for a column; empty where Excel cannot know."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One cell that breaks one rule."""

    sheet: str
    row: int
    column: int
    cell: str
    rule: str
    severity: Severity
    value: str
    title: str
    sentence: str
    remedy: str
    waived_by: str = ""
    """The key of the waiver that made a warning of it; empty where no rule was waived."""

    @property
    def message(self) -> str:
        """What is wrong here, and how to mend it."""
        return f"{self.sentence} {self.remedy}".strip()

    def as_json(self) -> dict[str, str]:
        """The finding as plain data."""
        return {
            "rule": self.rule,
            "severity": str(self.severity),
            "sheet": self.sheet,
            "cell": self.cell,
            "value": self.value,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class Cause:
    """One kind of fault in one sheet, with every cell that has it."""

    severity: Severity
    sheet: str
    rule: str
    title: str
    findings: tuple[Finding, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """The addresses, each once, in the order of rows."""
        return tuple(dict.fromkeys(finding.cell for finding in self.findings))

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is wrong in each place, each sentence once."""
        return tuple(dict.fromkeys(finding.sentence for finding in self.findings))

    @property
    def remedies(self) -> tuple[str, ...]:
        """What is to be done, each remedy once."""
        return tuple(dict.fromkeys(finding.remedy for finding in self.findings))


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything found in one submission, in the order of sheets and cells."""

    found: tuple[Finding, ...] = field(default=())

    @classmethod
    def of(cls, found: Iterable[Finding]) -> "Findings":
        """The findings sorted, each once."""
        return cls(tuple(sorted(set(found))))

    @property
    def verdict(self) -> Verdict:
        """Rejected by any error; accepted with warnings by any warning."""
        severities = {finding.severity for finding in self.found}
        if Severity.ERROR in severities:
            return Verdict.REJECTED
        return Verdict.ACCEPTED_WITH_WARNINGS if severities else Verdict.ACCEPTED

    def causes(self) -> list[Cause]:
        """The findings grouped by what is wrong, errors first: forty cells of one kind are one cause."""
        groups: dict[tuple[Severity, str, str, str], list[Finding]] = {}
        for finding in self.found:
            groups.setdefault((finding.severity, finding.sheet, finding.rule, finding.title), []).append(finding)
        causes = [
            Cause(severity, sheet, rule, title, tuple(own)) for (severity, sheet, rule, title), own in groups.items()
        ]
        return sorted(causes, key=lambda cause: cause.severity is not Severity.ERROR)
