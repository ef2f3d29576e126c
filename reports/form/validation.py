"""The checks that Excel makes while a clerk types: one per field, a drop-down list where there is one."""

from datetime import date

from domain.form import CellType, Field
from reports.form.code_lists import CodeLists
from reports.form.content import FormContent

_LEAST = -(10**9)
_FIRST_DAY = date(2000, 1, 1)


def validation(field: Field, content: FormContent, lists: CodeLists, group_cell: str) -> dict[str, object] | None:
    """The options of xlsxwriter's `data_validation`; nothing for a field in which any text may stand.

    Args:
        field: what is typed.
        content: whose form it is.
        lists: where the lists are.
        group_cell: where the same row says its group of activities, relative; empty in sheets without.
    """
    message = {"error_title": "Chưa đúng", "error_message": f"{field.caption}: {field.expected}."[:255]}
    if field.hint:
        message |= {"input_title": field.caption[:32], "input_message": f"{field.hint}."[:255]}
    if field.name == "quantity_unit" and group_cell:
        return {"validate": "list", "source": f"={lists.units_of(group_cell)}", **message}
    if field.choices:
        return {"validate": "list", "source": f"={lists.range_of(field.offered)}", **message}
    names = _own_names(field.name, content)
    if names:
        return {"validate": "list", "source": f"={lists.range_of(names)}", "error_type": "warning", **message}
    allowed = _allowed(field, content)
    return allowed and {**allowed, **message}


def _allowed(field: Field, content: FormContent) -> dict[str, object] | None:
    """The kind and range of values that a field without a list takes."""
    low = field.minimum if field.minimum is not None else _LEAST
    match field.type:
        case CellType.WHOLE:
            return {"validate": "integer", "criteria": ">=", "value": low}
        case CellType.DECIMAL if field.maximum is not None:
            return {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": field.maximum}
        case CellType.MONEY | CellType.DECIMAL:
            return {"validate": "decimal", "criteria": ">=", "value": low}
        case CellType.DAY if field.name == "activity_date":
            window = content.window
            return {"validate": "date", "criteria": "between", "minimum": window.first_day, "maximum": window.last_day}
        case CellType.DAY:
            return {"validate": "date", "criteria": ">=", "value": _FIRST_DAY}
    return None


def _own_names(field_name: str, content: FormContent) -> tuple[str, ...]:
    """The unit's own villages or their partners, for the field that names one; else nothing."""
    match field_name:
        case "village_id":
            return content.village_choices()
        case "org_id":
            partners = (content.partners.get(village.village_id, ()) for village in content.villages)
            return tuple(dict.fromkeys(partner.name for each in partners for partner in each))
    return ()
