"""The rows of `directives.csv`, `programmes.csv`, `poverty_standards.csv`, `targets.csv` and `published_facts.csv`."""

from domain.catalogue import INDICATOR_BY_CODE
from domain.plans import Directive, PovertyStandard, Programme, Target, TargetKind, TargetScope
from domain.published_facts import PublishedFact
from ingest.tables.cells import Cells
from ingest.tables.csv_table import Layout


def _directive(row: Cells) -> Directive:
    return Directive(row.day("valid_from"), row.text("short_name"), row.text("subject"), row.text("issuer"))


def _programme(row: Cells) -> Programme:
    return Programme(row.text("name"), row.day("valid_from"), row.maybe_day("valid_to"))


def _poverty_standard(row: Cells) -> PovertyStandard:
    return PovertyStandard(row.text("standard_id"), row.day("valid_from"), row.text("name"))


def _target(row: Cells) -> Target:
    return Target(
        year=row.whole("year"),
        indicator=row.read("indicator", _indicator, "chỉ tiêu của danh mục", "mã như “ketnghia dictionary” in ra"),
        kind=row.member("kind", TargetKind),
        value=row.decimal("value"),
        scope=row.member("scope", TargetScope) if row.text("scope") else TargetScope.VILLAGES,
        plan_owner=row.text("plan_owner"),
        source=row.text("source"),
    )


def _indicator(code: str) -> str:
    if code not in INDICATOR_BY_CODE:
        raise ValueError(f"no indicator {code}")
    return code


def _published_fact(row: Cells) -> PublishedFact:
    return PublishedFact(
        fact_id=row.text("fact_id"),
        indicator=row.text("indicator"),
        name=row.text("name"),
        scope_code=row.text("scope_code"),
        scope_name=row.text("scope_name"),
        about=row.text("about"),
        value=row.decimal("value"),
        unit_of_measure=row.text("unit_of_measure"),
        qualifier=row.text("qualifier"),
        basis=row.text("basis"),
        quoted_text=row.text("quoted_text"),
        print_from=row.maybe_period("print_from"),
        print_to=row.maybe_period("print_to"),
        source=row.text("source"),
    )


DIRECTIVES = Layout("directives.csv", ("valid_from", "short_name", "subject"), _directive)
PROGRAMMES = Layout("programmes.csv", ("name", "valid_from", "valid_to"), _programme)
POVERTY_STANDARDS = Layout("poverty_standards.csv", ("standard_id", "valid_from", "name"), _poverty_standard)
TARGETS = Layout("targets.csv", ("year", "indicator", "kind", "value", "plan_owner", "source"), _target)
PUBLISHED_FACTS = Layout(
    "published_facts.csv",
    (
        "fact_id", "indicator", "name", "scope_code", "scope_name", "about", "value", "unit_of_measure", "qualifier",
        "basis", "quoted_text", "print_from", "print_to", "source",
    ),
    _published_fact,
)  # fmt: skip
