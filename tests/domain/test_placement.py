from datetime import date

import pytest

from domain.period import Period
from domain.placement import Ground, place
from domain.reference import Reference

OLD, NEW = Period.parse("2024-02"), Period.parse("2026-02")


@pytest.mark.parametrize(
    ("month", "unit", "village", "ground", "code", "words"),
    [
        (OLD, "622", "23586-01", Ground.NEW, "23586", "Phường Hội Phú"),
        (OLD, "622", "23581-01", Ground.NEW, "23586", "Phường Hội Phú"),
        (OLD, "622", None, Ground.NEW, "622", "phần không ghi làng"),
        (OLD, "622", "23586-01", Ground.OLD, "622", "Thành phố Pleiku"),
        (NEW, "23586", "23586-01", Ground.OLD, "622", "Thành phố Pleiku"),
        (NEW, "23586", None, Ground.OLD, "622", "Thành phố Pleiku"),
        (NEW, "23590", None, Ground.OLD, "23590", "không quy được về một huyện cũ"),
        (NEW, "21622", "21622-01", Ground.OLD, "21622", "không thuộc Gia Lai cũ"),
        (NEW, "23586", None, Ground.NEW, "23586", "Phường Hội Phú"),
        (OLD, "622", "23586-01", Ground.AS_REPORTED, "622", "Thành phố Pleiku"),
    ],
)
def test_a_row_is_put_where_its_ground_lies(
    reference: Reference, month: Period, unit: str, village: str | None, ground: Ground, code: str, words: str
) -> None:
    found = place(reference, month, unit, village, ground)
    assert found.code == code
    assert words in found.name
    assert not found.is_estimated


def test_a_village_of_a_straddling_commune_goes_back_to_its_own_district(reference: Reference) -> None:
    # Têng 2 lay in Tân Sơn, Pleiku; today it lies in Biển Hồ, which also has ground of Đak Đoa and Chư Păh.
    [teng] = [village.village_id for village in reference.villages.rows if "Têng 2" in village.name]
    assert place(reference, NEW, "23590", teng, Ground.OLD).code == "622"
    assert place(reference, OLD, "622", teng, Ground.NEW).code == "23590"


def test_merged_agencies_keep_their_agreements(reference: Reference) -> None:
    from dataclasses import replace

    first, heir = reference.villages.partners[0], reference.villages.partners[5]
    merged = replace(first, valid_to=date(2025, 2, 28), successor_id=heir.partner_id)
    villages = replace(reference.villages, partners=[merged, *reference.villages.partners[1:]])
    [village_id] = {row.village_id for row in villages.assignments if row.partner_id == first.partner_id}
    assert merged in villages.partners_of(date(2025, 2, 28))[village_id]
    assert heir in villages.partners_of(date(2025, 3, 1))[village_id]
    assert merged not in villages.partners_of(date(2025, 3, 1))[village_id]
    assert merged in villages.merged_into(heir)
