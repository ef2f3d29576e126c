"""The ways in that the settings name: the inbox always, a mailbox, a bucket and an SFTP folder where configured."""

from datetime import datetime
from urllib.parse import urlsplit

from ingest.channels.arrival import Channel
from ingest.channels.folder import Folder
from ingest.channels.mailbox import Mailbox
from ingest.channels.remote_folder import s3_bucket, sftp_folder
from services.intake.files import keep_other_file
from services.log import warn
from services.mail.bounces import take_report
from services.run import Run


def channels(run: Run) -> list[Channel]:
    """Every way in, the inbox first."""
    most = run.settings.limits.file_bytes
    found: list[Channel] = [Folder(run.settings.inbox, most)]
    if run.settings.imap_host:
        found.append(_mailbox(run, most))
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


def _mailbox(run: Run, most_bytes: int) -> Mailbox:
    def is_registered(sender: str, at: datetime) -> bool:
        return run.reference.unit_of_sender(sender, at.date()) is not None

    def refuse(sender: str, subject: str) -> None:
        warn(
            "stranger-refused",
            f"Thư của người lạ, không mở: {sender} “{subject}”; đăng ký địa chỉ ở unit_mailboxes.csv nếu là đơn vị.",
            sender=sender,
            subject=subject,
        )

    return Mailbox(
        run.settings.imap_host,
        run.settings.imap_port,
        run.settings.imap_security,
        run.settings.imap_user,
        run.settings.imap_password.get_secret_value(),
        run.settings.imap_folder,
        most_bytes,
        is_registered,
        lambda content: keep_other_file(run, content),
        lambda content: take_report(run, content),
        refuse,
    )
