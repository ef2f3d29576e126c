"""The log: what happened, with period, unit, submission and edition as fields; Prefect's handler shows it in a flow run.

A warning is a Vietnamese sentence for whoever watches; `event` is its English name, by which it is found and counted.
Doors attach the handlers: text on a terminal, lines of JSON in a file below the data folder.
"""

import fcntl
import json
import logging
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from unicodedata import category

from domain.errors import Ending, KetnghiaError
from domain.personal_data import masked
from domain.text import visible

LOGGER = logging.getLogger("ketnghia")
LIBRARIES = tuple(logging.getLogger(name) for name in ("fontTools", "pyhanko", "pyhanko_certvalidator", "pypdf"))
"""Libraries that speak of others' files, in English: kept, and shown to nobody."""
FILE_BYTES, FILES_KEPT = 5_000_000, 10
_context: ContextVar[dict[str, object]] = ContextVar("log_context", default={})  # noqa: B039


def note(event: str, **fields: object) -> None:
    """Note that something went its way; it is kept, and shown to nobody who did not ask."""
    _log(logging.INFO, event, event, fields)


def warn(event: str, sentence: str, **fields: object) -> None:
    """Tell whoever watches of something that needs a look, and keep it.

    Made visible here, because not every handler is ours: Prefect's, or Python's last resort in a worker process.
    """
    _log(logging.WARNING, event, visible("; ".join(sentence.splitlines())), fields)


def failed(error: BaseException) -> None:
    """Keep that a command ended with an error: its sentence; of a fault of the machine or a bug where it came from, too."""
    is_foreseen = isinstance(error, KetnghiaError)
    is_explained = isinstance(error, KetnghiaError) and error.ending is not Ending.MACHINE
    extra = {"event": "command-failed" if is_foreseen else "command-broke"}
    fields = _context.get() | {"error": type(error).__name__}
    LOGGER.error("%s", _masked(str(error)), exc_info=None if is_explained else error, extra=extra | {"fields": fields})


def traceback_of(error: BaseException) -> str:
    """Where the error came from, as Python would have printed it: a field for what the program lives on after."""
    return "".join(traceback.format_exception(error))


@contextmanager
def about(**fields: object) -> Iterator[None]:
    """Everything logged inside bears these fields: `period`, `unit`, `submission`, `edition`."""
    token = _context.set(_context.get() | fields)
    try:
        yield
    finally:
        _context.reset(token)


def _log(level: int, event: str, text: str, fields: dict[str, object]) -> None:
    shown = {name: _shown(name, value) for name, value in (_context.get() | fields).items()}
    LOGGER.log(level, "%s", _masked(text), extra={"event": event, "fields": shown})


_IDENTIFIERS = ("sha256", "edition", "submission", "message_id", "period", "unit")


def _shown(name: str, value: object) -> object:
    if isinstance(value, list | tuple):
        return [_shown(name, each) for each in value]
    return _masked(value) if isinstance(value, str) and name not in _IDENTIFIERS else value


def _masked(text: str) -> str:
    """The text without numbers of people; addresses of mail stay, because it is by them that a mail is looked for."""
    return masked(text, with_mail=False)


_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Categories of characters that JSON may leave as they are, and that end a line, turn it round or cannot be written."""


def _escaped(text: str) -> str:
    return "".join(json.dumps(letter)[1:-1] if category(letter) in _UNSEEN else letter for letter in text)


class JsonLines(logging.Formatter):
    """One record, one line of JSON; what cannot be seen comes out escaped, what JSON does not know as Python writes it."""

    def format(self, record: logging.LogRecord) -> str:
        """The record with its fields."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", record.name),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = _masked(self.formatException(record.exc_info))
        line |= {name: value for name, value in getattr(record, "fields", {}).items() if name not in line}
        try:
            text = json.dumps(line, ensure_ascii=False, default=str, allow_nan=False)
        except (TypeError, ValueError):
            text = json.dumps({name: repr(value) for name, value in line.items()}, ensure_ascii=False)
        return _escaped(text)


class SharedRotatingFile(RotatingFileHandler):
    """A rotating file that several processes write: each line, and each rotation, under one lock."""

    _is_told = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line to the file that bears the name now; another process may have rotated it.

        What cannot be written is told on standard error: the work goes on without its log.
        """
        try:
            with suppress(FileExistsError):
                os.mkdir(os.path.dirname(self.baseFilename))
            with open(f"{self.baseFilename}.lock", "w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if self.stream is not None and not self._is_current():
                    self.stream.close()
                    self.stream = None
                super().emit(record)
        except OSError:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Say once that the log cannot be written, and with which file that is so."""
        if not self._is_told:
            self._is_told = True
            sys.stderr.write(f"Không ghi được nhật ký {self.baseFilename}: {sys.exc_info()[1]}\n")

    def _is_current(self) -> bool:
        try:
            return os.stat(self.baseFilename).st_ino == os.fstat(self.stream.fileno()).st_ino if self.stream else False
        except FileNotFoundError:
            return False


def show_warnings_of_worker() -> None:
    """In a process that works for another: warnings go to the standard error that both share."""
    shown = logging.StreamHandler()
    shown.setLevel(logging.WARNING)
    shown.setFormatter(logging.Formatter("ketnghia: %(message)s"))
    LOGGER.propagate = False
    LOGGER.addHandler(shown)


def keep_log(home: Path) -> logging.Handler | None:
    """Keep the log below the data folder, once; where there is no such folder yet, nothing is kept, and none is made."""
    if not home.is_dir():
        return None
    place = home.resolve() / "log" / "ketnghia.jsonl"
    for known in LOGGER.handlers:
        if isinstance(known, SharedRotatingFile) and known.baseFilename == str(place):
            return known
    handler = SharedRotatingFile(place, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8", delay=True)
    handler.setFormatter(JsonLines())
    for logger in (LOGGER, *LIBRARIES):
        logger.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    return handler
