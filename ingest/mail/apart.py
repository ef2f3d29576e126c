"""Mails are read in a process apart, like workbooks: what one does to the code that parses it stops no other."""

import json

from domain.errors import Interrupted, UnreadableFile
from ingest.apart.bounds import SAME_ENDS, Bounds, End
from ingest.apart.pool import Apart
from ingest.mail.message import Message, from_plain, to_plain
from ingest.mail.read_message import read_head, read_message
from ingest.workbook.limits import Limits

_READ = f"{__name__}:read_plain"
_SOUND = b"From: a@b.example\r\nSubject: ok\r\n\r\nok\r\n"
_READ_WELL, _REFUSED = b"+", b"-"


class MailReaders:
    """One warmed process that reads mails."""

    def __init__(self, limits: Limits, authserv_id: str = "") -> None:
        self._limits, self._authserv_id = limits, authserv_id
        self._bounds = Bounds(limits.seconds, limits.memory_bytes)
        self._apart = Apart([__name__])

    def close(self) -> None:
        """End the process."""
        self._apart.close()

    def read_head(self, content: bytes) -> Message:
        """What the head of a mail says.

        Raises:
            UnreadableFile: if nothing can be made of it, also because it ends every reader.
            Interrupted: if it could not be read now.
        """
        return self._read(content, None)

    def read_message(self, content: bytes) -> Message:
        """What is in the mail; raises as `read_head`."""
        return self._read(content, self._limits)

    def _read(self, content: bytes, limits: Limits | None) -> Message:
        ends: list[str] = []
        while True:
            try:
                return self._once(content, limits)
            except Interrupted as interrupted:
                ends.append(interrupted.end)
                if not End(interrupted.end).is_own_doing or len(set(ends)) > 1 or not self._can_read():
                    raise
                if len(ends) == SAME_ENDS:
                    raise UnreadableFile("Thư làm chương trình đọc thư dừng đột ngột.") from interrupted

    def _once(self, content: bytes, limits: Limits | None) -> Message:
        answer = self._apart.run(_READ, (content, limits, self._authserv_id), self._bounds)
        if answer[:1] == _REFUSED:
            raise UnreadableFile(answer[1:].decode())
        return from_plain(json.loads(answer[1:]))

    def _can_read(self) -> bool:
        """Whether a mail that is certainly sound is read now."""
        try:
            return self._once(_SOUND, self._limits).sender == "a@b.example"
        except (Interrupted, UnreadableFile):
            return False


def read_plain(content: bytes, limits: Limits | None, authserv_id: str) -> bytes:
    """What the process apart does: the mail as plain data, or why there is none; without limits its head alone."""
    try:
        message = read_head(content, authserv_id) if limits is None else read_message(content, limits, authserv_id)
    except UnreadableFile as reason:
        return _REFUSED + str(reason).encode(errors="replace")
    return _READ_WELL + json.dumps(to_plain(message)).encode()
