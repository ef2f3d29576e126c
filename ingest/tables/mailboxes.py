"""The rows of `recipients.csv` and `unit_mailboxes.csv`."""

from domain.mailboxes import Header, Language, Recipient, UnitMailbox
from domain.period import PeriodKind
from ingest.tables.cells import Cells
from ingest.tables.csv_table import Layout


def _recipient(row: Cells) -> Recipient:
    return Recipient(
        email=row.text("email"),
        name=row.text("name"),
        role=row.read("role", _header, "chỗ trong thư", f"một trong: {', '.join(Header)}"),
        valid_from=row.day("valid_from"),
        valid_to=row.maybe_day("valid_to"),
        position=row.text("position"),
        kinds=row.read(
            "kinds", _kinds, "loại báo cáo", f"{'|'.join(kind.value for kind in PeriodKind)}, hoặc để trống"
        ),
        language=row.member("language", Language) if row.text("language") else Language.VIETNAMESE,
    )


def _header(text: str) -> Header:
    return Header(text.upper())


def _kinds(text: str) -> frozenset[PeriodKind]:
    """The kinds that are named; where none is, all."""
    return frozenset(PeriodKind(kind) for kind in text.split("|") if kind) or frozenset(PeriodKind)


def _unit_mailbox(row: Cells) -> UnitMailbox:
    return UnitMailbox(row.text("email"), row.text("unit_code"), row.day("valid_from"), row.maybe_day("valid_to"))


RECIPIENTS = Layout("recipients.csv", ("email", "name", "role", "valid_from", "valid_to"), _recipient)
UNIT_MAILBOXES = Layout("unit_mailboxes.csv", ("email", "unit_code", "valid_from", "valid_to"), _unit_mailbox)
