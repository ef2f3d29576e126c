"""The state of a period as values: every unit's month with its files, editions with their mails, and the counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain.deliveries import DeliveryRecord
from domain.editions import EditionRecord, EditionState
from domain.findings import Verdict
from domain.period import Period
from domain.standing import Standing
from domain.submissions import ArrivalRecord, LockRecord, SubmissionRecord
from domain.units import Unit


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """One file of a unit, with its verdict and how much was found in it."""

    record: SubmissionRecord
    is_held: bool
    """Whether a lock keeps it from counting."""
    causes: int
    cells: int

    @property
    def verdict(self) -> Verdict:
        """What became of the file, a lock included."""
        return Verdict.HELD if self.is_held else self.record.verdict

    @property
    def extent(self) -> str:
        """How many kinds of faults were found, and in how many cells; empty where nothing was found."""
        return f"{self.causes} loại, {self.cells} ô" if self.causes else ""


@dataclass(frozen=True, slots=True)
class UnitMonth:
    """How one unit stands in one month that it reports."""

    unit: Unit
    month: Period
    standing: Standing
    files: Sequence[ReceivedFile]
    """Every file of the unit and month, in the order of arrival."""
    counting: ReceivedFile | None
    """The file whose rows are counted."""

    @property
    def newer(self) -> ReceivedFile | None:
        """The newest file, where it came after the one that counts, or none counts."""
        newest = max(self.files, key=_arrival, default=None)
        if newest is None or (self.counting is not None and _arrival(newest) <= _arrival(self.counting)):
            return None
        return newest

    @property
    def has_held(self) -> bool:
        """Whether a lock keeps a file of the unit from counting."""
        return any(each.is_held for each in self.files)

    @property
    def is_nil(self) -> bool:
        """Whether the file that counts says that nothing happened."""
        return self.counting is not None and self.counting.record.is_nil

    @property
    def working_days_late(self) -> int:
        """How late the unit reported, by the file that counts."""
        return 0 if self.counting is None else self.counting.record.working_days_late

    @property
    def notes(self) -> list[str]:
        """Facts about the file that counts which the label of the standing leaves out, in Vietnamese."""
        if self.counting is None:
            return []
        record, notes = self.counting.record, []
        if self.standing in (Standing.HELD, Standing.CONFLICTING):
            notes.append(f"lần nộp {record.revision or 1} đang được tính")
        elif (record.revision or 1) > 1:
            notes.append(f"lần nộp {record.revision}")
        if self.is_nil and self.standing is not Standing.NIL:
            notes.append("không phát sinh")
        if self.working_days_late:
            notes.append(f"trễ {self.working_days_late} ngày làm việc")
        return notes

    @property
    def newer_sentence(self) -> str:
        """Name, verdict and extent of the newest file, where it is not the one that counts; in Vietnamese."""
        if self.newer is None:
            return ""
        extent = f", {self.newer.extent}" if self.newer.extent else ""
        return f"tệp mới nhất {self.newer.record.file_name}: {self.newer.verdict.label}{extent}"


def _arrival(file: ReceivedFile) -> tuple[datetime, int]:
    return file.record.came_at, file.record.submission_id


@dataclass(frozen=True, slots=True)
class EditionStatus:
    """An edition of the period, where its workings lie, and its mails."""

    record: EditionRecord
    workings: Path
    deliveries: Sequence[DeliveryRecord]


@dataclass(frozen=True, slots=True)
class PeriodStatus:
    """The state of a period as known at a moment."""

    period: Period
    due: datetime
    units: Sequence[UnitMonth]
    """Every report that is owed; over several months one entry for each."""
    unexpected: Sequence[SubmissionRecord]
    """Files that belong to no report that is owed, or whose period could not be read."""
    locks: Mapping[str, LockRecord]
    """The lock of each month that has one."""
    editions: Sequence[EditionStatus]
    unread: Sequence[ArrivalRecord] = ()
    """Files that came since the period began and have no verdict yet: whose they are, and of which month, nobody knows."""

    @property
    def expected(self) -> int:
        """How many reports are owed."""
        return len(self.units)

    @property
    def accepted(self) -> int:
        """Of how many of them a file counts."""
        return sum(each.counting is not None for each in self.units)

    @property
    def owing(self) -> list[UnitMonth]:
        """The others: nothing came, or a file that was rejected, is held or is one of two."""
        return [each for each in self.units if each.counting is None]

    @property
    def missing(self) -> list[str]:
        """The codes of the units that sent nothing; likewise below, and over several months once for each."""
        return self._standing(Standing.MISSING)

    @property
    def rejected(self) -> list[str]:
        """Those all of whose files were rejected."""
        return self._standing(Standing.REJECTED)

    @property
    def conflicting(self) -> list[str]:
        """Those that sent two files of one revision."""
        return self._standing(Standing.CONFLICTING)

    @property
    def late(self) -> list[str]:
        """Those that reported late."""
        return [each.unit.code for each in self.units if each.working_days_late]

    @property
    def nil(self) -> list[str]:
        """Those that reported that nothing happened."""
        return [each.unit.code for each in self.units if each.is_nil]

    @property
    def held(self) -> list[str]:
        """Those of which a lock keeps a file from counting."""
        return [each.unit.code for each in self.units if each.has_held]

    @property
    def is_sent(self) -> bool:
        """Whether an edition of the period was sent and stands; what was superseded has a successor that was sent."""
        return any(each.record.state is EditionState.SENT for each in self.editions)

    @property
    def newest_edition(self) -> EditionStatus | None:
        """The newest edition that is neither void nor withdrawn."""
        fallen = (EditionState.VOID, EditionState.WITHDRAWN)
        valid = [each for each in self.editions if each.record.state not in fallen]
        return valid[-1] if valid else None

    def _standing(self, standing: Standing) -> list[str]:
        return [each.unit.code for each in self.units if each.standing is standing]
