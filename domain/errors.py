"""What can go wrong that is not bad data: each says what happened, where, and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self


class KetnghiaError(Exception):
    """The command cannot be carried out; the text is a Vietnamese sentence for the person at the keyboard."""


class BadPeriod(KetnghiaError):
    """A period is neither a month, a quarter, a half nor a year as the program writes them."""


class BadReference(KetnghiaError):
    """A table in the reference folder contradicts itself or lacks a row that is needed."""


class UnknownUnit(KetnghiaError):
    """No reporting unit bears this code in this period."""


class UnreadableFile(KetnghiaError):
    """The bytes are not a workbook that can be read."""


class Interrupted(KetnghiaError):
    """Work on a file did not come to its end: the machine, or somebody, stood in the way; it says nothing of the file."""

    end: str = ""
    """How it ended."""
    label: str = ""
    """The same in words."""
    detail: str = ""
    """What else is known: a signal, a traceback."""
    is_suspect: bool = False
    """Whether work on another file, that is certainly sound, did come to its end meanwhile."""

    @classmethod
    def of(cls, end: str, label: str, detail: str) -> Self:
        """The error with how it ended, by its name and in words."""
        error = cls(f"Chưa làm xong với tệp ({label}); tệp không bị coi là hỏng, chạy lại lệnh này.")
        error.end, error.label, error.detail = end, label, detail
        return error


class UnreachableChannel(KetnghiaError):
    """A way in did not answer or refused; what lies there waits."""


class NothingToReport(KetnghiaError):
    """No accepted submission is known for the period."""


class UnknownEdition(KetnghiaError):
    """No edition has this id."""


class UnknownFigure(KetnghiaError):
    """The edition has no figure with this id."""


class UnknownClaim(KetnghiaError):
    """The edition makes no claim with this id."""


class NotReleasable(KetnghiaError):
    """The edition is not in a state, or not the same bytes, that may be released or sent."""


class UnlikelyDay(KetnghiaError):
    """A day was typed that cannot be meant."""


class BadLock(KetnghiaError):
    """A period cannot be locked or unlocked as asked."""


class BadRules(KetnghiaError):
    """A file holds no rules that could be rehearsed."""


class BadDocument(KetnghiaError):
    """A document lacks a font, a style sheet, a figure or a glyph; nothing half-made may leave."""


class NotSigned(KetnghiaError):
    """A document could not be signed: no key, no time stamp, no field, or a signature already."""


class BadRecipient(KetnghiaError):
    """An address is not one the report may be sent to."""


class BadSettings(KetnghiaError):
    """A setting is missing or cannot be right."""


class NoLedger(KetnghiaError):
    """What was asked is answered from the ledger, and there is none here."""


class ForeignLedger(KetnghiaError):
    """The ledger is gone, empty, or another's, while the home holds what a ledger must know of."""


class WorkerLost(KetnghiaError):
    """A process that worked on a part of a step died; the step can be run again."""


class MissingExtra(KetnghiaError):
    """A library that is needed for one purpose only is not installed."""

    @classmethod
    def of(cls, purpose: str, extra: str) -> Self:
        """The sentence that says what cannot be done, and what to install for it."""
        return cls(f'{purpose} cần phần “{extra}” của chương trình, chưa được cài: pip install "ketnghia[{extra}]".')


@contextmanager
def needing_extra(purpose: str, extra: str) -> Iterator[None]:
    """What is imported inside belongs to an optional part of the program.

    Raises:
        MissingExtra: if it is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise MissingExtra.of(purpose, extra) from error
