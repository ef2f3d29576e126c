from collections.abc import Iterator, Mapping

import pytest

from ingest.tables.contradictions import contradictions
from ingest.tables.faults import Fault
from ingest.tables.files import Tables, read_tables
from ingest.tables.registers import Registers
from services.settings import PROGRAM

UNITS = "unit_id,code,name,type,level,parent_code,valid_from,valid_to,region\n"
VILLAGES = "village_id,name,commune_code,valid_from,valid_to,aliases,households,persons,hh_dtts\n"
PARTNERS = "partner_id,name,level,valid_from,valid_to,successor_id\n"
ASSIGNMENTS = "partner_id,village_id,commune_code,role,valid_from,valid_to\n"
SUCCESSIONS = "from_id,to_id,effective,kind,partial\n"
EMPTY = {
    "units.csv": UNITS,
    "successions.csv": SUCCESSIONS,
    "villages.csv": VILLAGES,
    "village_successions.csv": SUCCESSIONS,
    "partners.csv": PARTNERS,
    "assignments.csv": ASSIGNMENTS,
    "column_names.csv": "form_version,table,name,alias\n",
    "directives.csv": "valid_from,short_name,subject\n2013-01-01,,\n",
}


def found(**files: str) -> list[tuple[str, int | None, str]]:
    texts = EMPTY | {f"{name}.csv": EMPTY[f"{name}.csv"] + rows for name, rows in files.items()}
    return [(fault.file, fault.line, fault.what) for fault in checked(texts)]


def checked(texts: Mapping[str, str]) -> Iterator[Fault]:
    return contradictions(Registers(Tables({name: text.encode() for name, text in texts.items()})))


def test_the_shipped_tables_do_not_contradict_each_other() -> None:
    assert list(contradictions(Registers(read_tables(PROGRAM / "reference", PROGRAM / "none")))) == []


def test_a_code_is_used_by_one_unit_at_a_time_also_when_a_longer_one_stands_between() -> None:
    rows = (
        "a,1,A,xã,commune,,2020-01-01,2024-12-31,tay\n"
        "b,1,B,xã,commune,,2021-01-01,2021-12-31,tay\n"
        "c,1,C,xã,commune,,2023-01-01,,tay\n"
        "d,2,D,xã,commune,,2023-01-01,,tay\n"
    )
    listed = found(units=rows)
    assert [(file, line) for file, line, _ in listed] == [("units.csv", 3), ("units.csv", 4)]
    assert "mã 1 được hai đơn vị dùng cùng lúc từ 2023-01-01 (a, c)" in listed[1][2]


def test_every_name_that_no_register_knows_is_told_with_its_line() -> None:
    listed = found(
        successions="a,b,2024-01-01,merge,0\n",
        assignments="P,V,1,CHU_TRI,,\nQ,,1,CHU_TRI,,\n",
        village_successions="V,W,2024-01-01,merge,0\n",
        partners="R,R,XA,,2024-01-01,S\n",
    )
    assert [(file, line) for file, line, _ in listed] == [
        ("successions.csv", 2),
        ("successions.csv", 2),
        ("assignments.csv", 2),
        ("assignments.csv", 3),
        ("assignments.csv", 2),
        ("partners.csv", 2),
        ("village_successions.csv", 2),
        ("village_successions.csv", 2),
    ]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("P,P,XA,,,Q\nQ,Q,XA,,,\n", "chưa ghi valid_to"),
        ("P,P,XA,,2024-01-01,Q\nQ,Q,XA,,2023-01-01,\n", "Q phải tồn tại lâu hơn P"),
        ("P,P,XA,2024-02-01,2024-01-31,\n", "P kết thúc (2024-01-31) trước khi bắt đầu (2024-02-01)"),
    ],
)
def test_a_successor_outlives_a_partner_that_has_ended(rows: str, says: str) -> None:
    [(_, line, what)] = found(partners=rows)
    assert line == 2
    assert says in what


def test_a_village_outlives_the_one_it_took_over_unless_only_a_part_went_over() -> None:
    villages = "V,V,1,2020-01-01,2024-01-01,,,,\nW,W,1,2020-01-01,2023-01-01,,,,\n"
    [(file, line, what)] = found(
        villages=villages, village_successions="V,W,2024-01-01,split,1\nV,W,2024-01-01,merge,0\n"
    )
    assert (file, line) == ("village_successions.csv", 3)
    assert "W phải tồn tại lâu hơn V" in what


def test_an_id_a_caption_and_a_directive_are_checked_by_themselves() -> None:
    village = "V,V,1,2020-01-01,,,,,\n"
    assert [what for _, _, what in found(villages=village * 3)] == ["mã V đứng hai lần"] * 2
    assert found(column_names="1,activities,no_such,X\n") == [
        ("column_names.csv", 2, "biểu mẫu không có cột activities.no_such")
    ]
    [fault] = checked(EMPTY | {"directives.csv": "valid_from,short_name,subject\n"})
    assert (fault.file, fault.line) == ("directives.csv", None)


def test_a_table_that_was_not_read_well_is_compared_with_nothing() -> None:
    assert found(assignments="P,V,1,CHU_TRI,,\n", partners="P,P,XA,hôm qua,,\n", villages="V,V,1,mai,,,,,\n") == []
