"""A report as printed: made, checked, released, signed, voided."""
