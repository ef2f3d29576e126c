"""Write the fill-in workbook of each expected unit."""

from pathlib import Path

from domain.errors import BadPeriod
from domain.period import Period
from flows.settings import Settings
from flows.steps import Tell, silently
from ingest.reference import load_reference
from storage.archive import write_durably


def write_forms(
    settings: Settings, period: Period, unit_code: str | None, out: Path | None, tell: Tell = silently
) -> list[Path]:
    """The forms of the period, one per expected unit or for one unit.

    Raises:
        BadPeriod: if the period is not a month; only months are reported.
        UnknownUnit: if the unit does not report in that period.
    """
    from reports.forms import FormContent, form_file_name, write_form

    if not period.is_month:
        raise BadPeriod(f"Biểu mẫu chỉ lập cho từng tháng; {period} gồm nhiều tháng.")
    reference = load_reference(settings.reference, settings.home / "reference")
    units = [reference.reporting_unit(unit_code, period)] if unit_code else reference.expected_units(period)
    if not units:
        raise BadPeriod(f"Danh bạ không có đơn vị nào phải báo cáo kỳ {period}.")
    window = reference.calendar.window(period)
    partners = reference.villages.partners_of(window.last_day)
    folder = out or settings.home / "forms" / str(period)
    paths = []
    for number, unit in enumerate(units, start=1):
        villages = reference.villages.of_unit(unit, reference.units, window.last_day)
        path = folder / form_file_name(unit.code, period)
        write_durably(path, write_form(FormContent(unit, period, window, villages, partners)))
        paths.append(path)
        tell("lập biểu mẫu", number, len(units))
    return paths
