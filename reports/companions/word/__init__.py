"""The pieces of the Word copy."""
