"""What can go wrong that is not bad data: each says what happened, where, and what to do, and how its command ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import ClassVar, Self


class Ending(IntEnum):
    """How a command ends: the exit code of every one, listed in `docs/commands.md`."""

    DONE = 0
    NO = 1
    """What was asked was done, and the answer is no."""
    WRONG_USE = 2
    """What was typed, or a table that people edit, has to be mended by whoever did it."""
    MACHINE = 3
    """The machine, its settings or a server stands in the way; the same command may succeed later."""
    UNDECIDED = 4
    """`verify` found nothing wrong, and not enough to say that it is right."""


class KetnghiaError(Exception):
    """The command cannot be carried out; the text is a Vietnamese sentence for the person at the keyboard."""

    ending: ClassVar[Ending] = Ending.WRONG_USE
    """How a command ends that meets it; each kind below says so where it is another."""


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

    ending = Ending.MACHINE

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

    ending = Ending.MACHINE


class NothingToReport(KetnghiaError):
    """No accepted submission is known for the period."""

    ending = Ending.NO


class UnknownEdition(KetnghiaError):
    """No edition has this id."""


class NoServer(KetnghiaError):
    """The scheduler's server or its worker does not come up, or ended by itself."""

    ending = Ending.MACHINE


class BadAccount(KetnghiaError):
    """An account cannot be made or changed like that."""


class Unproven(KetnghiaError):
    """Nobody has shown who he is, or it is not known who that is."""

    ending = Ending.NO


class UnknownFigure(KetnghiaError):
    """The edition has no figure with this id."""


class UnknownClaim(KetnghiaError):
    """The edition makes no claim with this id."""


class NotReleasable(KetnghiaError):
    """The edition is not in a state, or not the same bytes, that may be released or sent."""

    ending = Ending.NO


class AlteredMail(NotReleasable):
    """A mail stands in the ledger otherwise than the program left it; it alone does not go."""


class UnlikelyDay(KetnghiaError):
    """A day was typed that cannot be meant."""


class BadLock(KetnghiaError):
    """A period cannot be locked or unlocked as asked."""

    ending = Ending.NO


class BadRules(KetnghiaError):
    """A file holds no rules that could be rehearsed."""


class BadDocument(KetnghiaError):
    """A document lacks a font, a style sheet, a figure or a glyph; nothing half-made may leave."""

    ending = Ending.NO


class UnfitMachine(BadDocument):
    """A document cannot be made here, because this machine lacks a font or a library of the system."""

    ending = Ending.MACHINE


class NotSigned(KetnghiaError):
    """A document could not be signed: no key, no time stamp, no field, or a signature already."""

    ending = Ending.NO


class NoTimeStamp(NotSigned):
    """The authority that stamps the time of a signature is not named, or does not answer."""

    ending = Ending.MACHINE


class BadRecipient(KetnghiaError):
    """An address is not one the report may be sent to."""


class BadSettings(KetnghiaError):
    """A setting is missing or cannot be right."""

    ending = Ending.MACHINE


class NoLedger(KetnghiaError):
    """What was asked is answered from the ledger, and there is none here."""


class LedgerFault(KetnghiaError):
    """The ledger cannot be used as it is: its file is damaged, its disk full, its folder closed."""

    ending = Ending.MACHINE


class LedgerBusy(LedgerFault):
    """The ledger is held by another process, or its server does not answer; later it may."""


class LedgerOutdated(LedgerFault):
    """The ledger holds rows of an older schema; a person has to ask for the upgrade."""


class LedgerNewer(LedgerFault):
    """A newer program has upgraded the ledger; this one does not know what its columns mean."""


class InUse(KetnghiaError):
    """Something is kept already where a backup was to be brought back; nothing is brought over it."""


class BadBackup(KetnghiaError):
    """A folder is no whole backup, or one of its files is not the one that was kept."""

    ending = Ending.NO


class NoBackup(BadBackup):
    """What was named is no backup at all."""

    ending = Ending.WRONG_USE


class Busy(KetnghiaError):
    """Somebody else does what only one at a time may do, and has for longer than we may wait."""

    ending = Ending.MACHINE


class OtherTables(KetnghiaError):
    """The tables people edit are not those that the ledger goes by, and another machine set these."""


class ForeignLedger(KetnghiaError):
    """The ledger is gone, empty, or another's, while the home holds what a ledger must know of."""

    ending = Ending.MACHINE


class StoreUnreachable(KetnghiaError):
    """The store that several machines share does not answer, refuses, or is not where it was; later it may be."""

    ending = Ending.MACHINE


class ForeignStore(StoreUnreachable):
    """What lies there is not the store of the ledger, or none is named while the ledger's files lie in one."""


class WorkerLost(KetnghiaError):
    """A process that worked on a part of a step died; the step can be run again."""

    ending = Ending.MACHINE


class MissingExtra(KetnghiaError):
    """A library that is needed for one purpose only is not installed."""

    ending = Ending.MACHINE

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
