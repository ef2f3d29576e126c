"""What lies beside an edition: data, workings, the Word copy, the workbook of tables."""
