"""Which edition a new one has to say that it replaces: the newest that anybody may have."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.deliveries import DeliveryState
from domain.editions import EditionRecord, EditionState
from domain.replacement import may_be_replaced, to_be_replaced

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


def numbered(known: list[Told]) -> list[tuple[EditionRecord, list[DeliveryState]]]:
    return [(edition(number, state), mails) for number, (state, mails) in enumerate(known, start=1)]


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
        ([(EditionState.SUPERSEDED, [SENT]), (EditionState.WITHDRAWN, [SENT])], 2),
        ([(EditionState.SENT, [SENT]), (EditionState.SUPERSEDED, [SENT])], 1),
    ],
)
def test_it_is_the_newest_that_anybody_may_have(known: list[Told], replaced: int | None) -> None:
    found = to_be_replaced(numbered(known))
    assert (found.number if found else None) == replaced


@pytest.mark.parametrize(
    ("known", "replaceable"),
    [
        ([(EditionState.DRAFT, []), (EditionState.VOID, [])], set()),
        ([(EditionState.WITHDRAWN, [])], {1}),
        ([(EditionState.RELEASED, [SENT, QUEUED])], {1}),
        ([(EditionState.SUPERSEDED, [SENT]), (EditionState.SENT, [SENT])], {2}),
        ([(EditionState.SUPERSEDED, [SENT]), (EditionState.WITHDRAWN, [BOUNCED])], {1, 2}),
        ([(EditionState.SUPERSEDED, [SENT]), (EditionState.VOID, [])], {1}),
    ],
)
def test_what_was_replaced_is_not_replaced_again_while_its_successor_stands(
    known: list[Told], replaceable: set[int]
) -> None:
    found = may_be_replaced(numbered(known))
    assert found == {f"2024-02-{number}" for number in replaceable}


@given(
    st.lists(st.tuples(st.sampled_from(EditionState), st.lists(st.sampled_from(DeliveryState), max_size=2)), max_size=5)
)
def test_what_a_release_is_asked_to_replace_it_may_replace(known: list[Told]) -> None:
    asked = to_be_replaced(numbered(known))
    assert asked is None or asked.edition_id in may_be_replaced(numbered(known))
