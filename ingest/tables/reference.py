"""Loads the tables that people edit; a table that contradicts itself stops the run with its file and line."""

import csv
import io
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from domain import form
from domain.calendar import Calendar, CalendarRow, MonthRule
from domain.catalogue import INDICATOR_BY_CODE
from domain.errors import BadReference
from domain.letterhead import TONE_PLACEMENTS, Sender
from domain.mailboxes import Header, Language, Recipient, UnitMailbox
from domain.period import Period, PeriodKind
from domain.plans import Directive, PovertyStandard, Programme, Target, TargetKind
from domain.published_facts import PublishedFact
from domain.reference import ColumnName, Reference, Threshold
from domain.roles import Role, RoleName
from domain.text import tidy
from domain.units import Level, Region, Succession, Unit, UnitAlias, Units
from domain.villages import Assignment, Partner, Village, Villages, VillageSuccession
from ingest.tables import decisions
from ingest.tables.boundaries import parse_boundaries
from ingest.tables.files import Tables, read_tables
from ingest.tables.narratives import parse_narratives
from ingest.tables.public_holidays import public_holidays

T = TypeVar("T")
Row = Mapping[str, str]


def load_reference(folder: Path, local: Path) -> Reference:
    """Read every table of `folder`; a table of the same name in `local` replaces it.

    Raises:
        BadReference: as `parse_reference`.
    """
    return parse_reference(read_tables(folder, local))


def parse_reference(given: Tables) -> Reference:
    """The tables as the rest of the house sees them.

    Raises:
        BadReference: names the file and line that cannot be right, or the table that is missing.
    """
    tables = _Tables(given)
    units = Units(
        rows=tables.read("units.csv", _unit),
        successions=tables.read("successions.csv", _succession),
        aliases=tables.read("unit_aliases.csv", _unit_alias),
    )
    villages = Villages(
        rows=tables.read("villages.csv", _village),
        partners=tables.read("partners.csv", _partner),
        assignments=tables.read("assignments.csv", _assignment),
        successions=tables.read("village_successions.csv", _village_succession),
    )
    rows = sorted(tables.read("calendar.csv", _calendar_row), key=lambda row: row.valid_from)
    days = tables.read("holidays.csv", _day_named)
    holidays = {day: name for day, name, is_worked in days if not is_worked}
    make_up_days = frozenset(day for day, _, is_worked in days if is_worked)
    reference = Reference(
        units=units,
        villages=villages,
        calendar=Calendar(rows, holidays, make_up_days, public_holidays),
        thresholds=tables.read("thresholds.csv", _threshold),
        recipients=tables.read("recipients.csv", _recipient),
        roles=tables.read("roles.csv", _role),
        published_facts=tables.read("published_facts.csv", _published_fact),
        directives=tables.read("directives.csv", _directive),
        sender=_sender(given.file("sender.toml")),
        column_names=tables.read("column_names.csv", _column_name),
        unit_mailboxes=tables.read("unit_mailboxes.csv", _unit_mailbox),
        corrections=tables.read("corrections.csv", decisions.correction),
        waivers=tables.read("waivers.csv", decisions.waiver),
        double_decisions=tables.read("double_counting.csv", decisions.double_decision),
        poverty_standards=tables.read(
            "poverty_standards.csv",
            lambda row: PovertyStandard(row["standard_id"], _day(row["valid_from"]), row["name"]),
        ),
        programmes=tables.read(
            "programmes.csv", lambda row: Programme(row["name"], _day(row["valid_from"]), _maybe_day(row["valid_to"]))
        ),
        targets=tables.read("targets.csv", _target),
        tet_days=dict(tables.read("tet_dates.csv", lambda row: (int(row["lunar_year"]), _day(row["tet_day1_solar"])))),
        narratives=parse_narratives(given),
        boundaries=parse_boundaries(given),
    )
    _refuse_contradictions(reference)
    return reference


class _Tables:
    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def read(self, name: str, parse: Callable[[Row], T]) -> list[T]:
        """Every row of the table, parsed."""
        parsed = []
        for line, row in _rows(name, self._tables.file(name)):
            try:
                parsed.append(parse(row))
            except (KeyError, ValueError, ArithmeticError) as error:
                raise BadReference(
                    f"{name}, dòng {line}: không đọc được ({error}); sửa dòng này rồi chạy lại."
                ) from error
        return parsed


def _rows(name: str, content: bytes) -> Iterator[tuple[int, Row]]:
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    for row in reader:
        if None in row:
            raise BadReference(
                f"{name}, dòng {reader.line_num}: nhiều ô hơn tiêu đề; ô có dấu phẩy phải đặt trong ngoặc kép."
            )
        yield reader.line_num, {str(field): tidy(value or "") for field, value in row.items()}


def _unit(row: Row) -> Unit:
    return Unit(
        unit_id=row["unit_id"],
        code=row["code"],
        name=row["name"],
        type=row["type"],
        level=Level(row["level"]),
        parent_code=row["parent_code"],
        valid_from=_day(row["valid_from"]),
        valid_to=_maybe_day(row["valid_to"]),
        region=Region(row["region"]),
    )


def _succession(row: Row) -> Succession:
    return Succession(row["from_id"], row["to_id"], _day(row["effective"]), row["kind"], row["partial"] == "1")


def _unit_alias(row: Row) -> UnitAlias:
    return UnitAlias(row["code"], row["alias"], _day(row["valid_from"]), _maybe_day(row["valid_to"]))


def _village(row: Row) -> Village:
    return Village(
        village_id=row["village_id"],
        name=row["name"],
        commune_code=row["commune_code"],
        valid_from=_day(row["valid_from"]),
        valid_to=_maybe_day(row["valid_to"]),
        aliases=tuple(alias for alias in row["aliases"].split("|") if alias),
        households=_maybe_whole(row["households"]),
        persons=_maybe_whole(row["persons"]),
        hh_dtts=_maybe_whole(row["hh_dtts"]),
    )


def _partner(row: Row) -> Partner:
    return Partner(
        row["partner_id"],
        row["name"],
        row["level"],
        _maybe_day(row["valid_from"]),
        _maybe_day(row["valid_to"]),
        row["successor_id"],
    )


def _village_succession(row: Row) -> VillageSuccession:
    return VillageSuccession(row["from_id"], row["to_id"], _day(row["effective"]), row["kind"], row["partial"] == "1")


def _assignment(row: Row) -> Assignment:
    return Assignment(
        row["partner_id"],
        row["village_id"],
        row["commune_code"],
        row["role"],
        _maybe_day(row["valid_from"]),
        _maybe_day(row["valid_to"]),
    )


def _calendar_row(row: Row) -> CalendarRow:
    return CalendarRow(
        _day(row["valid_from"]),
        MonthRule(row["month_rule"]),
        int(row["due_working_days"]),
        time.fromisoformat(row["due_time"]),
        row["basis"],
    )


def _day_named(row: Row) -> tuple[date, str, bool]:
    """A day, what it is called, and whether it is worked."""
    kind = row.get("kind") or "off"
    if kind not in ("off", "work"):
        raise ValueError(f"kind là off (nghỉ) hoặc work (làm bù), không phải {kind}")
    return _day(row["day"]), row["name"], kind == "work"


def _threshold(row: Row) -> Threshold:
    return Threshold(
        row["activity_code"],
        row["quantity_unit"],
        _maybe_whole(row["warn_min_vnd"]),
        _maybe_whole(row["warn_max_vnd"]),
        _maybe_whole(row["error_max_vnd"]),
    )


def _recipient(row: Row) -> Recipient:
    kinds = frozenset(PeriodKind(kind) for kind in row.get("kinds", "").split("|") if kind)
    return Recipient(
        row["email"],
        row["name"],
        Header(row["role"].upper()),
        _day(row["valid_from"]),
        _maybe_day(row["valid_to"]),
        row.get("position", ""),
        kinds or frozenset(PeriodKind),
        Language(row.get("language") or Language.VIETNAMESE),
    )


def _role(row: Row) -> Role:
    return Role(row["name"], RoleName(row["role"]), row["email"], _day(row["valid_from"]), _maybe_day(row["valid_to"]))


def _published_fact(row: Row) -> PublishedFact:
    return PublishedFact(
        fact_id=row["fact_id"],
        indicator=row["indicator"],
        name=row["name"],
        scope_code=row["scope_code"],
        scope_name=row["scope_name"],
        about=row["about"],
        value=Decimal(row["value"]),
        unit_of_measure=row["unit_of_measure"],
        qualifier=row["qualifier"],
        basis=row["basis"],
        quoted_text=row["quoted_text"],
        print_from=Period.parse(row["print_from"]) if row["print_from"] else None,
        print_to=Period.parse(row["print_to"]) if row["print_to"] else None,
        source=row["source"],
    )


def _directive(row: Row) -> Directive:
    return Directive(_day(row["valid_from"]), row["short_name"], row["subject"])


def _column_name(row: Row) -> ColumnName:
    return ColumnName(row["form_version"], row["table"], row["name"], row["alias"])


def _unit_mailbox(row: Row) -> UnitMailbox:
    return UnitMailbox(row["email"], row["unit_code"], _day(row["valid_from"]), _maybe_day(row["valid_to"]))


def _target(row: Row) -> Target:
    if row["indicator"] not in INDICATOR_BY_CODE:
        raise ValueError(f"danh mục không có chỉ tiêu {row['indicator']}")
    return Target(
        int(row["year"]),
        row["indicator"],
        TargetKind(row["kind"]),
        Decimal(row["value"]),
        row["plan_owner"],
        row["source"],
    )


def _sender(content: bytes) -> Sender:
    try:
        letterhead = tomllib.loads(content.decode("utf-8"))
        lists = {name: tuple(letterhead[name]) for name in ("signature_powers", "copies")}
        sender = Sender(**(letterhead | lists))
        if sender.skin not in ("nd30", "party"):
            raise ValueError(f"skin là nd30 hoặc party, không phải {sender.skin}")
        if sender.tone_placement not in TONE_PLACEMENTS:
            raise ValueError(f"tone_placement là hòa, hoà hoặc để trống, không phải {sender.tone_placement}")
        return sender
    except (KeyError, TypeError, ValueError) as error:
        raise BadReference(f"sender.toml: không đọc được ({error}); đối chiếu với bản mẫu trong reference/.") from error


def _refuse_contradictions(reference: Reference) -> None:
    unit_ids = {unit.unit_id for unit in reference.units.rows}
    for succession in reference.units.successions:
        for unit_id in (succession.from_id, succession.to_id):
            if unit_id not in unit_ids:
                raise BadReference(f"successions.csv nhắc đến đơn vị {unit_id} không có trong units.csv.")
    spans = sorted((unit.code, unit.valid_from, unit.valid_to or date.max) for unit in reference.units.rows)
    for (code, _, until), (next_code, since, _) in pairwise(spans):
        if code == next_code and since <= until:
            raise BadReference(f"units.csv: mã {code} được hai đơn vị dùng cùng lúc từ {since}.")
    partner_ids = {partner.partner_id for partner in reference.villages.partners}
    village_ids = [village.village_id for village in reference.villages.rows]
    if len(village_ids) != len(set(village_ids)):
        twice = next(village_id for village_id in village_ids if village_ids.count(village_id) > 1)
        raise BadReference(f"villages.csv: mã {twice} đứng hai lần.")
    for assignment in reference.villages.assignments:
        if assignment.partner_id not in partner_ids:
            raise BadReference(f"assignments.csv nhắc đến {assignment.partner_id} không có trong partners.csv.")
        if assignment.village_id and assignment.village_id not in set(village_ids):
            raise BadReference(f"assignments.csv nhắc đến làng {assignment.village_id} không có trong villages.csv.")
    for partner in reference.villages.partners:
        if partner.successor_id and partner.successor_id not in partner_ids:
            raise BadReference(f"partners.csv nhắc đến {partner.successor_id} không có trong bảng.")
        if partner.successor_id and partner.valid_to is None:
            raise BadReference(f"partners.csv: {partner.partner_id} có đơn vị kế tục nhưng chưa ghi valid_to.")
        heir = next((each for each in reference.villages.partners if each.partner_id == partner.successor_id), None)
        if heir is not None and (heir.valid_to or date.max) <= (partner.valid_to or date.max):
            raise BadReference(
                f"partners.csv: {heir.partner_id} phải tồn tại lâu hơn {partner.partner_id} mà nó kế tục."
            )
    for edge in reference.villages.successions:
        for village_id in (edge.from_id, edge.to_id):
            if village_id not in set(village_ids):
                raise BadReference(f"village_successions.csv nhắc đến làng {village_id} không có trong villages.csv.")
        before, after = (reference.villages.find(village_id) for village_id in (edge.from_id, edge.to_id))
        if before and after and not edge.partial and (after.valid_to or date.max) <= (before.valid_to or date.max):
            raise BadReference(
                f"village_successions.csv: {edge.to_id} phải tồn tại lâu hơn {edge.from_id} (cột valid_to ở villages.csv)."
            )
    known_fields = {(sheet.table, field.name) for sheet, field in form.all_fields()}
    for column in reference.column_names:
        if (column.table, column.name) not in known_fields:
            raise BadReference(f"column_names.csv: biểu mẫu không có cột {column.table}.{column.name}.")
    if not reference.directives:
        raise BadReference("directives.csv không có dòng nào.")


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _maybe_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _maybe_whole(text: str) -> int | None:
    return int(text) if text else None
