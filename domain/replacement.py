"""Which edition of its period a new one has to say that it replaces: whoever has the old one must see that it stands no longer."""

from collections.abc import Iterable

from domain.deliveries import DeliveryState
from domain.editions import EditionRecord, EditionState


def to_be_replaced(editions: Iterable[tuple[EditionRecord, Iterable[DeliveryState]]]) -> EditionRecord | None:
    """The newest of a period's editions, given in their order with the states of their mails, that its readers have."""
    had = [edition for edition, mails in editions if may_be_had(edition, mails)]
    return had[-1] if had else None


def may_be_had(edition: EditionRecord, mails: Iterable[DeliveryState]) -> bool:
    """Whether somebody may have it, whatever has become of it since: while it still went out, or was taken back."""
    return edition.state is EditionState.SENT or any(each.may_be_there for each in mails)
