from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue import INDICATOR_BY_CODE
from domain.period import Period
from domain.placement import Ground, place
from domain.reference import Reference
from domain.schemas import stored
from transforms.figures.series import PLACED, places_asked, series
from transforms.figures.summarise import moves

MONTHS = [Period.parse(name) for name in ("2020-03", "2024-10", "2024-11", "2025-06", "2025-07", "2025-08", "2027-12")]
TOTAL = INDICATOR_BY_CODE["value_total_vnd"]


@pytest.mark.slow
@given(data=st.data())
def test_additive_totals_are_the_same_on_every_territory(reference: Reference, data: st.DataObject) -> None:
    villages = [None, "no-such-village", *(village.village_id for village in reference.villages.rows)]
    rows = []
    for number in range(data.draw(st.integers(1, 12))):
        month = data.draw(st.sampled_from(MONTHS))
        unit = data.draw(st.sampled_from(reference.expected_units(month)))
        rows.append(
            dict.fromkeys(stored("activities"))
            | {
                "submission_id": 1,
                "period": str(month),
                "unit_code": unit.code,
                "source_row": number,
                "village_id": data.draw(st.sampled_from(villages)),
                "status": "hoan_thanh",
                "value_total_vnd": data.draw(st.integers(0, 10**9)),
            }
        )
    frame = pl.LazyFrame(rows, schema=stored("activities"))
    totals = {}
    for ground in Ground:
        placed = []
        for period, unit_code, village_id in places_asked(frame).iter_rows():
            found = place(reference, Period.parse(period), unit_code, village_id, ground)
            placed.append((period, unit_code, village_id, found.code, found.is_estimated))
        told = series(frame, TOTAL, pl.LazyFrame(placed, schema=PLACED, orient="row"), moves(), moves()).collect()
        totals[ground] = dict(told.group_by("period").agg(pl.col("value").sum()).iter_rows())
    expected: dict[str, Decimal] = {}
    for row in rows:
        expected[row["period"]] = expected.get(row["period"], Decimal(0)) + row["value_total_vnd"]
    assert totals[Ground.AS_REPORTED] == totals[Ground.OLD] == totals[Ground.NEW] == expected
