import polars as pl
import pytest

from domain.form import CellType
from transforms.numbers import amount, plain_text


def amount_of(text: str, kind: CellType, field: str = "cash_vnd") -> float | None:
    row = pl.DataFrame(
        {
            "kind": ["text"],
            "text": [text],
            "number": [None],
            "type": [str(kind)],
            "field": [field],
            "is_percent": False,
        },
        schema_overrides={"number": pl.Float64},
    )
    number: float | None = row.select(amount(plain_text())).item()
    return number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4,5 tỷ", 4.5e9),
        ("1.500 nghìn đồng", 1.5e6),
        ("(1.950)", -1950.0),
        ("－5", -5.0),
        ("kps", 0.0),
        ("15,000", None),
    ],
)
def test_money_is_read_with_the_unit_it_names(text: str, number: float | None) -> None:
    assert amount_of(text, CellType.MONEY) == number


def test_a_sign_of_percent_is_for_percentages_and_one_group_is_no_decimal() -> None:
    assert amount_of("95,5 %", CellType.DECIMAL, "bhyt_pct") == 95.5
    assert amount_of("95,5 %", CellType.WHOLE, "hh_total") is None
    assert amount_of("1.950", CellType.WHOLE, "hh_total") == 1950
    assert amount_of("1.950", CellType.DECIMAL, "labour_days") is None
