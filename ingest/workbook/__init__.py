"""From the bytes of a workbook to raw cells with their places."""
