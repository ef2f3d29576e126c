"""What a reader should know of how good a period's figures are, besides coverage and timeliness."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.corrections import Correction
from domain.double_counting import DoubtfulPair
from domain.waivers import Waiver


class Doubt(StrEnum):
    """Why a unit is asked about a figure."""

    OUTLIER = "outlier"
    JUMP = "jump"
    FALLING = "falling"
    COPIED = "copied"
    HEAPED = "heaped"

    @property
    def label(self) -> str:
        """The doubt in Vietnamese."""
        return {
            "outlier": "khác hẳn các tháng trước",
            "jump": "thay đổi đột ngột so với tháng trước",
            "falling": "luỹ kế giảm so với tháng trước",
            "copied": "giống hệt một bài nộp khác",
            "heaped": "phần lớn số đếm là số tròn",
        }[self]


@dataclass(frozen=True, slots=True)
class Question:
    """A figure of a unit that looks unusual: information, never a fault."""

    period: str
    unit_code: str
    indicator: str
    """Empty where the whole submission is asked about."""
    doubt: Doubt
    value: str
    usual: str
    """What it usually is, in words; empty where nothing is usual."""
    last_values: Sequence[float | None]
    """The last twelve months and this one, oldest first."""

    @property
    def question_id(self) -> str:
        """By what an answer names the question: `2024-02/622/value_total_vnd/outlier`."""
        return f"{self.period}/{self.unit_code}/{self.indicator or '-'}/{self.doubt}"


@dataclass(frozen=True, slots=True)
class ExplanationRecord:
    """What a unit answered to a question."""

    period: str
    unit_code: str
    question: str
    text: str
    explained_by: str
    noted_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class WaivedRule:
    """A waiver that was made use of, and for how many cells."""

    waiver: Waiver
    cells: int


@dataclass(frozen=True, slots=True)
class Quality:
    """Waivers, corrections, doubtful pairs and questions of a period, as known at a moment."""

    waived: Sequence[WaivedRule] = ()
    corrections: Sequence[Correction] = ()
    pairs: Sequence[DoubtfulPair] = ()
    questions: Sequence[Question] = ()
    explanations: Sequence[ExplanationRecord] = ()

    @property
    def open_questions(self) -> list[Question]:
        """The questions that no unit has answered."""
        answered = {each.question for each in self.explanations}
        return [each for each in self.questions if each.question_id not in answered]


NOTHING_NOTED = Quality()
