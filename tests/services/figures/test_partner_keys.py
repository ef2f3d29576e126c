"""Under which agency an activity is counted: whoever keeps its agreements on the last day that is reported on."""

from datetime import date

import pytest

from domain.reference import Reference
from domain.text import fold
from services.figures.rows import partner_keys

IN_2024, IN_2026 = date(2024, 2, 14), date(2026, 7, 14)


@pytest.mark.parametrize(
    ("typed", "on", "counted"),
    [
        ("Ban Dân tộc tỉnh", IN_2024, "DV-053"),
        ("Ban Dân tộc tỉnh", IN_2026, "DV-016"),
        ("DV-053", IN_2026, "DV-016"),
        ("Sở Tài nguyên và Môi trường", IN_2026, "DV-011"),
        # Nobody is known to have succeeded it; and what was written of one to come stays its own.
        ("Phòng Tư pháp TP. Pleiku", IN_2026, "DV-001"),
        ("Sở Dân tộc và Tôn giáo", IN_2024, "DV-016"),
    ],
)
def test_an_agency_is_counted_as_who_it_was_then(reference: Reference, typed: str, on: date, counted: str) -> None:
    assert dict(partner_keys(reference, on).iter_rows())[fold(typed)] == counted
