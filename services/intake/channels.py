"""The ways in that the settings name: the inbox always, a mailbox, a bucket and an SFTP folder where configured."""

from datetime import datetime
from urllib.parse import urlsplit

from cli.terminal import complain
from domain.reference import Reference
from ingest.channels.arrival import Channel
from ingest.channels.folder import Folder
from ingest.channels.mailbox import Mailbox
from ingest.channels.remote_folder import s3_bucket, sftp_folder
from services.intake.files import keep_alone
from services.mail.bounces import take_report
from services.settings import Settings


def channels(settings: Settings, reference: Reference) -> list[Channel]:
    """Every way in, the inbox first."""
    most = settings.limits.file_bytes
    found: list[Channel] = [Folder(settings.inbox, most)]
    if settings.imap_host:
        found.append(_mailbox(settings, reference, most))
    if settings.s3_url:
        secret = settings.s3_secret.get_secret_value()
        found.append(s3_bucket(settings.s3_url, settings.s3_endpoint, settings.s3_key, secret, most))
    if settings.sftp_url:
        url = urlsplit(settings.sftp_url)
        found.append(
            sftp_folder(
                url.hostname or "",
                url.port or 22,
                url.username or "",
                settings.sftp_password.get_secret_value(),
                url.path or "/",
                str(settings.sftp_known_hosts.expanduser()),
                most,
            )
        )
    return found


def _mailbox(settings: Settings, reference: Reference, most_bytes: int) -> Mailbox:
    def is_registered(sender: str, at: datetime) -> bool:
        return reference.unit_of_sender(sender, at.date()) is not None

    def refuse(sender: str, subject: str) -> None:
        complain(
            f"Thư của người lạ, không mở: {sender} “{subject}”; đăng ký địa chỉ ở unit_mailboxes.csv nếu là đơn vị."
        )

    return Mailbox(
        settings.imap_host,
        settings.imap_port,
        settings.imap_security,
        settings.imap_user,
        settings.imap_password.get_secret_value(),
        settings.imap_folder,
        most_bytes,
        is_registered,
        lambda content: keep_alone(settings, content),
        lambda content: take_report(settings, content),
        refuse,
    )
