"""Where a unit is written to."""

from contextlib import suppress
from datetime import date

from delivery.message import refuse_stranger
from domain.errors import BadRecipient
from services.run import Run


def mailbox_for(run: Run, unit_code: str, on: date) -> str | None:
    """The first of the unit's addresses of that day to which mails may be sent."""
    for email in run.reference.mailboxes_of_unit(unit_code, on):
        with suppress(BadRecipient):
            refuse_stranger(email, run.settings.allowed_domains)
            return email
    return None
