"""The words of the house: what a period, a unit, a submission, a finding, a figure is. No I/O here."""
