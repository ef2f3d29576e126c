"""The report of a period: its sections, tables and annexes."""
