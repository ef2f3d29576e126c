"""The gates: what must hold of a workbook. Only `gate` knows Great Expectations and pandas."""
