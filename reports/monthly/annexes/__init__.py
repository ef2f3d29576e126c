"""The appendices of the monthly report: their tables, and their order."""
