"""Print the sheet of each unit, and mail it once a report of the period was released."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from domain.errors import BadDocument
from domain.period import Period
from services.editions.unit_sheets import PrintedSheet, print_sheets, sheets_in_a_batch
from services.mail.outbox import Delivered
from services.mail.unit_sheets import deliver_unit_sheets, find_unit_mailboxes
from services.run import Run
from services.steps import Steps, in_batches


def unit_sheets(
    run: Run,
    steps: Steps,
    period: Period,
    unit_codes: Sequence[str] = (),
    as_of: datetime | None = None,
    edition_id: str | None = None,
) -> list[PrintedSheet]:
    """The sheets of these units (default: all that owe a report), in the order of their codes; or those of an edition.

    Raises:
        NothingToReport: if no accepted submission of the period was known.
        UnknownUnit: if one of them owes no report of the period.
        BadDocument: if none could be printed; one that could not is told, and stops no other.
        NotReleasable: if the tables of the edition are gone.
    """
    codes = list(unit_codes) or [unit.code for unit in run.reference.expected_units(period)]
    batches = in_batches(codes, sheets_in_a_batch(len(codes)))
    printed = steps.map(
        "unit-sheets", partial(print_sheets, period=period, as_of=as_of, edition_id=edition_id), batches
    )
    sheets = [sheet for batch in printed for sheet in batch]
    if codes and not sheets:
        raise BadDocument(f"Không in được phiếu nào của kỳ {period}; nguyên nhân ở các dòng trên.")
    return sheets


def send_unit_sheets(run: Run, steps: Steps, edition_id: str) -> list[Delivered]:
    """Mail each unit its sheet, with the figures of a released edition; once, to its registered mailbox.

    Raises:
        NotReleasable: if nobody released the edition, or its tables are gone.
    """
    edition, mailboxes = steps.run("find-mailboxes", find_unit_mailboxes, edition_id)
    if not mailboxes:
        return []
    sheets = unit_sheets(run, steps, Period.parse(edition.period), list(mailboxes), edition.as_of, edition_id)
    return steps.run("deliver", deliver_unit_sheets, edition, mailboxes, sheets)
