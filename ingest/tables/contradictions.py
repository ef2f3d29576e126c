"""What tables say against each other, or against the form: one check for each question, every fault of it."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from domain.forms import all_fields
from domain.plans import Directive
from domain.reference import ColumnName
from domain.units import Succession, Unit
from domain.villages import Assignment, Partner, Village, VillageSuccession
from ingest.tables.csv_table import Line, Table
from ingest.tables.faults import Fault
from ingest.tables.registers import Registers


def contradictions(read: Registers) -> Iterator[Fault]:
    """Every contradiction; a check runs only where all the tables it compares were read well."""
    checks: tuple[tuple[Callable[..., Iterator[Fault]], tuple[Table[Any], ...]], ...] = (
        (codes_used_by_two_units_at_once, (read.units,)),
        (successions_of_unknown_units, (read.successions, read.units)),
        (village_ids_used_twice, (read.villages,)),
        (assignments_of_unknown_partners, (read.assignments, read.partners)),
        (assignments_to_unknown_villages, (read.assignments, read.villages)),
        (partners_that_end_before_they_begin, (read.partners,)),
        (partners_with_an_unfit_successor, (read.partners,)),
        (successions_of_unknown_villages, (read.village_successions, read.villages)),
        (villages_outlived_by_what_they_succeed, (read.village_successions, read.villages)),
        (captions_of_unknown_columns, (read.column_names,)),
        (no_directive_at_all, (read.directives,)),
    )
    for check, tables in checks:
        if all(table.is_sound for table in tables):
            yield from check(*tables)


def codes_used_by_two_units_at_once(units: Table[Unit]) -> Iterator[Fault]:
    """A code may be used again, but by one unit at a time."""
    latest: Unit | None = None
    for line in sorted(units.lines, key=lambda line: (line.record.code, line.record.valid_from, _end(line.record))):
        unit = line.record
        if latest is None or latest.code != unit.code:
            latest = unit
            continue
        if unit.valid_from <= _end(latest):
            yield units.fault(
                line,
                f"mã {unit.code} được hai đơn vị dùng cùng lúc từ {unit.valid_from} ({latest.unit_id}, {unit.unit_id})",
                "sửa valid_from, valid_to để đơn vị trước kết thúc trước khi đơn vị sau bắt đầu",
            )
        latest = max(latest, unit, key=_end)


def successions_of_unknown_units(successions: Table[Succession], units: Table[Unit]) -> Iterator[Fault]:
    """Both ends of a succession are in the register of units."""
    known = {unit.unit_id for unit in units.records}
    for line in successions.lines:
        for unit_id in (line.record.from_id, line.record.to_id):
            if unit_id not in known:
                yield successions.fault(
                    line, f"nhắc đến đơn vị {unit_id} không có trong units.csv", "sửa unit_id hoặc thêm đơn vị"
                )


def village_ids_used_twice(villages: Table[Village]) -> Iterator[Fault]:
    """An id stands for one village only."""
    seen = Counter[str]()
    for line in villages.lines:
        village_id = line.record.village_id
        seen[village_id] += 1
        if seen[village_id] > 1:
            yield villages.fault(line, f"mã {village_id} đứng hai lần", "bỏ một dòng hoặc đặt mã khác")


def assignments_of_unknown_partners(assignments: Table[Assignment], partners: Table[Partner]) -> Iterator[Fault]:
    """Every assignment names a registered partner."""
    known = {partner.partner_id for partner in partners.records}
    for line in assignments.lines:
        if line.record.partner_id not in known:
            yield assignments.fault(
                line, f"nhắc đến {line.record.partner_id} không có trong partners.csv", "sửa mã hoặc thêm đơn vị"
            )


def assignments_to_unknown_villages(assignments: Table[Assignment], villages: Table[Village]) -> Iterator[Fault]:
    """Every assignment that names a village names a registered one."""
    known = {village.village_id for village in villages.records}
    for line in assignments.lines:
        if line.record.village_id and line.record.village_id not in known:
            yield assignments.fault(
                line, f"nhắc đến làng {line.record.village_id} không có trong villages.csv", "sửa mã hoặc thêm làng"
            )


def partners_that_end_before_they_begin(partners: Table[Partner]) -> Iterator[Fault]:
    """An agency's last day is not before its first."""
    for line in partners.lines:
        partner = line.record
        if partner.valid_from is not None and _end(partner) < partner.valid_from:
            yield partners.fault(
                line,
                f"{partner.partner_id} kết thúc ({partner.valid_to}) trước khi bắt đầu ({partner.valid_from})",
                "sửa valid_from, valid_to",
            )


def partners_with_an_unfit_successor(partners: Table[Partner]) -> Iterator[Fault]:
    """A partner that was merged has ended, and its successor is registered and outlives it."""
    by_id: dict[str, Partner] = {}
    for partner in partners.records:
        by_id.setdefault(partner.partner_id, partner)
    for line in partners.lines:
        if line.record.successor_id:
            yield from _unfit_successor(partners, line, by_id.get(line.record.successor_id))


def _unfit_successor(partners: Table[Partner], line: Line[Partner], heir: Partner | None) -> Iterator[Fault]:
    partner = line.record
    if heir is None:
        yield partners.fault(
            line, f"nhắc đến {partner.successor_id} không có trong bảng", "sửa successor_id hoặc thêm đơn vị"
        )
    if partner.valid_to is None:
        yield partners.fault(
            line, f"{partner.partner_id} có đơn vị kế tục nhưng chưa ghi valid_to", "ghi ngày cuối của đơn vị"
        )
    elif heir is not None and _end(heir) <= partner.valid_to:
        yield partners.fault(
            line, f"{heir.partner_id} phải tồn tại lâu hơn {partner.partner_id} mà nó kế tục", "sửa valid_to"
        )


def successions_of_unknown_villages(successions: Table[VillageSuccession], villages: Table[Village]) -> Iterator[Fault]:
    """Both ends of a succession are in the register of villages."""
    known = {village.village_id for village in villages.records}
    for line in successions.lines:
        for village_id in (line.record.from_id, line.record.to_id):
            if village_id not in known:
                yield successions.fault(
                    line, f"nhắc đến làng {village_id} không có trong villages.csv", "sửa mã hoặc thêm làng"
                )


def villages_outlived_by_what_they_succeed(
    successions: Table[VillageSuccession], villages: Table[Village]
) -> Iterator[Fault]:
    """A village that took over another as a whole outlives it."""
    by_id = {village.village_id: village for village in villages.records}
    for line in successions.lines:
        edge = line.record
        before, after = by_id.get(edge.from_id), by_id.get(edge.to_id)
        if before and after and not edge.partial and _end(after) <= _end(before):
            yield successions.fault(
                line, f"{edge.to_id} phải tồn tại lâu hơn {edge.from_id}", "sửa cột valid_to ở villages.csv"
            )


def captions_of_unknown_columns(column_names: Table[ColumnName]) -> Iterator[Fault]:
    """Another caption stands for a column that the form has."""
    known = {(sheet.table, field.name) for sheet, field in all_fields()}
    for line in column_names.lines:
        if (line.record.table, line.record.name) not in known:
            yield column_names.fault(
                line,
                f"biểu mẫu không có cột {line.record.table}.{line.record.name}",
                "sửa cột table, name theo một cột của biểu mẫu",
            )


def no_directive_at_all(directives: Table[Directive]) -> Iterator[Fault]:
    """The report cites a directive, so there is at least one."""
    if not directives.lines:
        yield directives.fault(None, "không có dòng nào", "ghi chỉ thị đang có hiệu lực")


def _end(record: Unit | Village | Partner) -> date:
    """The last day; for what still is, the end of days."""
    return record.valid_to or date.max
