"""The line to the mail server during one run: once it is dead, nobody waits at it again."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from delivery.smtp import HandOver, Send


@dataclass(slots=True)
class Line:
    """Remembers that the server could not be spoken with: a hundred mails cost its time-out once."""

    fault: str = ""
    """What was wrong with it; empty while it is sound."""

    def send(self, channel: "Send", content: bytes, sender: str, recipient: str, hand_over: "HandOver") -> str:
        """Send the mail by the channel; at once deferred where an earlier one of this run met nobody. Raises as the channel."""
        from delivery.smtp import Deferred, Uncertain, Unreachable

        if self.fault:
            raise Deferred(f"chưa thử: trong lượt này máy chủ thư không nói chuyện được ({self.fault})")
        try:
            return channel(content, sender, recipient, hand_over)
        except Unreachable as error:
            self.fault = str(error)
            raise
        except Uncertain as error:
            if error.is_silence:
                self.fault = str(error)
            raise
