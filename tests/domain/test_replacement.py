"""Which edition a new one has to say that it replaces: the newest that anybody may have."""

from datetime import UTC, datetime

import pytest

from domain.deliveries import DeliveryState
from domain.editions import EditionRecord, EditionState
from domain.replacement import to_be_replaced

NOON = datetime(2024, 2, 16, 5, 0, tzinfo=UTC)
SENT, BOUNCED, QUEUED, SENDING = (
    DeliveryState.SENT, DeliveryState.BOUNCED, DeliveryState.QUEUED, DeliveryState.SENDING,
)  # fmt: skip
Told = tuple[EditionState, list[DeliveryState]]


def edition(number: int, state: EditionState) -> EditionRecord:
    return EditionRecord(
        "2024-02", "e", "d", "h", "c", "f", "r", NOON, NOON, is_sample=True, prepared_by="", manifest="",
        tables_sha256="t", edition_id=f"2024-02-{number}", number=number, state=state, checked_by=None, checked_at=None,
        released_by=None, released_at=None, void_reason=None, doc_number=None, doc_date=None, not_before=None,
        replaces=None, withdrawn_by=None, withdrawn_at=None, issued_sha256=None, issued_tables_sha256=None,
        signed_sha256=None, signed_by=None, signed_at=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("known", "replaced"),
    [
        ([], None),
        ([(EditionState.DRAFT, [])], None),
        ([(EditionState.RELEASED, [QUEUED, QUEUED])], None),
        ([(EditionState.RELEASED, [SENT, QUEUED])], 1),
        ([(EditionState.RELEASED, [SENDING])], 1),
        ([(EditionState.SENT, [SENT])], 1),
        ([(EditionState.SENT, [])], 1),
        ([(EditionState.SENT, [SENT]), (EditionState.VOID, [])], 1),
        ([(EditionState.WITHDRAWN, [SENT])], 1),
        ([(EditionState.WITHDRAWN, [BOUNCED])], None),
        ([(EditionState.SUPERSEDED, [SENT]), (EditionState.SENT, [SENT])], 2),
        ([(EditionState.SUPERSEDED, [SENT]), (EditionState.WITHDRAWN, [BOUNCED])], 1),
    ],
)
def test_it_is_the_newest_that_anybody_may_have(known: list[Told], replaced: int | None) -> None:
    found = to_be_replaced((edition(number, state), mails) for number, (state, mails) in enumerate(known, start=1))
    assert (found.number if found else None) == replaced
