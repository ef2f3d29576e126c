"""Where mail goes: to the configured server, or into a folder while there is none."""

from delivery.smtp import Send, Server, Sink
from flows.settings import Settings


def mail_channel(settings: Settings, subject: str) -> Send:
    """The configured server; without one, a folder that bears the name of what the mail is about."""
    if settings.smtp_host:
        return Server(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_security,
            settings.smtp_user,
            settings.smtp_password.get_secret_value(),
        )
    return Sink(settings.mail_sink / subject)
