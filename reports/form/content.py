"""What stands in a unit's form: its own data, what is known already, and blank rows to write in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from domain import codes
from domain.calendar import Window
from domain.findings import Rule
from domain.form import HOUSEHOLDS, POLITICS_SECURITY, Form, Sheet
from domain.forms import CURRENT
from domain.kn_02 import PAID, WHOLE_COMMUNE
from domain.period import Period
from domain.units import Unit
from domain.villages import Partner, Village

CellValue = str | int | float | Decimal | date | None
Row = Mapping[str, CellValue]


@dataclass(frozen=True)
class FormContent:
    """What stands in a form: the unit's own data, and rows already known (none in an empty form).

    Rows are facts, whichever form they are written into: codes and not words, sums and not what they are made of.
    """

    unit: Unit
    period: Period
    window: Window
    villages: Sequence[Village]
    partners: Mapping[str, Sequence[Partner]]
    statement: Row = field(default_factory=dict)
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    rules: Mapping[str, Sequence[Rule]] = field(default_factory=dict)
    """What the form checks by itself; without rules it has no such sheet."""
    previous_cumulative: Mapping[str, int] | None = None
    """Last month's accepted cumulative totals by activity; null where none are known."""
    is_sample: bool = False
    form: Form = CURRENT

    def statement_values(self) -> dict[str, CellValue]:
        """The values of the statement, by field."""
        known: dict[str, CellValue] = {
            "unit_code": self.unit.code,
            "unit_name": self.unit.name,
            "period": str(self.period),
            "date_from": self.window.first_day,
            "date_to": self.window.last_day,
            "revision": 1,
            "submission_kind": codes.OFFICIAL,
            "money_unit": "DONG",
            "nil_return": "Không",
            "form_version": self.form.version,
        }
        return self._as_asked(self.form.sheet_by_table["statement"], known | dict(self.statement))

    def sheet_rows(self, sheet: Sheet) -> Sequence[Row]:
        """The rows that stand in the sheet: what is known, then blank ones to write in."""
        given = list(self.rows.get(sheet.table, ()))
        if not given and sheet.table in (HOUSEHOLDS.table, POLITICS_SECURITY.table):
            given = [{"village_id": village.village_id, "village_name": village.name} for village in self.villages]
        if sheet.table == "control_totals":
            by_code = {row["activity_code"]: row for row in given}
            given = [
                {"activity_code": activity.code, "activity_name": activity.name} | dict(by_code.get(activity.code, {}))
                for activity in codes.ACTIVITIES
            ]
        numbered = [self._as_asked(sheet, {"stt": number} | dict(row)) for number, row in enumerate(given, start=1)]
        return [*numbered, *({} for _ in range(max(sheet.blank_rows - len(numbered), 0)))]

    def village_choices(self) -> tuple[str, ...]:
        """What the list of villages offers."""
        if not self.form.in_words:
            return tuple(village.village_id for village in self.villages)
        return (*(_called(village) for village in self.villages), WHOLE_COMMUNE)

    def _as_asked(self, sheet: Sheet, row: Row) -> dict[str, CellValue]:
        """A row of facts as the form asks for it: words for codes, one cell for a village, what work under way has cost."""
        asked = dict(row)
        for each in sheet.fields:
            if each.in_words:
                names = {choice.code: choice.name for choice in each.choices}
                asked[each.name] = names.get(str(row.get(each.name)), row.get(each.name))
        if sheet.table == "activities" and self.form.in_words:
            called = {village.village_id: _called(village) for village in self.villages}
            is_whole, village_id = row.get("scope") == codes.SCOPE_COMMUNE, row.get("village_id")
            asked["village_id"] = WHOLE_COMMUNE if is_whole else called.get(str(village_id), village_id)
            if row.get("status") == codes.UNDER_WAY:
                asked |= {PAID: row.get("cash_vnd"), "cash_vnd": None}
        return asked


def _called(village: Village) -> str:
    """A village as its list calls it."""
    return f"{village.village_id} {village.name}"


def form_file_name(unit_code: str, period: Period, revision: int = 1) -> str:
    """The name under which a unit sends its workbook."""
    return f"KN_{unit_code}_{period}_v{revision}.xlsx"
