"""From which address which unit's workbook may come, on both sides of the reorganisation."""

from dataclasses import replace
from datetime import date

import pytest

from domain.mailboxes import UnitMailbox
from domain.reference import Reference

BEFORE, AFTER = date(2024, 2, 15), date(2025, 8, 14)


def registered(reference: Reference, *codes: str, valid_to: date | None = None) -> Reference:
    rows = [UnitMailbox("vanthu@gialai.gov.vn", code, date(2020, 1, 1), valid_to) for code in codes]
    return replace(reference, unit_mailboxes=rows)


@pytest.mark.parametrize(
    ("own", "on", "allowed", "refused"),
    [
        (("622",), BEFORE, {"622"}, {"623", "23575"}),
        (("622", "623"), BEFORE, {"622", "623"}, {"624"}),
        (("622",), AFTER, {"622", "23575", "23586"}, {"623"}),
        (("23575",), AFTER, {"23575", "622"}, {"23586", "623"}),
    ],
)
def test_an_address_sends_for_its_units_their_heirs_and_their_forebears(
    reference: Reference, own: tuple[str, ...], on: date, allowed: set[str], refused: set[str]
) -> None:
    found = registered(reference, *own).may_be_sent_by("VanThu@gialai.gov.vn", on)
    assert allowed <= found
    assert found.isdisjoint(refused)


def test_an_address_that_is_nobodys_on_that_day_sends_for_nobody(reference: Reference) -> None:
    ended = registered(reference, "622", valid_to=date(2023, 12, 31))
    for email in ("vanthu@gialai.gov.vn", "la@gialai.gov.vn", "", None):
        assert ended.may_be_sent_by(email, BEFORE) == frozenset()
