"""All rules in the order of the gates, by the frame they judge."""

from collections.abc import Mapping

from domain.findings import Rule
from expectations.activities import ACTIVITIES
from expectations.control_totals import CONTROL_TOTALS
from expectations.households import HOUSEHOLDS, ROSTER
from expectations.politics_security import POLITICS_SECURITY
from expectations.statement import STATEMENT
from expectations.structure import CELLS, COLUMNS, PLACES, SHEETS, WRITTEN_TOTALS

RULES: Mapping[str, tuple[Rule, ...]] = {
    "sheets": SHEETS,
    "columns": COLUMNS,
    "places": PLACES,
    "cells": CELLS,
    "written_totals": WRITTEN_TOTALS,
    "statement": STATEMENT,
    "activities": ACTIVITIES,
    "households": HOUSEHOLDS,
    "roster": ROSTER,
    "politics_security": POLITICS_SECURITY,
    "control_totals": CONTROL_TOTALS,
}
