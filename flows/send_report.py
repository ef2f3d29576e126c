"""Mail a released edition, once to each recipient; doing it again sends nothing."""

from functools import partial

from services.mail.outbox import Delivered
from services.mail.send import MAILS_IN_A_BATCH, close_edition, deliver_mails, find_recipients, reserve_mails
from services.run import Run
from services.steps import Steps, in_batches


def send_report(run: Run, steps: Steps, edition_id: str) -> list[Delivered]:
    """How the mail to each recipient of today stands.

    Raises:
        NotReleasable: if nobody released these bytes, they are outdated, or their day has not come.
        BadRecipient: if mails are redirected to an address that may not be written to.
    """
    recipients = steps.run("check-release", find_recipients, edition_id)
    steps.run("reserve-mails", reserve_mails, edition_id, recipients)
    deliver = partial(deliver_mails, edition_id=edition_id, everybody=recipients)
    delivered = steps.map("deliver", deliver, in_batches(recipients, MAILS_IN_A_BATCH))
    outcome = [each for batch in delivered for each in batch]
    steps.run("close-edition", close_edition, edition_id, outcome)
    return outcome
