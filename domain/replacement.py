"""Which edition of its period a new one has to say that it replaces: whoever has the old one must see that it stands no longer."""

from collections.abc import Collection, Iterable, Sequence

from domain.deliveries import DeliveryState
from domain.editions import EditionRecord, EditionState


def to_be_replaced(editions: Sequence[tuple[EditionRecord, Collection[DeliveryState]]]) -> EditionRecord | None:
    """The newest of a period's editions, given in their order with the states of their mails, that its readers have."""
    had = [edition for edition, mails in editions if may_be_had(edition, mails)]
    return (_not_replaced(had) or had)[-1] if had else None


def may_be_replaced(editions: Sequence[tuple[EditionRecord, Collection[DeliveryState]]]) -> set[str]:
    """Which of a period's editions one to be released may say that it replaces: sent, taken back, or with somebody.

    What was replaced is replaced once more only where nobody has anything newer.
    """
    back, asked = (EditionState.SENT, EditionState.WITHDRAWN), to_be_replaced(editions)
    known = [edition for edition, mails in editions if edition.state in back or may_be_had(edition, mails)]
    return {each.edition_id for each in (*_not_replaced(known), *([asked] if asked else []))}


def _not_replaced(editions: Sequence[EditionRecord]) -> list[EditionRecord]:
    return [edition for edition in editions if edition.state is not EditionState.SUPERSEDED]


def may_be_had(edition: EditionRecord, mails: Iterable[DeliveryState]) -> bool:
    """Whether somebody may have it, whatever has become of it since: while it still went out, or was taken back."""
    return edition.state is EditionState.SENT or any(each.may_be_there for each in mails)
