"""Every byte in: the inbox, the workbook reader, the reference tables. Gives raw cells, coerces nothing."""
