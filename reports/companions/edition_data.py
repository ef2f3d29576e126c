"""The data file of an edition: every figure it prints, with its working and its sources, as JSON and CSV."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from domain.calendar import VIETNAM
from domain.catalogue import INDICATORS
from domain.claims import Claim
from domain.figures import Figure
from domain.summary import Summary

JSON_NAME, CSV_NAME, DICTIONARY_NAME = "so-lieu.json", "so-lieu.csv", "tu-dien-so-lieu.csv"
FORMAT = "ketnghia so-lieu 1"
_LEFT_OUT = ("numbering",)
"""The kinds of figures left out: numbers of rows, columns and pages."""


@dataclass(frozen=True, slots=True)
class EditionData:
    """The three files that go with an edition, and the hash that its last page bears."""

    figures_json: bytes
    figures_csv: bytes
    dictionary_csv: bytes

    @property
    def sha256(self) -> str:
        """The hash of the JSON file."""
        return sha256(self.figures_json).hexdigest()

    @property
    def files(self) -> list[tuple[str, bytes, str]]:
        """Name, bytes and a description of each."""
        return described(
            {JSON_NAME: self.figures_json, CSV_NAME: self.figures_csv, DICTIONARY_NAME: self.dictionary_csv}
        )


def described(files: Mapping[str, bytes]) -> list[tuple[str, bytes, str]]:
    """Name, bytes and a description of each file of an edition, in their order."""
    descriptions = {
        JSON_NAME: "Số liệu của báo cáo, với cách tính và nguồn",
        CSV_NAME: "Số liệu của báo cáo",
        DICTIONARY_NAME: "Từ điển chỉ tiêu",
    }
    return [(name, files[name], description) for name, description in descriptions.items() if name in files]


def edition_data(
    summary: Summary, figures: Sequence[Figure], claims: Sequence[Claim], listed: Sequence[Figure]
) -> EditionData:
    """The data of an edition as files; the same summary and figures give the same bytes.

    Args:
        summary: what is known of the period.
        figures: every number that the page prints.
        claims: what its sentences say.
        listed: every number of the lists that accompany it, in the workbook.
    """
    kept = [figure for figure in figures if figure.kind not in _LEFT_OUT]
    on_the_page = {figure.figure_id for figure in kept}
    beside = [each for each in listed if each.kind not in _LEFT_OUT and each.figure_id not in on_the_page]
    used = sorted({number for figure in (*kept, *beside) for number in figure.submissions})
    records = {record.submission_id: record for record in summary.submissions}
    place = {number: index for index, number in enumerate(used)}
    content = {
        "format": FORMAT,
        "period": str(summary.period),
        "first_day": summary.window.first_day.isoformat(),
        "last_day": summary.window.last_day.isoformat(),
        "as_of": summary.cut_at.astimezone(VIETNAM).isoformat(),
        "is_sample": summary.is_sample,
        "coverage": {
            basis: {
                "received": summary.coverage.received_reports[basis],
                "expected": summary.coverage.expected_reports[basis],
            }
            for basis in sorted(summary.coverage.expected_reports)
        },
        "submissions": [
            {
                "unit": records[number].unit_code,
                "period": records[number].period,
                "revision": records[number].revision,
                "sha256": records[number].sha256,
                "received_at": records[number].received_at.astimezone(VIETNAM).isoformat(),
            }
            for number in used
        ],
        "numbered_up_to": max((int(figure.text) for figure in figures if figure.kind in _LEFT_OUT), default=0),
        "figures": [_figure(figure, [place[number] for number in figure.submissions]) for figure in kept],
        "claims": [claim.as_json() for claim in claims],
        "listed": [_figure(figure, [place[number] for number in figure.submissions]) for figure in beside],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=False)
    return EditionData(text.encode() + b"\n", _table(kept), dictionary())


def _figure(figure: Figure, sources: list[int]) -> dict[str, object]:
    known: dict[str, object] = {
        "id": figure.figure_id,
        "kind": figure.kind,
        "name": figure.name,
        "text": figure.text,
        "value": exact(figure.value),
        "unit": figure.unit_of_measure,
        "status": figure.status,
        "operation": figure.operation,
        "formula": figure.formula,
        "numerator": exact(figure.numerator),
        "denominator": exact(figure.denominator),
        "parts": list(figure.parts),
        "cells": figure.cells,
        "sources": sources,
        "source": figure.source,
    }
    return {name: value for name, value in known.items() if value not in (None, "", [], 0) or name in ("id", "text")}


def exact(value: Decimal | None) -> str | None:
    """A value as exact decimal text."""
    return None if value is None else format(value, "f")


def _table(figures: Sequence[Figure]) -> bytes:
    header = ["Mã", "Tên", "In là", "Giá trị", "Đơn vị tính", "Tình trạng", "Cách tính", "Số ô"]
    rows = [
        [
            figure.figure_id, figure.name, figure.text, exact(figure.value) or "", figure.unit_of_measure,
            figure.status, figure.formula, str(figure.cells or ""),
        ]
        for figure in figures
    ]  # fmt: skip
    return _csv([header, *rows])


def dictionary() -> bytes:
    """The data dictionary: every indicator of the catalogue, one line each."""
    header = [
        "Mã", "Tên", "Định nghĩa", "Đơn vị tính", "Loại", "Cách cộng dồn", "Bảng", "Cột", "Dòng được tính", "Tử số",
        "Mẫu số", "Cộng vào", "Trừ đi", "Nhóm", "Căn cứ", "Từ kỳ", "Số chữ số thập phân khi in",
    ]  # fmt: skip
    rows = [
        [
            entry.code, entry.name, entry.definition, entry.unit_of_measure, entry.kind.label, entry.adding_up,
            entry.table, entry.column, "" if entry.parts else entry.counting.label, entry.numerator, entry.denominator,
            " ".join(entry.plus), " ".join(entry.minus), entry.group, entry.legal_basis, entry.first_period,
            str(entry.decimals),
        ]
        for entry in INDICATORS
    ]  # fmt: skip
    return _csv([header, *rows])


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    # A cell that begins like a formula is no formula: a spreadsheet would run it.
    guarded = [[f"'{cell}" if cell[:1] in ("=", "+", "@") else cell for cell in row] for row in rows]
    csv.writer(text, lineterminator="\n").writerows(guarded)
    return b"\xef\xbb\xbf" + text.getvalue().encode()
