"""What a page costs: `python -m benchmarks.render [PAGES]`, the same report laid out by this program, by Typst and by Chromium.

Printed: seconds (median of three) and the largest process's memory for some 7, 50 and 300 pages, then for the sheets of 15,
45 and 135 units with one process and with two, and how the program's seconds grow with the sheets. All three engines set
the same content in the same face; the program's PDF also is PDF/A-3a and PDF/UA-1 and carries its data, which the others'
is not and does not. The ratios are what counts. Seven pages are the report, more are its appendices once and again. With a
number of pages it is a trial: so many pages once, and the sheets of two units.
"""

import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from markupsafe import Markup

from benchmarks._growth import growth
from domain.period import Period
from domain.reference import Reference
from ingest.tables.reference import load_reference
from reports.content import Chart, Document, TableContent
from reports.figure_book import FigureBook, with_anchors
from reports.html import TEMPLATES, render_html
from reports.monthly.summary import build_monthly_summary
from reports.pdf.render import Page, render_pdf
from reports.pdf.skins import SKINS
from reports.pdf.table_fit import Fit
from reports.unit.sheet import UnitSheet, build_unit_sheet
from samples.months import sample_month
from samples.registers import write_sample_registers
from services.editions.unit_sheets import sheet_html
from services.run import open_run
from services.settings import PROGRAM, Settings
from tests.commands import collect_submissions, reference_of, summaries_of_units, summary_of, unit_sheets

RUNS = 3
SHEETS = Period.parse("2026-07")
REPORT = Period.parse("2024-02")
_CHROMIUM = (
    "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-pdf-header-footer",
)  # fmt: skip
_BODY_PT, _ANNEX_PT = 11.5, 10.5
"""The sizes of tables: templates/styles/table.css."""
_TYPST = """
#let data = json("content.json")
#set page(paper: "a4", margin: (top: 20mm, bottom: 20mm, left: 30mm, right: 15mm), numbering: "1")
#set text(font: "Tinos", size: 14pt, lang: "vi")
#set par(justify: true, first-line-indent: 10mm)
#for part in data [
  #if part.kind == "heading" [= #part.text]
  #if part.kind == "paragraph" [#par(part.text)]
  #if part.kind == "chart" [#image(bytes(part.svg), format: "svg", width: 100%, alt: part.text)]
  #if part.kind == "annexes" [#pagebreak()]
  #if part.kind == "table" [#set text(size: part.size * 1pt)
    #align(center, strong(part.text))
    #table(columns: part.widths.map(w => w * 1fr), table.header(..part.head), ..part.cells)]
]
"""


def main(trial: int | None = None) -> None:
    """Measure and print."""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        report, sheets = Path(folder) / "report", Path(folder) / "sheets"
        settings = _home(report, REPORT)
        reference = reference_of(settings)
        summary = summary_of(settings, REPORT, None)
        document = build_monthly_summary(summary, reference, FigureBook(summary), FigureBook(summary), settings.fonts)
        print(f"{'pages':>6}  {'engine':<10}{'seconds':>9}{'x':>7}{'MiB':>7}  pages printed")
        for pages in (trial,) if trial else (7, 50, 300):
            _measure_all(
                Path(folder), settings, reference, _of_about(document, pages), pages, runs=1 if trial else RUNS
            )
        if trial:
            _measure_sheets(Path(folder), settings, REPORT, most=2)
        else:
            home, counts = _home(sheets, SHEETS), (15, 45, 135)
            alone = [_measure_sheets(Path(folder), home, SHEETS, most=count) for count in counts]
            print(f"program, 1 process: {growth(counts, alone)}")


def _home(home: Path, period: Period) -> Settings:
    """A month of made-up reports, collected."""
    write_sample_registers(load_reference(PROGRAM / "reference", home), PROGRAM / "reference", home / "reference")
    settings = Settings(home=home, _env_file=None)  # type: ignore[call-arg]
    settings.inbox.mkdir(parents=True)
    for sample in sample_month(reference_of(settings), period, with_faults=False):
        (settings.inbox / sample.name).write_bytes(sample.content)
    collect_submissions(settings)
    return settings


def _of_about(document: Document, pages: int) -> Document:
    """The report with its appendices as often as makes about so many pages: they take 2, the narrative 5."""
    return replace(document, annexes=list(document.annexes) * max(1, (pages - 5) // 2))


def _measure_all(
    folder: Path, settings: Settings, reference: Reference, document: Document, pages: int, runs: int
) -> None:
    content = {name: getattr(document, name) for name in document.__slots__}
    dress = {
        "sender": reference.sender,
        "skin": SKINS[reference.sender.skin],
        "fits": Fit(settings.fonts),
        "spread": "",
    }
    html = with_anchors(render_html("monthly_summary.html.j2", content | dress))
    work = folder / f"pages-{pages}"
    work.mkdir()
    (work / "page.html").write_text(html, encoding="utf-8")
    (work / "chromium.html").write_text(_for_chromium(html, settings.fonts), encoding="utf-8")
    (work / "content.json").write_text(json.dumps(_parts_of_report(document)), encoding="utf-8")
    (work / "page.typ").write_text(_TYPST, encoding="utf-8")
    floor = None
    for engine in ("program", "typst", "chromium"):
        if engine == "chromium" and shutil.which("chromium") is None:
            print(f"{pages:>6}  {engine:<10} is not installed")
            continue
        measured = [_run([sys.executable, "-m", "benchmarks.render", engine, str(work)]) for _ in range(runs)]
        seconds, memory = median(each[0] for each in measured), max(each[1] for each in measured)
        floor = floor or seconds
        print(f"{pages:>6}  {engine:<10}{seconds:>9.2f}{seconds / floor:>7.2f}{memory:>7.0f}  {measured[0][2]}")


def _measure_sheets(folder: Path, settings: Settings, period: Period, most: int) -> float:
    """Prints what the sheets of the first units cost, and gives the program's seconds with one process."""
    reference = reference_of(settings)
    codes = [unit.code for unit in reference.expected_units(period)][:most]
    print(f"\n{len(codes)} unit sheets   {'seconds':>9}{'x':>7}")
    took = {}
    for jobs in (1, 2):
        began = time.perf_counter()
        unit_sheets(settings, period, codes, None, jobs)
        took[f"program, {jobs} process{'es' * (jobs > 1)}"] = time.perf_counter() - began
    summaries = summaries_of_units(settings, period, None, codes)
    work = folder / f"sheets-{most}"
    for code in codes:
        place = work / code
        place.mkdir(parents=True)
        with open_run(settings) as run:
            html, _ = sheet_html(run, summaries[code])
        sheet = build_unit_sheet(summaries[code], reference, FigureBook(summaries[code]), settings.fonts)
        (place / "chromium.html").write_text(_for_chromium(html, settings.fonts), encoding="utf-8")
        (place / "content.json").write_text(json.dumps(_parts_of_sheet(sheet)), encoding="utf-8")
        (place / "page.typ").write_text(_TYPST, encoding="utf-8")
    took["typst, 1 process"] = _timed(lambda: [_typst(work / code, settings.fonts) for code in codes])
    if shutil.which("chromium"):
        took["chromium, one start a sheet"] = _timed(lambda: [_chromium(work / code) for code in codes])
    first = next(iter(took.values()))
    for name, seconds in took.items():
        print(f"{name:<28}{seconds:>6.1f}{seconds / first:>7.2f}", flush=True)
    return first


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _run(command: Sequence[str]) -> tuple[float, float, int]:
    """Seconds, MiB of the largest process, pages."""
    began = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROGRAM)
    assert child.stdout is not None, "it was asked for"
    output = child.stdout.read().split()
    if child.wait():
        raise SystemExit(f"{' '.join(command)} failed")
    return time.perf_counter() - began, float(output[-1]), int(output[-2])


def _one(engine: str, work: Path) -> None:
    """One engine in a process of its own; prints how many pages came out, and the MiB of the largest process."""
    warnings.simplefilter("ignore")
    fonts = Settings(_env_file=None).fonts  # type: ignore[call-arg]
    if engine == "program":
        pdf = render_pdf(Page((work / "page.html").read_text(encoding="utf-8"), fonts))
    elif engine == "typst":
        pdf = _typst(work, fonts)
    else:
        pdf = _chromium(work)
    import pypdfium2

    # What getrusage says of a process begins with the memory of the one that started it.
    [own] = re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    browser = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if engine == "chromium" else 0
    print(len(pypdfium2.PdfDocument(pdf)), max(int(own), browser) / 1024)


def _typst(work: Path, fonts: Path) -> bytes:
    import typst

    made: bytes = typst.compile(str(work / "page.typ"), font_paths=[str(fonts)])
    return made


def _chromium(work: Path) -> bytes:
    with tempfile.TemporaryDirectory() as profile:
        out = work / "chromium.pdf"
        subprocess.run(
            [*_CHROMIUM, f"--user-data-dir={profile}", f"--print-to-pdf={out}", (work / "chromium.html").as_uri()],
            check=True, capture_output=True,
        )  # fmt: skip
        return out.read_bytes()


def _for_chromium(html: str, fonts: Path) -> str:
    """The page with its style sheets inside: a browser does not know where ours keep their faces."""

    def inline(link: re.Match[str]) -> str:
        style = (TEMPLATES / link[1]).read_text(encoding="utf-8")
        return f"<style>{style.replace('font:///', f'{fonts.as_uri()}/')}</style>"

    # What runs in our margins lies on a browser's page, and makes it shrink everything else.
    body = re.sub(r'<p class="(?:watermark[^"]*|footer)">.*?</p>', "", html)
    return re.sub(r'<link rel="stylesheet" href="asset:///([^"]+)">', inline, body)


def _parts_of_report(document: Document) -> list[dict[str, object]]:
    parts = [_paragraph(document.subject), *map(_paragraph, document.opening)]
    parts += [_paragraph(Markup("{} {}").format(lead, words)) for lead, words in document.headline.sentences]
    parts += _table(document.headline.table, _BODY_PT)
    parts += [_paragraph(Markup("{}, {}").format(each.words, each.gone_words)) for each in document.headline.progress]
    for section in (*document.sections, document.ending):
        parts.append(_heading(section.heading))
        for part in section.parts:
            parts += [_heading(part.heading)] if part.heading else []
            parts += [_paragraph(text) for text in part.paragraphs]
            parts += _table(part.table, _BODY_PT) if part.table else []
            parts += [_chart(chart) for chart in part.charts]
    parts += [_paragraph(document.farewell), {"kind": "annexes"}]
    for annex in document.annexes:
        parts.append(_heading(f"{annex.number} {annex.title}"))
        for table in annex.tables:
            parts += _table(table, _ANNEX_PT)
    return parts


def _parts_of_sheet(sheet: UnitSheet) -> list[dict[str, object]]:
    parts = [_heading(sheet.document_title), *map(_paragraph, sheet.paragraphs)]
    parts += [_paragraph(f"{card.value} {card.name} {card.change}") for card in sheet.cards]
    parts += _table(sheet.activities, _BODY_PT) if sheet.activities else []
    parts += [_chart(sheet.chart)] if sheet.chart else []
    parts += _table(sheet.villages, _BODY_PT) if sheet.villages else []
    return [*parts, _paragraph(sheet.closing)]


def _heading(text: Markup | str) -> dict[str, object]:
    return {"kind": "heading", "text": _plain(text)}


def _paragraph(text: Markup | str) -> dict[str, object]:
    return {"kind": "paragraph", "text": _plain(text)}


def _chart(chart: Chart) -> dict[str, object]:
    return {"kind": "chart", "svg": str(chart.svg), "text": _plain(chart.caption)}


def _table(table: TableContent, size_pt: float) -> list[dict[str, object]]:
    """The table, and the note under it."""
    made: dict[str, object] = {
        "kind": "table",
        "size": size_pt,
        "text": _plain(table.caption),
        "widths": [float(column.width.rstrip("%")) for column in table.columns],
        "head": [_plain(column.name) for column in table.columns],
        "cells": [_plain(cell.text) for row in table.rows for cell in row.cells],
    }
    return [made, _paragraph(table.note)] if table.note else [made]


def _plain(text: Markup | str) -> str:
    return Markup(text).striptags()


if __name__ == "__main__":
    if len(sys.argv) == 3:
        _one(sys.argv[1], Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) == 2 else None)
