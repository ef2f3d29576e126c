"""The gates: what must hold of a workbook. Only `gate` and `engine` know Great Expectations and pandas."""
