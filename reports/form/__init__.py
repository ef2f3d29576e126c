"""The fill-in workbook and its self-check."""
