"""The ways in that the settings name: the inbox always, a mailbox, a bucket and an SFTP folder where configured."""

from urllib.parse import urlsplit

from ingest.channels.arrival import Channel
from ingest.channels.folder import Folder
from ingest.channels.mailbox import Mailbox
from ingest.channels.remote_folder import s3_bucket, sftp_folder
from ingest.mail.apart import MailReaders
from services.intake.reception import MailReception, Tally
from services.run import Run
from storage import archive


def channels(run: Run) -> list[Channel]:
    """Every way in, the inbox first."""
    most = run.settings.limits.file_bytes
    found: list[Channel] = [
        Folder(run.settings.inbox, most, is_kept=lambda content: archive.holds(run.kept, run.settings.archive, content))
    ]
    if run.settings.imap_host:
        found.append(_mailbox(run))
    if run.settings.s3_url:
        secret = run.settings.s3_secret.get_secret_value()
        found.append(s3_bucket(run.settings.s3_url, run.settings.s3_endpoint, run.settings.s3_key, secret, most))
    if run.settings.sftp_url:
        url = urlsplit(run.settings.sftp_url)
        found.append(
            sftp_folder(
                url.hostname or "",
                url.port or 22,
                url.username or "",
                run.settings.sftp_password.get_secret_value(),
                url.path or "/",
                str(run.settings.sftp_known_hosts.expanduser()),
                most,
            )
        )
    return found


def _mailbox(run: Run) -> Mailbox:
    settings = run.settings
    # A file grows by a third in a mail, and may stand there with others.
    most_bytes = 3 * settings.limits.file_bytes
    readers = MailReaders(settings.limits, settings.imap_authserv_id)
    reception = MailReception(run, readers, most_bytes, Tally())
    return Mailbox(
        settings.imap_host,
        settings.imap_port,
        settings.imap_security,
        settings.imap_user,
        settings.imap_password.get_secret_value(),
        settings.imap_folder,
        reception,
    )
