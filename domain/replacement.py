"""Which edition of its period a new one has to say that it replaces: whoever has the old one must see that it stands no longer."""

from collections.abc import Iterable

from domain.deliveries import DeliveryState
from domain.editions import EditionRecord, EditionState


def to_be_replaced(editions: Iterable[tuple[EditionRecord, Iterable[DeliveryState]]]) -> EditionRecord | None:
    """The newest of a period's editions, given in their order with the states of their mails, that its readers have."""
    had = [edition for edition, mails in editions if _is_had(edition, mails)]
    return had[-1] if had else None


def _is_had(edition: EditionRecord, mails: Iterable[DeliveryState]) -> bool:
    """Whether it was sent; of what was withdrawn, whether a mail of it may be with somebody, to whom a replacement was promised."""
    is_withdrawn = edition.state is EditionState.WITHDRAWN
    return edition.state is EditionState.SENT or (is_withdrawn and any(each.may_be_there for each in mails))
