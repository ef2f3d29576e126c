"""Mail a released edition, once to each recipient; doing it again sends nothing."""

from services.mail.outbox import Delivered
from services.mail.send import close_edition, deliver_edition, find_recipients
from services.run import Run
from services.steps import Steps


def send_report(run: Run, steps: Steps, edition_id: str) -> list[Delivered]:
    """How the mail to each recipient of today stands.

    Raises:
        NotReleasable: if nobody released these bytes, they are outdated, or their day has not come.
        BadRecipient: if mails are redirected to an address that may not be written to.
    """
    recipients = steps.run("check-release", find_recipients, edition_id)
    outcome = steps.run("deliver", deliver_edition, edition_id, recipients, steps.on_progress)
    steps.run("close-edition", close_edition, edition_id, outcome)
    return outcome
