"""What a single unit is given: its sheet, its answer, its marked workbook, its questions."""
