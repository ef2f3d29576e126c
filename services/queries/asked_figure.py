"""Which figure does somebody ask for? By its id, by the text it is printed with, or as the part of a unit."""

from collections.abc import Mapping

from domain.catalogue import counted_behind
from domain.codes import ACTIVITY_BY_CODE
from domain.editions import EditionRecord
from domain.errors import UnknownFigure
from domain.figures import Figure
from domain.indicators import UNITS, FigureKey
from domain.period import Period
from domain.reference import Reference
from services.run import Run
from storage import editions
from transforms.figures.summarise import DIMENSIONS, is_taken


def find_by_text(run: Run, text: str, edition_id: str | None = None) -> list[tuple[str, Figure]]:
    """The figures that are printed with just this text, with their editions: of one, or of all, newest first.

    A percent sign, which stands beside the number on the page, may be copied along.

    Raises:
        UnknownEdition: if there is no such edition.
        UnknownFigure: if no such number is printed.
    """
    text = text.strip().removesuffix("%").rstrip()
    with run.ledger.read() as session:
        if edition_id is not None:
            editions.find_edition(session, edition_id)
        found = editions.figures_printed(session, text, edition_id)
    if not found:
        where = f"Bản {edition_id} không in" if edition_id else "Không bản nào in"
        raise UnknownFigure(f"{where} số nào viết là “{text}”; chép đúng như trên trang, ví dụ 15,94.")
    return found


def asked_figure(
    reference: Reference, edition: EditionRecord, printed: Mapping[str, Figure], figure_id: str, unit_code: str | None
) -> str:
    """The id of the figure that is meant; with `unit_code`, of the part of that unit.

    Raises:
        UnknownFigure: if the edition does not print it, and the catalogue does not know it; says which may be meant.
        UnknownUnit: if no such unit reports in the edition's period.
    """
    period, key = Period.parse(edition.period), FigureKey.parse(figure_id)
    if unit_code is not None:
        reference.reporting_unit(unit_code, period)
        if key.dimension not in ("", "unit", UNITS):
            raise UnknownFigure(
                f"{figure_id} đã là một phần, không tách tiếp theo đơn vị; bỏ --unit, hoặc hỏi {key.indicator}@{key.basis}."
            )
        if key.dimension and unit_code not in key.member.split("+"):
            raise UnknownFigure(
                f"{figure_id} không phải số của đơn vị {unit_code}; bỏ --unit, hoặc hỏi đúng đơn vị ấy."
            )
        narrowed = FigureKey(key.indicator, key.basis, "unit", unit_code)
        if not is_known(reference, period, narrowed):
            raise UnknownFigure(f"Không có số {narrowed}: chỉ số của danh mục mới tách được theo đơn vị.")
        return str(narrowed)
    if figure_id not in printed and not is_known(reference, period, key):
        raise not_found(edition, printed, figure_id)
    return figure_id


def is_known(reference: Reference, period: Period, key: FigureKey) -> bool:
    """Whether the catalogue has such a figure of the period, printed or not."""
    dimension = "unit" if key.dimension == UNITS else key.dimension
    counted = counted_behind(key.indicator)
    return (
        bool(counted)
        and key.basis in reference.spans(period)
        and is_taken(dimension, key.basis)
        and all(dimension in DIMENSIONS[entry.table] for entry in counted)
        and (key.dimension != UNITS or all(entry.adds_over_units for entry in counted))
        and _is_member(reference, period, key)
    )


def _is_member(reference: Reference, period: Period, key: FigureKey) -> bool:
    """Whether the tables know what the figure is of: of what nobody knows it would be 0.

    A partner may be written as no table has it: of those the rows know.
    """
    match key.dimension:
        case _ if key.dimension in ("unit", UNITS):
            months = reference.spans(period)[key.basis].months
            return all(
                any(reference.find_reporting_unit(code, month) is not None for month in months)
                for code in key.member.split("+")
            )
        case "village":
            return reference.villages.find(key.member) is not None
        case "activity":
            return key.member in ACTIVITY_BY_CODE
        case "month":
            return key.member in {str(month) for month in reference.spans(period)[key.basis].months}
        case _:
            return True


def not_found(edition: EditionRecord, printed: Mapping[str, Figure], figure_id: str) -> UnknownFigure:
    """That the edition prints no such figure, and which of its figures may be meant."""
    wanted = figure_id.split("@")[0].split(":")[0]
    near = [key for key in printed if key.split("@")[0].split(":")[0] == wanted][:5]
    hint = f" Có phải: {', '.join(near)}?" if near else " Tìm theo số đã in: ketnghia trace --text “15,94”."
    return UnknownFigure(f"Bản {edition.edition_id} không in số nào có mã {figure_id}.{hint}")
