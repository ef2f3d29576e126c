"""How the log's records look to whoever watches a flow: with their fields on Prefect's page, or as lines to a parent."""

import json
import logging
import sys
from collections.abc import Mapping
from typing import TextIO

from services.log import LOGGER


class WithFields(logging.Formatter):
    """A record as one line that says what it is about: `file-arrived receipt=3 file="Xã A.xlsx"`."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """The line, and the record's fields behind it; a warning's sentence is followed by its event."""
        event = getattr(record, "event", record.message)
        named: dict[str, object] = {} if event == record.message else {"event": event}
        fields: Mapping[str, object] = named | getattr(record, "fields", {})
        return " ".join([super().formatMessage(record), *(f"{name}={_plain(value)}" for name, value in fields.items())])


def _plain(value: object) -> str:
    """The value, in quotes where it would not read as one word; a line's end in a file's name ends no line."""
    text = str(value)
    is_word = text.isprintable() and not any(letter in text for letter in ' "=') and text != ""
    return text if is_word else json.dumps(text, ensure_ascii=False)


class ToParent(logging.Handler):
    """Hands progress and warnings to the process that started this one, as lines of JSON; it knows who watches."""

    def __init__(self, parent: TextIO) -> None:
        super().__init__(logging.INFO)
        self._parent = parent

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line, where it is one that somebody waits for."""
        if record.levelno >= logging.WARNING:
            self._tell({"warning": record.getMessage()})
        elif getattr(record, "event", "") == "progress":
            self._tell({"progress": getattr(record, "fields", {})})

    def _tell(self, line: Mapping[str, object]) -> None:
        print(json.dumps(line, default=str), file=self._parent, flush=True)


def on_console() -> logging.Handler:
    """Shows every record with its fields beside Prefect's own, in Prefect's manner."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(WithFields("%(asctime)s | %(levelname)-7s | %(name)s - %(message)s", "%H:%M:%S"))
    return handler


def show_records(shown_by: logging.Handler) -> None:
    """From now on the log's records are shown by this handler, once each; the first that is named stays."""
    # Prefect's console hangs at the root, and shows a record without its fields.
    LOGGER.propagate = False
    if not any(handler.get_name() == _SHOWN for handler in LOGGER.handlers):
        shown_by.set_name(_SHOWN)
        LOGGER.addHandler(shown_by)


_SHOWN = "shown"
