"""Stops a report whose tables of printed numbers say one thing against another."""

from domain.errors import BadReference
from domain.period import Period
from domain.plans import unfit_targets
from domain.published_facts import contradictions_in
from services.run import Run

_FACTS, _TARGETS = "published_facts.csv", "targets.csv"


def refuse_contradictions(run: Run, period: Period) -> None:
    """Compare the published facts and the targets that the report of `period` prints; taking files in needs neither.

    Raises:
        BadReference: names every contradiction with its rows, their numbers, and what to do.
    """
    lines = [
        f"{run.tables.path_of(_FACTS)}: {each.sentence}; sửa dòng sai theo nguồn đã công bố, hoặc để trống print_from và "
        "print_to của những dòng ấy để không in."
        for each in contradictions_in(run.reference.published_facts, period)
    ]
    lines += [
        f"{run.tables.path_of(_TARGETS)}, năm {period.year}: {each.sentence}; sửa hoặc bỏ dòng sai theo văn bản giao kế "
        "hoạch."
        for each in unfit_targets([target for target in run.reference.targets if target.year == period.year])
    ]
    if lines:
        raise BadReference("\n".join(["Chưa lập báo cáo vì bảng số liệu sẽ in mâu thuẫn nhau:", *lines]))
