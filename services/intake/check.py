"""Judge one workbook without storing anything."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from domain.errors import Ending, UnreadableFile
from domain.findings import Findings, Verdict
from ingest.channels.faults import is_of_machine
from ingest.workbook.patience import read_alone
from ingest.workbook.readers import Readers
from services.intake.history import history_before
from services.intake.judge import Circumstances, examine
from services.intake.unreadable import unreadable_finding
from services.run import Run
from transforms.history import NO_HISTORY


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer about one workbook."""

    verdict: Verdict
    unit: str | None
    period: str | None
    revision: int | None
    findings: Findings

    @property
    def exit_code(self) -> int:
        """Accepted: done; rejected: the answer is no; not something that can be read: the wrong file was given."""
        endings = {
            Verdict.REJECTED: Ending.NO,
            Verdict.CONFLICTING: Ending.NO,
            Verdict.SET_ASIDE: Ending.MACHINE,
            Verdict.UNREADABLE: Ending.WRONG_USE,
        }
        return endings.get(self.verdict, Ending.DONE)

    def as_json(self) -> dict[str, object]:
        """The answer as plain data."""
        return {
            "verdict": str(self.verdict),
            "unit": self.unit,
            "period": self.period,
            "revision": self.revision,
            "findings": [finding.as_json() for finding in self.findings.found],
        }


def check_workbook(run: Run, file: Path) -> Checked:
    """Read and judge `file`; history comes from the ledger where there is one.

    Raises:
        Interrupted: if the file could not be read now; that says nothing of it.
    """
    try:
        digest = _digest(file, run.settings.limits.file_bytes)
        with Readers(run.settings.limits) as readers:
            book = read_alone(readers, file.resolve(), digest, run.reference.column_aliases())
    except OSError as error:
        if is_of_machine(error):
            raise
        finding = unreadable_finding(f"Không mở được {file}: {_OPENING.get(type(error), error.strerror)}.")
        return Checked(Verdict.UNREADABLE, None, None, None, Findings.of([finding]))
    except UnreadableFile as reason:
        return Checked(Verdict.UNREADABLE, None, None, None, Findings.of([unreadable_finding(str(reason))]))
    history = NO_HISTORY
    if run.has_ledger:
        history = history_before(run, book.period, book.unit, [digest])
    given = Circumstances(
        {digest: run.today()}, run.reference, history, run.settings.oldest, engine=run.settings.validation_engine
    )
    [examined] = examine([book], given)
    return Checked(examined.verdict, examined.unit_code, examined.period, examined.revision, examined.findings)


def _digest(file: Path, most_bytes: int) -> str:
    """The hash of the file; of one that is too large to be read anyway, that of its beginning."""
    if file.exists() and not (file.is_file() or file.is_dir()):
        raise OSError(0, "đây không phải tệp thường")
    with file.open("rb") as opened:
        return sha256(opened.read(most_bytes + 1)).hexdigest()


_OPENING = {
    FileNotFoundError: "không có tệp này",
    IsADirectoryError: "đây là thư mục, không phải tệp",
    PermissionError: "không có quyền đọc tệp này",
}
