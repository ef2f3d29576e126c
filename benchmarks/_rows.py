"""Rows as a province of 135 communes would have them, made up for the benchmark of figures."""

from pathlib import Path

import polars as pl

from domain.period import Period
from domain.schemas import COUNTABLE

UNITS, VILLAGES, PARTNERS, FIRST_MONTHS = 135, 600, 400, 13
PERIOD = Period.parse("2026-07")
SHARES = {"activities": 0.9, "households": 0.05, "politics_security": 0.05}


def write_rows(folder: Path, count: int) -> None:
    """Made-up rows of thirteen months, the same for the same count."""
    months = [str(month) for month in PERIOD.months_back(FIRST_MONTHS)]
    for table, share in SHARES.items():
        height = max(int(count * share), 1)
        place = pl.int_range(height, eager=True).alias("place")

        def picked(values: list[str | None], factor: int, place: pl.Series = place) -> pl.Series:
            """A value for every row, scattered by a prime factor."""
            return pl.Series(values).gather((place * factor) % len(values))

        unit = (place * 7919) % UNITS
        month = (place * 104729) % FIRST_MONTHS
        village = (place * 611953) % VILLAGES
        given: dict[str, pl.Series] = {
            "submission_id": unit * FIRST_MONTHS + month + 1,
            "period": pl.Series(months).gather(month),
            "unit_code": (unit + 23000).cast(pl.String),
            "revision": pl.repeat(1, height, eager=True),
            "sha256": pl.repeat("x", height, eager=True),
            "source_row": place + 8,
            "village_id": village.cast(pl.String),
        }
        if table == "activities":
            first_days = (pl.Series(months) + "-01").str.to_date().gather(month)
            given |= {
                "activity_date": (first_days.cast(pl.Int64) + place % 28).cast(pl.Int32),
                "activity_code": picked(["QUA_TET", "NHA_MOI", "NHA_SUA", "BHYT", "SINH_KE", "TT", "GD"], 31),
                "occasion": picked(["TET", "THUONG_XUYEN", "27_7"], 17),
                "funding_source": picked(["XHH", "CBCC", "DN", "NSNN", "QUY_VNN"], 13),
                "status": picked(["hoan_thanh", "hoan_thanh", "hoan_thanh", "dang_thuc_hien", "cam_ket"], 11),
                "quantity_unit": picked(["suất", "căn"], 3),
                "partner_id": ((place * 350377) % PARTNERS).cast(pl.String),
                "in_twinned_village": village % 8 > 0,
            }
            given["quantity"] = (place % 9000).cast(pl.Decimal(18, 3))
            given["activity_and_unit"] = given["activity_code"] + "/" + given["quantity_unit"]
        if table == "households":
            given["ntm"] = picked(["Có", "Không"], 19)
        whole = [name for name, dtype in COUNTABLE[table].items() if dtype == pl.Int64 and name not in given]
        given |= {name: (place * (position + 3)) % 997 for position, name in enumerate(whole)}
        columns = [
            given[name].cast(dtype).alias(name)
            if name in given
            else pl.Series(name, [None], dtype).new_from_index(0, height)
            for name, dtype in COUNTABLE[table].items()
        ]
        pl.DataFrame(columns).write_parquet(folder / f"{table}.parquet")
